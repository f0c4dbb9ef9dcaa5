//! `cargo xtask audit export`: writes the months of a deployment's audit log into files.

use crate::{
    portal::{Visitor, text},
    secret::operator_password,
    workspace::Workspace,
};
use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;
use std::{fs, path::PathBuf};

#[derive(Args)]
pub struct Options {
    /// Where the deployment is
    #[arg(long, default_value = "http://127.0.0.1:8787")]
    url: String,
    /// The operator's username
    #[arg(long, default_value = "operator")]
    operator: String,
    /// Where `serve` keeps its secrets, to find the operator's password [default: .gatehouse in the repository]
    #[arg(long)]
    data: Option<PathBuf>,
    /// The operator's password, for a deployment elsewhere
    #[arg(long, env = "GATEHOUSE_OPERATOR_PASSWORD", hide_env_values = true)]
    operator_password: Option<String>,
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

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let password = operator_password(workspace, options.operator_password.as_deref(), options.data.as_deref())?;
    let mut operator = Visitor::new(options.url.trim_end_matches('/'));
    operator.post("/api/sessions", &json!({ "login": options.operator, "password": password }))?;
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
        println!("{}: {} entries, the last hash {}", file.display(), lines.lines().count(), text(view, "/last_hash")?);
        written += 1;
    }
    operator.delete("/api/session")?;
    if written == 0 {
        bail!("the audit log has no month in this range");
    }
    Ok(())
}
