//! Keeps a consent that the App has not redeemed yet.

use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{Permission, UnixSeconds};
use serde::{Deserialize, Serialize};

/// What a user agreed to with OAuth 1.0a and the App has not redeemed yet. Of
/// OAuth 2.0 that is a family with its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingConsent {
    /// Of the request token that the user answered.
    pub serial: Serial,
    /// The level that the page showed, which is what redemption gives.
    pub level: Permission,
    /// When the request token is over at the latest.
    pub expires_at: UnixSeconds,
    /// The Access Token that it gave. It stays for a few seconds, since the
    /// answer may be lost, and gives no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Serial>,
}
