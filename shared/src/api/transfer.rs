//! Declares the requests and responses about handing an App or a Project to another developer account.

use crate::model::{AppId, DeveloperAccountId, ProjectId, UnixSeconds};
use serde::{Deserialize, Serialize};

/// What is handed over: a Project goes with its Apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", content = "id", rename_all = "kebab-case")]
pub enum TransferSubject {
    App(AppId),
    Project(ProjectId),
}

/// Offers an App or a Project to another developer account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OfferTransferRequest {
    /// Who gets it; its members see the id on its dashboard.
    pub developer_account_id: DeveloperAccountId,
}

/// An offer that nobody has answered, as the giver sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OfferedTransfer {
    /// Who gets it.
    pub developer_account_id: DeveloperAccountId,
    /// Of that developer account, when it was offered.
    pub name: String,
    /// The username of the member who offered it.
    pub offered_by: String,
    pub offered_at: UnixSeconds,
    pub expires_at: UnixSeconds,
}

/// An offer as the receiver sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReceivedTransfer {
    pub id: String,
    pub subject: TransferSubject,
    /// Of the App or the Project.
    pub name: String,
    /// The names of the Apps that come.
    pub apps: Vec<String>,
    /// The developer account that gives.
    pub from: DeveloperAccountId,
    pub from_name: String,
    /// The username of the member who offered it.
    pub offered_by: String,
    pub offered_at: UnixSeconds,
    pub expires_at: UnixSeconds,
    /// Whether it was accepted and is on its way.
    pub accepted: bool,
}
