//! Access Tokens that a member generates for themselves, for an App of a developer account of theirs.

use crate::credential::StoredCredential;
use gatehouse_shared::api::ConsentApp;
use gatehouse_shared::model::{DeveloperAccountId, Permission};
use serde::{Deserialize, Serialize};

/// The developer account's word that a member may generate an Access Token for an App.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTokenTerms {
    pub app: ConsentApp,
    pub developer: DeveloperAccountId,
    /// How often the App changed hands until then.
    pub transfers: u32,
    /// The App's permission, which the token keeps.
    pub permission: Permission,
    /// The version of the developer account that says so. If it said something else later, the later word counts.
    pub version: u64,
}

/// Puts a new Access Token in the place of the member's own one for an App.
#[derive(Serialize, Deserialize)]
pub struct ReplaceOwnToken {
    pub terms: OwnTokenTerms,
    pub credential: StoredCredential,
    pub overlap_seconds: Option<u64>,
}
