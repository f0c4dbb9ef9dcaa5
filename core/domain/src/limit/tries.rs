//! Counts tries within one isolate.

use crate::bounded::BoundedMap;
use crate::ports::RateLimit;
use gatehouse_shared::model::UnixSeconds;

/// How many bytes of keys are counted at once: some 20,000 keys.
const MOST_BYTES: usize = 4 << 20;

/// Counts tries by itself, for an isolate whose platform has no limiter or
/// whose limiter fails: a limit that nobody counts would be none.
pub struct Tries {
    minute: u64,
    /// Those that were tried last stay: a flood of other keys frees none that is being guessed at.
    counts: BoundedMap<(RateLimit, String), u32>,
}

impl Default for Tries {
    fn default() -> Self {
        Self { minute: 0, counts: BoundedMap::new(MOST_BYTES) }
    }
}

impl Tries {
    /// Counts one try for `key` and tells whether it may go on.
    pub fn admit(&mut self, limit: RateLimit, key: &str, now: UnixSeconds) -> bool {
        let minute = now.0 / 60;
        if minute != self.minute {
            *self = Self { minute, ..Self::default() };
        }
        let key = (limit, key.to_owned());
        let count = self.counts.get(&key).map_or(1, |count| count.saturating_add(1));
        let weight = key.1.len();
        self.counts.put(key, count, weight);
        count <= limit.a_minute()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_tries_in_each_minute() {
        let mut tries = Tries::default();
        let mut admitted = |key, now| {
            let all = (0..30).filter(|_| tries.admit(RateLimit::SignIn, key, UnixSeconds(now)));
            all.count()
        };
        assert_eq!(admitted("a", 60), 10);
        assert_eq!(admitted("b", 61), 10);
        assert_eq!(admitted("a", 119), 0);
        assert_eq!(admitted("a", 120), 10);
    }

    #[test]
    fn a_flood_of_other_keys_frees_none_that_is_guessed_at() {
        let mut tries = Tries::default();
        let mut admitted = 0;
        for flood in 0..200_000 {
            tries.admit(RateLimit::SignIn, &format!("address {flood}"), UnixSeconds(60));
            if flood % 1_000 == 0 {
                admitted += u32::from(tries.admit(RateLimit::SignIn, "name alice", UnixSeconds(60)));
            }
        }
        assert_eq!(admitted, 10);
    }
}
