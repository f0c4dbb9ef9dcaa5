//! Declares what backup, restore, publish and verify ask of a deployment.

use super::audit::AuditFacts;
use crate::model::UnixSeconds;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The path that takes [`StorageRequest`]s, with a storage token as the Bearer token.
pub const STORAGE_PATH: &str = "/api/storage";

/// What a storage token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StoragePurpose {
    /// Read a copy of every object.
    Backup,
    /// Fill objects that keep nothing yet.
    Restore,
    /// Write KV anew from the objects.
    Publish,
    /// Compare KV with the objects.
    Verify,
}

impl StoragePurpose {
    pub const ALL: [Self; 4] = [Self::Backup, Self::Restore, Self::Publish, Self::Verify];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Restore => "restore",
            Self::Publish => "publish",
            Self::Verify => "verify",
        }
    }
}

/// Makes a storage token.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateStorageTokenRequest {
    pub purpose: StoragePurpose,
}

/// A storage token, shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StorageToken {
    pub token: String,
    pub expires_at: UnixSeconds,
}

/// What is asked of one object.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageRequest {
    /// The object's name, such as `account/1234567890123456789`.
    pub object: String,
    pub call: StorageCall,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageCall {
    /// Answers [`CopyPage`]; `after` is where the page before ended.
    Copy { after: Option<CopyCursor> },
    /// Answers [`Restored`].
    Restore(RestorePage),
    /// Of the account index alone: compares master keys with those in the settings, and notes them. Answers [`CheckedKeys`].
    CheckKeys { fingerprints: Vec<(String, String)> },
    /// Answers [`Published`].
    Publish,
    /// Answers [`Verified`].
    Verify,
    /// Ends the storage token.
    EndToken,
}

impl StorageCall {
    /// What the token must be good for; `None` where any is.
    pub fn purpose(&self) -> Option<StoragePurpose> {
        match self {
            Self::Copy { .. } => Some(StoragePurpose::Backup),
            Self::Restore(_) | Self::CheckKeys { .. } => Some(StoragePurpose::Restore),
            Self::Publish => Some(StoragePurpose::Publish),
            Self::Verify => Some(StoragePurpose::Verify),
            Self::EndToken => None,
        }
    }
}

/// Where a page of a copy ended: after which row of a long table; `key` is empty before its first row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyCursor {
    pub table: String,
    pub key: Vec<Value>,
}

/// Rows of one table, column by column in the table's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRows {
    pub table: String,
    pub rows: Vec<Vec<Value>>,
}

/// One page of a copy of an object. The first one has all tables but the long ones, as they were at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyPage {
    /// The version of the object's schema; 0 where it keeps nothing.
    pub schema: usize,
    pub tables: Vec<TableRows>,
    pub next: Option<CopyCursor>,
}

/// One page of what an object is filled with.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestorePage {
    pub schema: usize,
    pub tables: Vec<TableRows>,
    /// Whether the object is whole with it.
    pub is_last: bool,
    /// What was ended after the copy was made; the last page has it.
    pub ended: Vec<EndedLater>,
}

/// An entry of the audit log that is younger than the copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedLater {
    pub facts: AuditFacts,
    /// What a status, a role, or the end of a credential (Unix seconds) was changed to, where the entry tells.
    pub to: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Whether the object kept something already, and was left as it is.
    pub was_there: bool,
}

/// The ids of master keys that the settings have another key for, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedKeys {
    pub wrong: Vec<String>,
    pub missing: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    pub records: u64,
}

/// How KV compares with one object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    pub records: u64,
    /// Records that are on their way to KV.
    pub waiting: u64,
    pub differences: Vec<Difference>,
}

/// A record that KV has otherwise than the object that writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The key in KV.
    pub key: String,
    pub what: DifferenceKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DifferenceKind {
    /// KV has nothing, or that it is gone.
    Missing,
    /// KV has a later version than the object.
    Newer,
    /// KV has another content: an older one, or one that nobody wrote.
    Different,
    Unreadable,
}
