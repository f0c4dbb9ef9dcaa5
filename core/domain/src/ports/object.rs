//! Names Durable Objects, and calls them.

use super::PortError;
use crate::format::decode;
use crate::metrics::ObjectClass;
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId, MonthNumber, ProjectId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// Names a Durable Object.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectName {
    /// One per account.
    Account(AccountId),
    /// One per developer account.
    DeveloperAccount(DeveloperAccountId),
    /// One per unique name, such as `username:alice`.
    NameRegistry(String),
    /// One per App.
    AppTraffic(AppId),
    /// One per Project.
    ProjectQuota(ProjectId),
    /// One per developer account, of the same class as those of its Projects.
    DeveloperQuota(DeveloperAccountId),
    /// The operator's.
    AccountIndex,
    /// The audit log of one month.
    AuditMonth(MonthNumber),
    /// The months of the audit log.
    AuditIndex,
}

impl ObjectName {
    pub fn class(&self) -> ObjectClass {
        match self {
            Self::Account(_) => ObjectClass::Account,
            Self::DeveloperAccount(_) => ObjectClass::DeveloperAccount,
            Self::NameRegistry(_) => ObjectClass::NameRegistry,
            Self::AppTraffic(_) => ObjectClass::AppTraffic,
            Self::ProjectQuota(_) | Self::DeveloperQuota(_) => ObjectClass::ProjectQuota,
            Self::AccountIndex => ObjectClass::AccountIndex,
            Self::AuditMonth(_) => ObjectClass::AuditMonth,
            Self::AuditIndex => ObjectClass::AuditIndex,
        }
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account) => write!(f, "account/{account}"),
            Self::DeveloperAccount(developer) => write!(f, "developer-account/{developer}"),
            Self::NameRegistry(name) => write!(f, "directory/{name}"),
            Self::AppTraffic(app) => write!(f, "gate/{app}"),
            Self::ProjectQuota(project) => write!(f, "project/{project}"),
            Self::DeveloperQuota(developer) => write!(f, "project/developer-account-{developer}"),
            Self::AccountIndex => f.write_str("account-index"),
            Self::AuditMonth(month) => write!(f, "audit/{month}"),
            Self::AuditIndex => f.write_str("audit-index"),
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
