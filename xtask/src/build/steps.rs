//! Says which step of a build is done, and of how many.

use anyhow::Result;
use gatehouse::process::timed;
use std::sync::atomic::{AtomicUsize, Ordering};

pub struct Steps {
    begun: AtomicUsize,
    all: usize,
}

impl Steps {
    /// Counts up to the steps of a first build; a later one skips what is made already.
    pub fn up_to(all: usize) -> Self {
        Self { begun: AtomicUsize::new(0), all }
    }

    pub fn run<T>(&self, what: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        let number = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        timed(&format!("[{number}/{}] {what}", self.all), step)
    }
}
