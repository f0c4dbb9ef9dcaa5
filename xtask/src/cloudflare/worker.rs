//! Workers, and what they have already.

use super::{Account, api::unless_missing};
use crate::config::{entries, text};
use anyhow::Result;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use toml::Table;

/// The API's numbers for a Worker that is not there.
pub(super) const WORKER_NOT_FOUND: [u64; 2] = [10007, 10090];

/// A deployed Worker, as far as a deployment must know it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkerState {
    /// The names of its secrets; nobody can read their values.
    pub secrets: BTreeSet<String>,
    /// Whether it has bindings at all. One that was only made for Previews, and never deployed, has none.
    pub has_bindings: bool,
    /// Its KV bindings: name and namespace id.
    pub namespaces: BTreeMap<String, String>,
}

impl Account {
    /// What is deployed under a name; `None` where nothing is.
    pub fn find_worker(&self, name: &str) -> Result<Option<WorkerState>> {
        let path = format!("/workers/scripts/{name}");
        let settings = unless_missing(self.call("GET", &format!("{path}/settings"), None), &WORKER_NOT_FOUND)?;
        let Some(settings) = settings else { return Ok(None) };
        let secrets = self.call("GET", &format!("{path}/secrets"), None)?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let secrets = secrets.as_array().into_iter().flatten().filter_map(|secret| text(&secret["name"])).collect();
        let bindings = settings["bindings"].as_array().map(Vec::as_slice).unwrap_or_default();
        let namespaces = bindings
            .iter()
            .filter(|binding| binding["type"] == "kv_namespace")
            .filter_map(|binding| Some((text(&binding["name"])?, text(&binding["namespace_id"])?)))
            .collect();
        Ok(Some(WorkerState { secrets, has_bindings: !bindings.is_empty(), namespaces }))
    }

    /// The Workers that a configuration binds and the account does not have.
    pub fn missing_services(&self, config: &Table, worker: &str) -> Result<Vec<String>> {
        let mut missing = Vec::new();
        for service in entries(config, "services").map(|entry| text(entry, "service")) {
            // A Worker may be bound to itself.
            if service != worker && self.find_worker(service)?.is_none() {
                missing.push(service.to_owned());
            }
        }
        Ok(missing)
    }
}

/// The names of the secrets among bindings by name.
pub(super) fn secrets_in(env: &Value) -> BTreeSet<String> {
    let bindings = env.as_object().into_iter().flatten();
    bindings.filter(|(_, binding)| binding["type"] == "secret_text").map(|(name, _)| name.clone()).collect()
}
