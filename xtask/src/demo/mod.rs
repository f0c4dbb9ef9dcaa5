//! `cargo xtask demo`: demonstration accounts, Apps and credentials, made the way a developer and an operator would
//! make them: through the public API of a running deployment, and nothing else.

mod portal;
mod report;
mod story;

use crate::{serve::Secrets, workspace::Workspace};
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub struct Options {
    /// Where the deployment is
    #[arg(long, default_value = "http://127.0.0.1:8787")]
    url: String,
    /// Where `serve` keeps its secrets, to find the operator's password [default: .gatehouse in the repository]
    #[arg(long)]
    data: Option<PathBuf>,
    /// The operator's password, for a deployment elsewhere
    #[arg(long, env = "GATEHOUSE_OPERATOR_PASSWORD", hide_env_values = true)]
    operator_password: Option<String>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    json: bool,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let operator_password = match &options.operator_password {
        Some(password) => password.clone(),
        None => {
            let data = workspace.data(options.data.as_deref())?;
            Secrets::load(&data)
                .context("the operator's password is unknown: give --operator-password or --data")?
                .operator_password
        }
    };
    let url = options.url.trim_end_matches('/');
    let made = story::play(url, operator_password)?;
    if options.json {
        println!("{}", made.to_json());
    } else {
        made.print();
    }
    Ok(())
}
