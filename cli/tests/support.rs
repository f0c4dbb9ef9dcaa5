//! Runs the program.

use std::process::{Command, Output};

pub fn gatehouse(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gatehouse")).args(arguments).output().expect("the program")
}

/// Everything that a run printed.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
