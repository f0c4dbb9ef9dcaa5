//! `demo`: demonstration accounts, Apps and credentials, made the way a developer and an operator would
//! make them: through the public API of a running deployment, and nothing else.

mod report;
mod scenario;

pub use report::{DemoApp, Person};
pub use scenario::play;

use crate::{program::Program, secret::operator_password};
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub struct Options {
    /// Where the deployment is
    #[arg(long, default_value = "http://127.0.0.1:8787")]
    url: String,
    /// Where `serve` keeps its secrets, to find the operator's password [default: the one that `serve` uses without --data]
    #[arg(long)]
    data: Option<PathBuf>,
    /// The operator's name, where OPERATOR_USERNAME is set
    #[arg(long, default_value = "operator")]
    operator: String,
    /// The operator's password, for a deployment elsewhere
    #[arg(long, env = "GATEHOUSE_OPERATOR_PASSWORD", hide_env_values = true)]
    operator_password: Option<String>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    json: bool,
}

pub fn run(program: &Program, options: &Options) -> Result<()> {
    let operator_password = operator_password(program, options.operator_password.as_deref(), options.data.as_deref())?;
    let url = options.url.trim_end_matches('/');
    let operator = Person { username: options.operator.clone(), password: operator_password };
    let made = scenario::play(url, operator)?;
    if options.json {
        println!("{}", made.to_json());
    } else {
        made.print();
    }
    Ok(())
}
