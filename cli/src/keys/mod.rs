//! `keys`: the master keys that every credential's secret rests on.

mod retire;
mod rotate;

use crate::{program::Program, secret::new_master_key};
use anyhow::{Result, bail};
use clap::{Args, Subcommand};

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// The new key's id, one letter or digit that no other key of the deployment has
    #[arg(long, default_value = "1")]
    id: char,
}

#[derive(Subcommand)]
enum Verb {
    /// Make every credential of a deployment rest on the first of its master keys; the credentials stay the same
    Rotate(rotate::Options),
    /// Turn a whole key, read from standard input, into the entry to keep once nothing rests on it
    Retire,
}

pub fn run(program: &Program, options: &Options) -> Result<()> {
    match &options.verb {
        None => make(options.id),
        Some(Verb::Rotate(options)) => rotate::run(program, options),
        Some(Verb::Retire) => retire::run(),
    }
}

/// Makes a key. The key alone goes to standard output, to be piped where it belongs.
fn make(id: char) -> Result<()> {
    if !id.is_ascii_alphanumeric() {
        bail!("--id is one letter or digit");
    }
    let key = new_master_key(id)?;
    eprintln!(
        "A new master key. Nobody can make it again: keep a copy where the deployment's other secrets are kept.\n\
         For a new deployment, pipe it to `npx wrangler secret put MASTER_KEYS`.\n\
         For one that has a key, put it in front, a comma between: MASTER_KEYS=<this>,<the old one>. New credentials\n\
         rest on it from then on. docs/operating.md tells how to move the others and retire the old key.\n"
    );
    println!("{key}");
    Ok(())
}
