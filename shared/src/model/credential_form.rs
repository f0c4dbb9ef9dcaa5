//! Names the forms in which credentials come with a request.

use serde::{Deserialize, Serialize};

/// A form in which credentials come with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CredentialForm {
    /// An App's Bearer Token.
    #[serde(rename = "bearer-token")]
    BearerToken,
    /// A request signed for a user (RFC 5849).
    #[serde(rename = "oauth1-user")]
    OAuth1User,
    /// An OAuth 2.0 access token of a user (RFC 6749).
    #[serde(rename = "oauth2-user")]
    OAuth2User,
}

impl CredentialForm {
    pub const ALL: [Self; 3] = [Self::OAuth1User, Self::BearerToken, Self::OAuth2User];

    /// What error answers call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::OAuth1User => "OAuth 1.0a User Context",
            Self::BearerToken => "OAuth 2.0 Application-Only",
            Self::OAuth2User => "OAuth 2.0 User Context",
        }
    }
}
