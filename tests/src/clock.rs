//! The time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time since 1970.
#[expect(clippy::disallowed_methods, reason = "the one place where the tests look at the clock")]
pub fn unix_time() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock that is right")
}
