use crate::ports::RateLimit;
use gatehouse_shared::model::UnixSeconds;
use std::collections::HashMap;

/// How many keys are counted at once: some 2 MB.
const MOST_KEYS: usize = 20_000;

/// Counts tries by itself, for an isolate whose platform has no limiter or
/// whose limiter fails: a limit that nobody counts would be none.
#[derive(Default)]
pub struct Tries {
    minute: u64,
    counts: HashMap<(RateLimit, String), u32>,
}

impl Tries {
    /// Counts one try for `key` and tells whether it may go on.
    pub fn admit(&mut self, limit: RateLimit, key: &str, now: UnixSeconds) -> bool {
        let minute = now.0 / 60;
        if minute != self.minute || self.counts.len() >= MOST_KEYS {
            self.minute = minute;
            self.counts.clear();
        }
        let count = self.counts.entry((limit, key.to_owned())).or_default();
        *count = count.saturating_add(1);
        *count <= limit.a_minute()
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
}
