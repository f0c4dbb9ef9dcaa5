//! `publish`: writes KV anew from the objects.

use super::client::{Client, ask_publishers};
use crate::{operator::OperatorOptions, program::Program};
use anyhow::Result;
use clap::Args;
use gatehouse_shared::api::{Published, StorageCall, StoragePurpose};

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    operator: OperatorOptions,
}

pub fn run(program: &Program, options: &Options) -> Result<()> {
    let mut client = Client::open(program, &options.operator, StoragePurpose::Publish)?;
    let mut records = 0;
    let add = |published: Published| records += published.records;
    let objects = ask_publishers(&mut client, "publish", &StorageCall::Publish, add)?;
    client.close()?;
    println!("{records} records of {objects} accounts and developer accounts are written again.");
    Ok(())
}
