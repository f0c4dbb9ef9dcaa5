//! Declares what the audit log answers.

use super::activity::{ActorKind, FieldChange};
use crate::model::{AccountId, AppId, DeveloperAccountId, MonthNumber, ProjectId, UnixSeconds};
use serde::{Deserialize, Serialize};

/// How many entries of a month one part of an export has at the most.
pub const AUDIT_PART_ENTRIES: u64 = 2_000;

/// What an entry of the audit log tells without personal data. The chain of hashes covers these fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditFacts {
    /// Where it was written first, and as which entry of that place; unique.
    pub id: String,
    /// When it was done.
    pub at: UnixSeconds,
    /// The operation, such as `create_app`.
    pub operation: String,
    pub actor_kind: ActorKind,
    pub actor_account_id: Option<AccountId>,
    /// The actor's role at that time, such as `owner`; empty for what people do for themselves.
    pub actor_role: String,
    /// The public id of the session; empty where there was none.
    pub session_id: String,
    /// The account that it concerns.
    pub account_id: Option<AccountId>,
    pub developer_account_id: Option<DeveloperAccountId>,
    pub project_id: Option<ProjectId>,
    pub app_id: Option<AppId>,
    /// The ids of credentials and consents that were made or ended.
    pub credential_ids: Vec<String>,
    /// Empty where no request caused it.
    pub request_id: String,
}

/// The personal data of an entry, which can be erased: the chain covers a salted digest of them.
// In the order of the alphabet: the digest covers the JSON text as RFC 8785 writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditPersonal {
    /// The client's address, as far as `AUDIT_ADDRESS` has it kept.
    pub address: String,
    /// From what to what.
    pub changes: Vec<FieldChange>,
    /// What it was done to, in words.
    pub subject: String,
    /// The actor's, at that time.
    pub username: String,
}

/// One entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditEntry {
    /// The month whose log has it: that in which it was appended.
    pub month: MonthNumber,
    /// Grows by one with each entry of the whole log.
    pub seq: u64,
    pub facts: AuditFacts,
    /// `null` once it was erased, as is the salt.
    pub personal: Option<AuditPersonal>,
    pub salt: Option<String>,
    /// SHA-256 of the salt, a line feed, and the JSON text of `personal`.
    pub personal_digest: String,
    /// The hash of the entry before; empty at the very first.
    pub previous_hash: String,
    /// SHA-256 of this entry's facts and the hash before it: see docs/operating.md.
    pub hash: String,
}

/// A page of the audit log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditList {
    pub entries: Vec<AuditEntry>,
    /// Pass as `cursor` for the next page.
    pub next_cursor: Option<String>,
}

/// One month of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditMonthView {
    pub month: MonthNumber,
    pub entries: u64,
    /// In how many parts it is exported.
    pub parts: u64,
    /// The hash of its last entry. Compare it with a copy kept elsewhere to see that nothing was made up anew.
    pub last_hash: String,
}

/// The months that are kept, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditMonthList {
    pub months: Vec<AuditMonthView>,
}
