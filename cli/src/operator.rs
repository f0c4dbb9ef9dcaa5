//! Signs in at a deployment as the operator of its settings.

use crate::{portal::Visitor, program::Program, secret::operator_password};
use anyhow::Result;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Which deployment, and who signs in.
#[derive(Args)]
pub struct OperatorOptions {
    /// Where the deployment is
    #[arg(long, default_value = "http://127.0.0.1:8787")]
    url: String,
    /// The operator's username
    #[arg(long, default_value = "operator")]
    operator: String,
    /// Where `serve` keeps its secrets, to find the operator's password [default: the one that `serve` uses without --data]
    #[arg(long)]
    data: Option<PathBuf>,
    /// The operator's password, for a deployment elsewhere
    #[arg(long, env = "GATEHOUSE_OPERATOR_PASSWORD", hide_env_values = true)]
    operator_password: Option<String>,
}

impl OperatorOptions {
    /// The deployment's origin.
    pub fn url(&self) -> &str {
        self.url.trim_end_matches('/')
    }

    pub fn sign_in(&self, program: &Program) -> Result<Visitor> {
        let password = operator_password(program, self.operator_password.as_deref(), self.data.as_deref())?;
        let mut operator = Visitor::new(self.url());
        operator.post("/api/sessions", &json!({ "login": self.operator, "password": password }))?;
        Ok(operator)
    }
}
