//! How fast people may change what an object keeps.

use super::Ledger;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_shared::model::UnixMillis;

/// How many changes may come at once, and how many seconds each takes to come back.
const BURST: u64 = 60;
const MILLIS_EACH: u64 = 1_000;

/// A bucket of changes that fills by itself. It lives in the object's memory:
/// an object that is busy is not evicted, and one that rests would be full.
#[derive(Default)]
pub(super) struct Writes {
    /// When the bucket would be full again.
    full_at: UnixMillis,
}

impl Writes {
    /// Takes one, or tells in how many seconds there is one.
    fn take(&mut self, now: UnixMillis) -> Result<(), u64> {
        // A clock that was set back leaves nobody waiting for the old time.
        self.full_at.0 = self.full_at.0.clamp(now.0, now.0 + BURST * MILLIS_EACH);
        let full_at = self.full_at.0 + MILLIS_EACH;
        let over = (full_at - now.0).saturating_sub(BURST * MILLIS_EACH);
        if over > 0 {
            return Err(over.div_ceil(1_000));
        }
        self.full_at = UnixMillis(full_at);
        Ok(())
    }
}

impl<R: ObjectPorts> Ledger<R> {
    /// Counts a change that people make.
    pub(super) fn admit_write(&self) -> Result<(), PortalError> {
        let taken = self.writes.borrow_mut().take(self.runtime.now());
        taken.map_err(|wait_seconds| PortalError::TooManyTries { wait_seconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_a_second() {
        let mut writes = Writes::default();
        let at = |millis: u64| UnixMillis(1_800_000_000_000 + millis);
        assert_eq!((0..100).filter(|_| writes.take(at(0)).is_ok()).count(), 60);
        assert_eq!(writes.take(at(0)), Err(1));
        assert_eq!(writes.take(at(999)), Err(1));
        assert_eq!(writes.take(at(1_000)), Ok(()));
        let mut set_back = Writes { full_at: at(3_600_000) };
        assert_eq!(set_back.take(at(0)), Err(1));
        assert_eq!(set_back.take(at(1_000)), Ok(()));
        assert_eq!(writes.take(at(1_000)), Err(1));
        assert_eq!((0..100).filter(|_| writes.take(at(31_000)).is_ok()).count(), 30);
        assert_eq!((0..100).filter(|_| writes.take(at(600_000)).is_ok()).count(), 60);
    }
}
