//! `gatehouse`: the operator's program.

use anyhow::Result;
use clap::{Parser, Subcommand};
use gatehouse::{audit, check, demo, keys, program::Program, serve, storage};
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "gatehouse",
    version,
    arg_required_else_help = true,
    about = "Serves Gatehouse on this machine, and keeps the keys and the audit log of a deployment here or elsewhere."
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Serve portal, API and gate on this machine, with data kept on disk
    Serve(serve::Options),
    /// Check api.toml and the settings, and say what would be served
    Check(check::Options),
    /// Make a master key; `keys rotate` and `keys retire` change it for another one
    Keys(keys::Options),
    /// Make a demonstration account with Apps and credentials on a running deployment, ready for curl
    Demo(demo::Options),
    /// Copy all that a deployment keeps into one encrypted file
    Backup(storage::backup::Options),
    /// Fill an empty deployment from a backup, and publish everything
    Restore(storage::restore::Options),
    /// Write KV anew from the objects
    Publish(storage::publish::Options),
    /// Compare KV with the objects, and tell what differs
    Verify(storage::verify::Options),
    /// Export the audit log of a deployment, and check exported files
    Audit(audit::Options),
}

fn main() -> ExitCode {
    match run(&Cli::parse().verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: &Verb) -> Result<()> {
    let program = Program::gatehouse();
    match verb {
        Verb::Serve(options) => serve::run(&program, options),
        Verb::Check(options) => check::run(options),
        Verb::Keys(options) => keys::run(&program, options),
        Verb::Demo(options) => demo::run(&program, options),
        Verb::Backup(options) => storage::backup::run(&program, options),
        Verb::Restore(options) => storage::restore::run(&program, options),
        Verb::Publish(options) => storage::publish::run(&program, options),
        Verb::Verify(options) => storage::verify::run(&program, options),
        Verb::Audit(options) => audit::run(&program, options),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn commands_do_not_contradict_themselves() {
        Cli::command().debug_assert();
    }
}
