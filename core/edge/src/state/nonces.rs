use gatehouse_domain::gate::NonceDigest;
use gatehouse_shared::model::UnixSeconds;
use std::collections::{BTreeMap, HashSet};

/// How many nonces an isolate keeps: some 16 MB. For signed reads at a thousand
/// a second, each kept for six minutes.
const MOST_NONCES: usize = 400_000;
/// What is kept together and forgotten together, in seconds.
const SHELF_SECONDS: u64 = 60;

/// What became of a nonce in an isolate's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalNonceOutcome {
    /// It was new, and is kept from now on.
    First,
    Again,
    /// It is not here, and there is no room for it.
    Full,
}

/// The nonces that this isolate alone keeps. None is ever dropped before its
/// time to make room: where there is none left, the App's object takes over.
#[derive(Default)]
pub struct NonceMemory {
    /// By the end of their time. A digest covers its timestamp, from which that
    /// end follows, so the same one is always looked for in the same place.
    shelves: BTreeMap<u64, HashSet<NonceDigest>>,
    count: usize,
    /// Until then the App's object may know what there was no room for here.
    full_until: UnixSeconds,
}

impl NonceMemory {
    /// Uses a nonce up, until its timestamp alone has the request refused.
    pub fn spend(&mut self, digest: NonceDigest, keep_until: UnixSeconds, now: UnixSeconds) -> LocalNonceOutcome {
        self.forget_before(now);
        let shelf = keep_until.0 / SHELF_SECONDS;
        if self.shelves.get(&shelf).is_some_and(|kept| kept.contains(&digest)) {
            return LocalNonceOutcome::Again;
        }
        if self.count >= MOST_NONCES {
            self.full_until = self.full_until.max(keep_until);
        }
        if now <= self.full_until {
            return LocalNonceOutcome::Full;
        }
        self.shelves.entry(shelf).or_default().insert(digest);
        self.count += 1;
        LocalNonceOutcome::First
    }

    /// Looks for a nonce and leaves all as it is.
    pub fn find(&self, digest: &NonceDigest, keep_until: UnixSeconds, now: UnixSeconds) -> LocalNonceOutcome {
        let shelf = self.shelves.get(&(keep_until.0 / SHELF_SECONDS));
        match shelf.is_some_and(|kept| kept.contains(digest)) {
            true => LocalNonceOutcome::Again,
            false if now <= self.full_until => LocalNonceOutcome::Full,
            false => LocalNonceOutcome::First,
        }
    }

    fn forget_before(&mut self, now: UnixSeconds) {
        while let Some(oldest) = self.shelves.first_entry()
            && *oldest.key() < now.0 / SHELF_SECONDS
        {
            self.count -= oldest.remove().len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

    fn digest(number: usize) -> NonceDigest {
        (number as u128).to_be_bytes()
    }

    #[test]
    fn a_nonce_is_new_once_until_its_time_is_over() {
        let mut memory = NonceMemory::default();
        let until = NOW.plus(360);
        assert_eq!(memory.spend(digest(1), until, NOW), LocalNonceOutcome::First);
        assert_eq!(memory.spend(digest(2), until, NOW), LocalNonceOutcome::First);
        for later in [0, 60, 359, 360] {
            assert_eq!(memory.spend(digest(1), until, NOW.plus(later)), LocalNonceOutcome::Again, "{later}");
        }
        assert_eq!(memory.spend(digest(3), NOW.plus(900), NOW.plus(420)), LocalNonceOutcome::First);
        assert_eq!(memory.count, 1, "what is over takes no room");
    }

    #[test]
    fn a_full_memory_keeps_what_it_has_and_takes_no_more() {
        let mut memory = NonceMemory::default();
        for number in 0..MOST_NONCES {
            memory.spend(digest(number), NOW.plus(number as u64 % 300), NOW);
        }
        assert_eq!(memory.spend(digest(MOST_NONCES), NOW, NOW), LocalNonceOutcome::Full);
        assert_eq!(memory.spend(digest(0), NOW, NOW), LocalNonceOutcome::Again);
        assert_eq!(memory.spend(digest(MOST_NONCES), NOW.plus(900), NOW.plus(600)), LocalNonceOutcome::First);
    }
}
