//! `publish`: writes KV anew from the objects.

use super::{
    client::{Client, accounts, developer_accounts},
    progress::Progress,
};
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
    let mut objects = accounts(&mut client)?;
    objects.extend(developer_accounts(&mut client)?);
    let (mut progress, mut records) = (Progress::new("publish"), 0);
    for object in &objects {
        records += client.ask::<Published>(object, StorageCall::Publish)?.records;
        progress.step(objects.len());
    }
    client.close()?;
    println!("{records} records of {} accounts and developer accounts are written again.", objects.len());
    Ok(())
}
