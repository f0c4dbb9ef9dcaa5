//! KV namespaces.

use super::{Account, ApiError};
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// A KV namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    pub id: String,
    pub title: String,
}

impl Account {
    pub fn list_namespaces(&self) -> Result<Vec<Namespace>> {
        self.list("/storage/kv/namespaces")?.iter().map(read).collect()
    }

    pub fn find_namespace(&self, title: &str) -> Result<Option<Namespace>> {
        Ok(self.list_namespaces()?.into_iter().find(|namespace| namespace.title == title))
    }

    pub fn create_namespace(&self, title: &str) -> Result<Namespace> {
        read(&self.call("POST", "/storage/kv/namespaces", Some(&json!({ "title": title })))?)
    }

    /// Deletes a namespace with all that is in it; one that is gone is fine.
    pub fn delete_namespace(&self, id: &str) -> Result<()> {
        match self.call("DELETE", &format!("/storage/kv/namespaces/{id}"), None) {
            Err(error) if error.downcast_ref::<ApiError>().is_some_and(ApiError::is_not_found) => Ok(()),
            other => other.map(drop),
        }
    }
}

fn read(namespace: &Value) -> Result<Namespace> {
    let text = |name: &str| namespace[name].as_str().map(str::to_owned).context("a KV namespace without id or title");
    Ok(Namespace { id: text("id")?, title: text("title")? })
}
