//! A test of a part of the platform, whose result is kept for a while.

use gatehouse_shared::model::UnixMillis;
use std::cell::Cell;

/// For how long a test that failed is not tried again, in milliseconds.
const FAILED_MILLIS: u64 = 5_000;

/// The latest test of one part.
pub struct Probe {
    /// For how long a test that passed is not repeated, in milliseconds.
    kept_millis: u64,
    /// For how long a test may run, in milliseconds.
    longest_millis: u64,
    /// When the latest one ended, and whether it passed.
    ended: Cell<Option<(UnixMillis, bool)>>,
    /// Since when one is running. As a time, not a flag: the runtime may end it at any moment.
    begun_at: Cell<Option<UnixMillis>>,
}

/// What is to be done to know how a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeStep {
    /// Nothing: whether the latest test passed.
    Known(bool),
    /// Another request tests it: wait for the end of that.
    Wait,
    Test,
}

impl Probe {
    pub fn new(kept_millis: u64, longest_millis: u64) -> Self {
        Self { kept_millis, longest_millis, ended: Cell::default(), begun_at: Cell::default() }
    }

    /// What to do now. Whoever is told to test has begun with that. What comes from later than now was before the clock was
    /// set back, and says nothing.
    pub fn next(&self, now: UnixMillis) -> ProbeStep {
        if let Some((ended_at, has_passed)) = self.ended.get() {
            let kept = if has_passed { self.kept_millis } else { FAILED_MILLIS };
            if (ended_at.0..ended_at.0.saturating_add(kept)).contains(&now.0) {
                return ProbeStep::Known(has_passed);
            }
        }
        let is_running = |begun: UnixMillis| (begun.0..begun.0.saturating_add(self.longest_millis)).contains(&now.0);
        if self.begun_at.get().is_some_and(is_running) {
            return ProbeStep::Wait;
        }
        self.begun_at.set(Some(now));
        ProbeStep::Test
    }

    /// Notes how a test ended.
    pub fn end(&self, has_passed: bool, now: UnixMillis) {
        self.begun_at.set(None);
        self.ended.set(Some((now, has_passed)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_kept_and_one_request_at_a_time_tests() {
        let probe = Probe::new(60_000, 8_000);
        let next = |at| probe.next(UnixMillis(at));
        assert_eq!((next(0), next(7_999)), (ProbeStep::Test, ProbeStep::Wait));
        probe.end(true, UnixMillis(100));
        assert_eq!((next(60_099), next(60_100)), (ProbeStep::Known(true), ProbeStep::Test));
        probe.end(false, UnixMillis(61_000));
        assert_eq!((next(65_999), next(66_000)), (ProbeStep::Known(false), ProbeStep::Test));
        // Whoever began it is gone.
        assert_eq!((next(73_999), next(74_000)), (ProbeStep::Wait, ProbeStep::Test));
        // The clock is set back, while a test runs and after one.
        assert_eq!(next(1_000), ProbeStep::Test);
        probe.end(true, UnixMillis(2_000));
        assert_eq!((next(2_000), next(1_999)), (ProbeStep::Known(true), ProbeStep::Test));
    }
}
