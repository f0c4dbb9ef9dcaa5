//! Tells now and then how far a long command is.

use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_secs(2);

pub struct Progress {
    what: &'static str,
    done: usize,
    told_at: Instant,
}

impl Progress {
    pub fn new(what: &'static str) -> Self {
        Self { what, done: 0, told_at: Instant::now() }
    }

    /// One more is done, of so many that are known by now.
    pub fn step(&mut self, of: usize) {
        self.done += 1;
        if self.told_at.elapsed() >= EVERY || self.done == of {
            eprintln!("{}: {} of {of} objects", self.what, self.done);
            self.told_at = Instant::now();
        }
    }
}
