//! `audit verify`: whether exported files are one whole chain.

use super::chain::{Link, check};
use crate::files::read_lines;
use anyhow::{Result, anyhow, bail};
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub struct Options {
    /// NDJSON exports, the oldest first
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The hash of the last entry, from a copy kept elsewhere or from the portal
    #[arg(long)]
    last_hash: Option<String>,
}

pub fn run(options: &Options) -> Result<()> {
    let (mut last, mut first, mut erased): (Option<Link>, Option<u64>, u64) = (None, None, 0);
    for file in &options.files {
        read_lines(file, |number, line| {
            let link = check(line, last.as_ref())
                .map_err(|what| anyhow!("{}, line {number}: the entry {what}", file.display()))?;
            first.get_or_insert(link.seq);
            erased += u64::from(link.is_erased);
            last = Some(link);
            Ok(())
        })?;
    }
    let (Some(first), Some(last)) = (first, last) else { bail!("there is no entry in these files") };
    if let Some(expected) = &options.last_hash
        && *expected != last.hash
    {
        bail!(
            "the last entry, {}, has the hash {}, and not {expected}: entries at the end are missing",
            last.seq,
            last.hash
        );
    }
    println!(
        "{} entries, {first} to {}, the last of {}: whole. {erased} have no personal data any more.\nThe last hash: {}",
        last.seq - first + 1,
        last.seq,
        last.month,
        last.hash
    );
    if first > 1 {
        println!("The {} entries before are not in these files.", first - 1);
    }
    Ok(())
}
