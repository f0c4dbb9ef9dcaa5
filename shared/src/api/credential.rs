//! Declares the requests and responses about credentials.

use crate::model::{DAY_SECONDS, Permission, UnixSeconds};
use crate::problem::FieldError;
use crate::validate::{Check, Violation};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A kind of credential that an App has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CredentialKind {
    /// The API Key and its Secret: one pair, regenerated together.
    ApiKey,
    /// The Access Token of the App's owner and its Secret.
    AccessToken,
    BearerToken,
    /// The secret of a confidential OAuth 2.0 client.
    ClientSecret,
}

impl CredentialKind {
    pub const ALL: [Self; 4] = [Self::ApiKey, Self::AccessToken, Self::BearerToken, Self::ClientSecret];

    /// The name in paths and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api-key",
            Self::AccessToken => "access-token",
            Self::BearerToken => "bearer-token",
            Self::ClientSecret => "client-secret",
        }
    }

    /// What the portal calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::ApiKey => "API Key & Secret",
            Self::AccessToken => "Access Token & Secret",
            Self::BearerToken => "Bearer Token",
            Self::ClientSecret => "Client Secret",
        }
    }
}

impl FromStr for CredentialKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// What the portal still shows of a credential after its first display.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CredentialView {
    pub kind: CredentialKind,
    /// The last four characters; of the API Key or the Access Token for a pair.
    pub hint: String,
    pub created_at: UnixSeconds,
    /// The start of the day (UTC) on which it was last used; `null` where it never was.
    pub last_used_on: Option<UnixSeconds>,
    /// The App's permission when an Access Token was made: it keeps that level. `null` for the other kinds.
    pub permission: Option<Permission>,
    /// When it stops working by itself, if it does.
    pub expires_at: Option<UnixSeconds>,
    /// Present for one that was replaced with an overlap: until when it still works.
    pub works_until: Option<UnixSeconds>,
}

impl CredentialView {
    /// Whether this is the newest of its kind, and not one in its overlap.
    pub fn is_current(&self) -> bool {
        self.works_until.is_none()
    }
}

/// The shortest and the longest overlap, in hours: 30 days.
pub const OVERLAP_HOURS: std::ops::RangeInclusive<u32> = 1..=720;
/// The nearest and the furthest expiry date, in seconds from now: an hour, five years.
const EXPIRY_SECONDS: std::ops::RangeInclusive<u64> = 3600..=5 * 366 * DAY_SECONDS;

/// Makes a credential, or replaces it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RegenerateCredentialRequest {
    /// For how many hours the old one works beside the new one: 1 to 720.
    /// Left out, it stops at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlap_hours: Option<u32>,
    /// When the new one stops working by itself; left out, never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<UnixSeconds>,
}

impl RegenerateCredentialRequest {
    /// Applies the rules.
    pub fn check(self, now: UnixSeconds) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        if self.overlap_hours.is_some_and(|hours| !OVERLAP_HOURS.contains(&hours)) {
            let message = "Use 1 to 720 hours. Omit it to revoke the current credential immediately.".into();
            check.refuse("overlap_hours", Violation { rule: "range", message });
        }
        check_expiry(&mut check, self.expires_at, now);
        check.finish(self)
    }
}

/// Sets a credential's expiry date; `null` clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateCredentialRequest {
    pub expires_at: Option<UnixSeconds>,
}

impl UpdateCredentialRequest {
    /// Applies the rules.
    pub fn check(self, now: UnixSeconds) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        check_expiry(&mut check, self.expires_at, now);
        check.finish(self)
    }
}

fn check_expiry(check: &mut Check, expires_at: Option<UnixSeconds>, now: UnixSeconds) {
    let Some(at) = expires_at else { return };
    if !EXPIRY_SECONDS.contains(&at.0.saturating_sub(now.0)) {
        let message = "Choose a date between one hour and five years from now, or none.".into();
        check.refuse("expires_at", Violation { rule: "range", message });
    }
}

/// The credential of an App that stops working next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NextExpiry {
    pub kind: CredentialKind,
    pub at: UnixSeconds,
}

/// Credentials that were just made. No later answer shows their secrets.
// It can be serialized, since one answer shows it. No `Debug` and no `==`: it
// bears secrets.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IssuedCredentials {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key_secret: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_secret: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
}

impl IssuedCredentials {
    /// These together with others that are still shown; of a kind that both have, these.
    pub fn beside(self, others: Self) -> Self {
        Self {
            api_key: self.api_key.or(others.api_key),
            api_key_secret: self.api_key_secret.or(others.api_key_secret),
            access_token: self.access_token.or(others.access_token),
            access_token_secret: self.access_token_secret.or(others.access_token_secret),
            bearer_token: self.bearer_token.or(others.bearer_token),
            client_id: self.client_id.or(others.client_id),
            client_secret: self.client_secret.or(others.client_secret),
        }
    }
}
