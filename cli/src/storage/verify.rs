//! `verify`: whether KV has what the objects say.

use super::client::{Client, ask_publishers};
use crate::{operator::OperatorOptions, program::Program};
use anyhow::{Result, bail};
use clap::Args;
use gatehouse_shared::api::{Difference, DifferenceKind, StorageCall, StoragePurpose, Verified};

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    operator: OperatorOptions,
}

pub fn run(program: &Program, options: &Options) -> Result<()> {
    let mut client = Client::open(program, &options.operator, StoragePurpose::Verify)?;
    let mut all = Verified::default();
    let objects = ask_publishers(&mut client, "verify", &StorageCall::Verify, |verified: Verified| {
        for Difference { key, what } in &verified.differences {
            println!("{key}: {}", describe(*what));
        }
        all.records += verified.records;
        all.waiting += verified.waiting;
        all.differences.extend(verified.differences);
    })?;
    client.close()?;
    println!(
        "{} records of {objects} accounts and developer accounts: {} differ in KV, {} are on their way.",
        all.records,
        all.differences.len(),
        all.waiting
    );
    if !all.differences.is_empty() {
        bail!(
            "KV may lag behind by two minutes: run this again, and then `{} publish`, which writes KV anew",
            program.name
        );
    }
    Ok(())
}

fn describe(what: DifferenceKind) -> &'static str {
    match what {
        DifferenceKind::Missing => "KV has no such record, or tells that it is gone",
        DifferenceKind::Newer => "KV has a later version than the object that writes it",
        DifferenceKind::Different => "KV has another content",
        DifferenceKind::Unreadable => "KV has something that is no record",
    }
}
