//! What calls about credentials carry.

use crate::credential::{Derived, Root, StoredCredential};
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AccountId, AppId};
use serde::{Deserialize, Serialize};

/// Puts a new credential in the place of the one of its kind, which stops at
/// once or after an overlap.
#[derive(Serialize, Deserialize)]
pub struct ReplaceCredential {
    pub app_id: AppId,
    pub credential: StoredCredential,
    pub overlap_seconds: Option<u64>,
}

/// Gives the App's current Bearer Token; `credential` becomes it where there
/// is none, or where it is `instead_of`, which can't be shown any more.
#[derive(Serialize, Deserialize)]
pub struct EnsureBearerToken {
    pub app_id: AppId,
    pub credential: StoredCredential,
    pub instead_of: Option<Serial>,
}

/// Where something that a secret is derived from is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In an App of the account.
    App(CredentialKind),
    /// The Access Token that the account lets an App have.
    Granted,
    /// An authorization with OAuth 2.0.
    Family,
}

/// Something that a secret is derived from, and where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRoot {
    pub app_id: AppId,
    pub place: Place,
    pub root: Root,
}

impl HeldRoot {
    pub fn of_credential(app_id: AppId, stored: &StoredCredential) -> Self {
        Self { app_id, place: Place::App(stored.kind), root: stored.root.clone() }
    }

    /// What is derived from it, for the account that keeps it.
    pub fn derived(&self, account: AccountId) -> Derived {
        match self.place {
            Place::App(kind) => Derived::secret_of(kind, account),
            Place::Granted => Derived::AccessTokenSecret(account),
            Place::Family => Derived::Family(account),
        }
    }
}

/// A credential let a request pass on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialUse {
    pub app_id: AppId,
    pub serial: Serial,
    /// Days since 1970-01-01, in UTC.
    pub day: u64,
}
