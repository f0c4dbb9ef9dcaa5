//! Draws reproducible bytes for tests.

use super::Entropy;
use std::cell::RefCell;

/// Reproducible bytes from a seed.
pub struct SeededEntropy(RefCell<fastrand::Rng>);

impl SeededEntropy {
    pub fn new(seed: u64) -> Self {
        Self(RefCell::new(fastrand::Rng::with_seed(seed)))
    }

    /// A number below `end`.
    pub fn below(&self, end: u64) -> u64 {
        self.0.borrow_mut().u64(..end)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.borrow_mut().fill(bytes);
    }
}
