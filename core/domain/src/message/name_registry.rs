//! Messages to the object behind a unique name, and its answers.

use crate::account::UniqueName;
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId};
use serde::{Deserialize, Serialize};

/// How long a claim reserves a name, in seconds.
pub const RESERVED_FOR: u64 = 600;

/// How long after its claim the owner may commit the name's use, in seconds.
pub const COMMIT_WITHIN: u64 = 300;

/// A message to a name registry object.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NameRegistryCall {
    pub name: UniqueName,
    pub action: Action,
}

/// What is asked about a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Reserves the name; again by the same owner renews the reservation.
    /// `claim` is drawn from the numbers of the owner's changes.
    Claim {
        owner: Owner,
        claim: u64,
    },
    /// The owner uses the name. `version` orders it among the owner's changes.
    Confirm {
        owner: Owner,
        version: u64,
    },
    /// The owner no longer uses the name.
    Release {
        owner: Owner,
        version: u64,
    },
    /// The claim is not going to be used.
    Withdraw {
        owner: Owner,
        claim: u64,
    },
    Find,
}

/// Who has a name: an account (username, e-mail), or an App of a developer account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Owner {
    Account(AccountId),
    App { developer: DeveloperAccountId, app: AppId },
}

impl Owner {
    /// Whether it is the same one, in whatever developer account an App is by now.
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::App { app, .. }, Self::App { app: other, .. }) => app == other,
            (one, other) => one == other,
        }
    }
}

/// What a name registry answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    Claimed,
    Taken,
    Done,
    Found(Option<Owner>),
}
