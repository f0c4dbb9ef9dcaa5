//! Messages to the object behind a month's cap.

use crate::limit::Ceiling;
use gatehouse_shared::model::{AppId, DeveloperAccountId};
use serde::{Deserialize, Serialize};

/// Asks for a part of a month.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reservation {
    /// The App that asks; `None` where a Project asks the developer account's object.
    pub app_id: Option<AppId>,
    pub month: u64,
    pub cap: u64,
    /// What holds for all Projects of the developer account; `None` at its own object.
    pub ceiling: Option<Ceiling>,
    pub want: u32,
}

/// A message to such an object.
#[derive(Debug, Serialize, Deserialize)]
pub enum ProjectQuotaCall {
    /// Answers how much is reserved: `want` while there is plenty, at least 1
    /// while there is something.
    Reserve(Reservation),
    /// Takes back what was reserved and not used. Answers `null`.
    GiveBack { month: u64, unused: u64 },
    /// Answers with every App that reserved something since a month.
    ListApps { since: u64 },
    /// What a developer account says: the Project is its. Answers `null`.
    PutOwner { owner: DeveloperAccountId, version: u64 },
    /// Answers with the developer account that the Project belongs to, or `null`.
    FindOwner,
    /// The Project was deleted: what is kept here goes with the month. Answers `null`.
    EndProject,
}
