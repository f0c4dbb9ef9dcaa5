//! The client libraries of others, run as the programs in `tests/clients`.

use crate::deployment::variable;
use std::{path::PathBuf, process::Command};

/// A Python program of `tests/clients`.
pub fn python(script: &str) -> Command {
    program("GATEHOUSE_PYTHON", script)
}

/// A Node program of `tests/clients`.
pub fn node(script: &str) -> Command {
    program("GATEHOUSE_NODE", script)
}

fn program(interpreter: &str, script: &str) -> Command {
    let mut command = Command::new(variable(interpreter));
    command.arg(PathBuf::from(variable("GATEHOUSE_CLIENTS")).join(script));
    command
}

/// Runs a program to its end; gives what it printed.
#[track_caller]
pub fn run(command: &mut Command) -> String {
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => panic!("{command:?}: {error}"),
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
