//! The program that a person has called: `gatehouse`, or `cargo xtask`, which has the same commands.

use anyhow::Result;
use std::path::{Path, PathBuf, absolute};

pub struct Program {
    /// How a person calls it.
    pub name: &'static str,
    /// The data folder where none is given.
    pub data: PathBuf,
}

impl Program {
    /// `gatehouse`, in the current folder.
    pub fn gatehouse() -> Self {
        Self { name: "gatehouse", data: "data".into() }
    }

    /// The data folder that was given, seen from where the command was typed, or the usual one.
    pub fn data(&self, given: Option<&Path>) -> Result<PathBuf> {
        Ok(absolute(given.unwrap_or(&self.data))?)
    }
}
