//! Names Durable Objects, and calls them.

use super::PortError;
use crate::format::decode;
use gatehouse_shared::model::{AccountId, AppId, ProjectId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// Names a Durable Object.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectName {
    /// One per account.
    Ledger(AccountId),
    /// One per unique name, such as `username:alice`.
    Directory(String),
    /// One per App.
    AppGate(AppId),
    /// One per Project.
    ProjectGate(ProjectId),
    /// One per account, of the same class as those of its Projects.
    AccountGate(AccountId),
    /// The operator's.
    Office,
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ledger(account) => write!(f, "ledger/{account}"),
            Self::Directory(name) => write!(f, "directory/{name}"),
            Self::AppGate(app) => write!(f, "gate/{app}"),
            Self::ProjectGate(project) => write!(f, "project/{project}"),
            Self::AccountGate(account) => write!(f, "project/account-{account}"),
            Self::Office => f.write_str("office"),
        }
    }
}

/// Durable Objects, reached by name.
pub trait Objects {
    /// Sends a message and gives the answer. An error leaves open whether the
    /// object acted.
    async fn call(&self, object: &ObjectName, message: String) -> Result<String, PortError>;
}

/// Sends a JSON message and reads the JSON answer.
pub async fn ask<Reply: DeserializeOwned>(
    objects: &impl Objects,
    object: &ObjectName,
    message: &impl Serialize,
) -> Result<Reply, PortError> {
    let message = serde_json::to_string(message).map_err(|error| PortError(format!("{object}: {error}")))?;
    let answer = objects.call(object, message).await?;
    decode(format_args!("{object}: unreadable answer"), &answer).map_err(PortError)
}
