//! Draws names for requests.

use gatehouse_domain::ports::{Entropy, random};
use gatehouse_shared::credential::encode_u64;

/// How many ids are drawn at once: asking the runtime for randomness costs
/// more than the rest of an id.
const DRAWN: usize = 64;
/// Random bytes of one id.
const BYTES: usize = 12;

/// Characters of one id, each a letter or a digit.
const LENGTH: usize = 16;

/// Names for requests, drawn ahead. The first are drawn when one is needed,
/// since an isolate may not draw randomness while it starts.
#[derive(Default)]
pub struct RequestIds {
    drawn: Vec<[u8; BYTES]>,
}

impl RequestIds {
    pub fn next(&mut self, entropy: &impl Entropy) -> String {
        let bytes = self.drawn.pop().unwrap_or_else(|| {
            let drawn: [u8; BYTES * DRAWN] = random(entropy);
            self.drawn.extend(drawn.as_chunks().0);
            // There is one: they were just drawn.
            self.drawn.pop().unwrap_or_default()
        });
        let (high, low) = bytes.split_at(8);
        let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        let mut id = String::with_capacity(LENGTH);
        id.push_str(&encode_u64(number(high), 11));
        // Five digits have no room for all of 32 bits: what is over is left out.
        id.push_str(&encode_u64(number(low) % 62_u64.pow(5), 5));
        id
    }

    /// Whether a text could be an id.
    pub fn has_form_of_one(text: &str) -> bool {
        text.len() == LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }
}

#[cfg(test)]
mod tests {
    use super::RequestIds;
    use gatehouse_domain::ports::SeededEntropy;
    use std::collections::BTreeSet;

    #[test]
    fn a_request_id_tells_nothing_of_the_one_before_it() {
        let entropy = SeededEntropy::new(1);
        let mut ids = RequestIds::default();
        let given: Vec<String> = (0..1_000).map(|_| ids.next(&entropy)).collect();
        assert!(given.iter().all(|id| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())));
        assert!(given.iter().all(|id| RequestIds::has_form_of_one(id)));
        assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), given.len());
        // Neither half is shared or counts up.
        for part in [0..11, 11..16] {
            let parts: BTreeSet<&str> = given.iter().filter_map(|id| id.get(part.clone())).collect();
            assert_eq!(parts.len(), given.len(), "{part:?}");
        }
        let sorted = given.is_sorted();
        assert!(!sorted);
    }
}
