//! What calls about the access that users give Apps carry.

use crate::credential::StoredCredential;
use crate::grant::{Family, RedemptionError};
use gatehouse_shared::api::ConsentApp;
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::Permission;
use serde::{Deserialize, Serialize};

/// Notes what the user agreed to with OAuth 1.0a, until the App redeems it.
#[derive(Serialize, Deserialize)]
pub struct NoteConsent {
    pub app: ConsentApp,
    /// Of the request token.
    pub serial: Serial,
    /// What the page showed.
    pub level: Permission,
}

/// Gives the user's one Access Token for an App, which `credential` becomes
/// where there is none that may as much as was agreed to.
#[derive(Serialize, Deserialize)]
pub struct EnsureAccessToken {
    pub app: ConsentApp,
    /// How often the App has changed hands.
    pub transfers: u32,
    pub credential: StoredCredential,
    /// The request token that was redeemed. What the user agreed to with it
    /// tells the token's level; what they took back since gives none.
    pub consent: Serial,
}

/// Begins an authorization with OAuth 2.0.
#[derive(Serialize, Deserialize)]
pub struct StartFamily {
    pub app: ConsentApp,
    pub family: Family,
}

/// Whether a code or a refresh token gave something.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Advanced {
    To(Family),
    /// To where its first use went.
    Again(Family),
    Not(RedemptionError),
}
