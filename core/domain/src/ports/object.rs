//! Names Durable Objects, and calls them.

use super::PortError;
use crate::format::decode;
use crate::metrics::ObjectClass;
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId, MonthNumber, ProjectId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::str::FromStr;

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

/// The text names no object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("names no object")]
pub struct ObjectNameError;

impl FromStr for ObjectName {
    type Err = ObjectNameError;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, ObjectNameError> {
        fn id<T: FromStr>(text: &str) -> Result<T, ObjectNameError> {
            text.parse().map_err(|_| ObjectNameError)
        }
        Ok(match text.split_once('/') {
            Some(("account", name)) => Self::Account(id(name)?),
            Some(("developer-account", name)) => Self::DeveloperAccount(id(name)?),
            Some(("directory", name)) => Self::NameRegistry(name.to_owned()),
            Some(("gate", name)) => Self::AppTraffic(id(name)?),
            Some(("project", name)) => match name.strip_prefix("developer-account-") {
                Some(developer) => Self::DeveloperQuota(id(developer)?),
                None => Self::ProjectQuota(id(name)?),
            },
            Some(("audit", name)) => Self::AuditMonth(id(name)?),
            None if text == "account-index" => Self::AccountIndex,
            None if text == "audit-index" => Self::AuditIndex,
            _ => return Err(ObjectNameError),
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_as_it_is_written() {
        let id = "1234567890123456789";
        for text in [
            format!("account/{id}"),
            format!("developer-account/{id}"),
            "directory/username:alice".to_owned(),
            format!("gate/{id}"),
            format!("project/{id}"),
            format!("project/developer-account-{id}"),
            "audit/2026-11".to_owned(),
            "account-index".to_owned(),
            "audit-index".to_owned(),
        ] {
            assert_eq!(text.parse::<ObjectName>().map(|name| name.to_string()), Ok(text));
        }
        for text in ["", "account", "account/", "account/x", "audit/2026", "other/1", "gate/-1"] {
            assert_eq!(text.parse::<ObjectName>(), Err(ObjectNameError), "{text}");
        }
    }
}
