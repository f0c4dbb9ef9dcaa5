//! What calls about credentials carry.

use crate::credential::{Derived, Root};
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AccountId, AppId};
use serde::{Deserialize, Serialize};

/// Where something that a secret is derived from is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In an App of a developer account.
    App(CredentialKind),
    /// An Access Token for this user.
    AccessToken(AccountId),
    /// An authorization with OAuth 2.0 by this user.
    Family(AccountId),
}

/// Something that a secret is derived from, and where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRoot {
    pub app_id: AppId,
    pub place: Place,
    pub root: Root,
}

impl HeldRoot {
    /// What is derived from it; `None` where an App holds what only users have.
    pub fn derived(&self) -> Option<Derived> {
        match self.place {
            Place::App(kind) => Derived::secret_of(kind, None),
            Place::AccessToken(user) => Some(Derived::AccessTokenSecret(user)),
            Place::Family(user) => Some(Derived::Family(user)),
        }
    }
}

/// Replaces a root by the new one of the same serial, if there is one.
pub fn take_over(root: &mut Root, app_id: AppId, place: Place, roots: &[HeldRoot]) {
    let same = |new: &&HeldRoot| new.app_id == app_id && new.place == place && new.root.serial == root.serial;
    if let Some(new) = roots.iter().find(same) {
        *root = new.root.clone();
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
