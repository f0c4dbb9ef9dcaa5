//! Waiting until something is so, with a deadline.

use std::{
    thread,
    time::{Duration, Instant},
};

/// How long a test waits for what must come: long, since a busy machine is no bug.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// Asks again and again until there is an answer; the last complaint once the time is over.
#[expect(clippy::disallowed_methods, reason = "the one place where tests wait")]
pub fn poll<T>(patience: Duration, mut ask: impl FnMut() -> Result<T, String>) -> Result<T, String> {
    let deadline = Instant::now() + patience;
    loop {
        match ask() {
            Ok(answer) => return Ok(answer),
            Err(complaint) if Instant::now() > deadline => return Err(complaint),
            Err(_) => thread::sleep(Duration::from_millis(40)),
        }
    }
}

/// As [`poll`], where no answer fails the test.
#[track_caller]
pub fn eventually<T>(what: &str, ask: impl FnMut() -> Result<T, String>) -> T {
    match poll(PATIENCE, ask) {
        Ok(answer) => answer,
        Err(complaint) => panic!("{what}: {complaint}"),
    }
}
