//! Says which step of a build is done, and of how many.

use super::Mode;
use anyhow::Result;
use gatehouse::process::timed;
use std::sync::atomic::{AtomicUsize, Ordering};

pub struct Steps {
    begun: AtomicUsize,
    all: usize,
}

impl Steps {
    /// The steps of portal and Worker from nothing; what is made already is left out. `cargo` counts crates besides.
    pub fn of(mode: Mode) -> Self {
        Self { begun: AtomicUsize::new(0), all: if mode == Mode::Release { 8 } else { 5 } }
    }

    pub fn run<T>(&self, what: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        let number = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        timed(&format!("[{number}/{}] {what}", self.all), step)
    }
}
