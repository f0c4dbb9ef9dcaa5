//! `audit export`: writes the months of a deployment's audit log into files.

use crate::{operator::OperatorOptions, portal::text, program::Program};
use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;
use std::{fs, path::PathBuf};

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    operator: OperatorOptions,
    /// The first month, such as 2026-11 [default: the oldest that is kept]
    #[arg(long)]
    from: Option<String>,
    /// The last month [default: the newest]
    #[arg(long)]
    to: Option<String>,
    /// The folder for the files
    #[arg(long, default_value = ".")]
    into: PathBuf,
}

pub fn run(program: &Program, options: &Options) -> Result<()> {
    let mut operator = options.operator.sign_in(program)?;
    let list = operator.get("/api/audit/months")?;
    fs::create_dir_all(&options.into)?;
    let mut written = 0;
    for view in list["months"].as_array().into_iter().flatten() {
        let month = text(view, "/month")?;
        let is_wanted = options.from.as_ref().is_none_or(|from| *from <= month)
            && options.to.as_ref().is_none_or(|to| month <= *to);
        if !is_wanted {
            continue;
        }
        let parts = view["parts"].as_u64().context("the answer has no /parts")?;
        let mut lines = String::new();
        for part in 1..=parts {
            lines += &operator.get_text(&format!("/api/audit/months/{month}?part={part}"))?;
        }
        let file = options.into.join(format!("audit-{month}.ndjson"));
        fs::write(&file, &lines).with_context(|| format!("cannot write {}", file.display()))?;
        // The newest month may have got entries since the list was made.
        let last_hash = match lines.lines().last() {
            Some(line) => text(&serde_json::from_str::<Value>(line)?, "/hash")?,
            None => String::new(),
        };
        println!("{}: {} entries, the last hash {last_hash}", file.display(), lines.lines().count());
        written += 1;
    }
    operator.delete("/api/session")?;
    if written == 0 {
        bail!("the audit log has no month in this range");
    }
    Ok(())
}
