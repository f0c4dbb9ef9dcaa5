//! Previews of a Worker.

use super::{
    Account,
    api::unless_missing,
    worker::{WORKER_NOT_FOUND, secrets_in},
};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeSet;

const PREVIEW_NOT_FOUND: u64 = 10025;
const NO_PREVIEW_DEPLOYMENT: u64 = 10222;
const MISSING: [u64; 4] = [WORKER_NOT_FOUND[0], WORKER_NOT_FOUND[1], PREVIEW_NOT_FOUND, NO_PREVIEW_DEPLOYMENT];

/// A Preview of a Worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub name: String,
    /// Its address, where it has one.
    pub url: Option<String>,
    /// When it was made (RFC 3339).
    pub created_on: String,
}

impl Account {
    /// The Previews of a Worker; none where there is no such Worker.
    pub fn list_previews(&self, worker: &str) -> Result<Vec<Preview>> {
        match self.list(&format!("/workers/workers/{worker}/previews")) {
            Ok(previews) => previews.iter().map(read).collect(),
            Err(error) => unless_missing(Err(error), &MISSING).map(|_| Vec::new()),
        }
    }

    /// The names of the secrets that a Preview's latest deployment has; none where there is no deployment.
    pub fn preview_secrets(&self, worker: &str, name: &str) -> Result<BTreeSet<String>> {
        let path = format!("/workers/workers/{worker}/previews/{name}/deployments/latest");
        let deployment = unless_missing(self.call("GET", &path, None), &MISSING)?;
        Ok(deployment.map(|deployment| secrets_in(&deployment["env"])).unwrap_or_default())
    }

    /// Deletes a Preview with its Durable Objects; says whether there was one.
    pub fn delete_preview(&self, worker: &str, name: &str) -> Result<bool> {
        let path = format!("/workers/workers/{worker}/previews/{name}");
        Ok(unless_missing(self.call("DELETE", &path, None), &MISSING)?.is_some())
    }
}

fn read(preview: &Value) -> Result<Preview> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Ok(Preview {
        name: text(&preview["name"]).context("a Preview without a name")?,
        url: text(&preview["urls"][0]),
        created_on: text(&preview["created_on"]).unwrap_or_default(),
    })
}
