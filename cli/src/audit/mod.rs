//! `audit`: the audit log, kept elsewhere and checked.

mod chain;
mod export;
mod verify;

use crate::program::Program;
use anyhow::Result;
use clap::{Args, Subcommand};

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Write the months of a deployment's audit log into files, one NDJSON file each
    Export(export::Options),
    /// Check exported files: every hash, and that no entry was changed, removed, added or moved
    Verify(verify::Options),
}

pub fn run(program: &Program, options: &Options) -> Result<()> {
    match &options.verb {
        Verb::Export(options) => export::run(program, options),
        Verb::Verify(options) => verify::run(options),
    }
}
