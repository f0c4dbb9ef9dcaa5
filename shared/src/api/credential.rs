use crate::model::UnixSeconds;
use serde::{Deserialize, Serialize};

/// A kind of credential that an App has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CredentialKind {
    /// The API Key and its Secret: one pair, regenerated together.
    ApiKey,
    BearerToken,
}

impl CredentialKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api-key",
            Self::BearerToken => "bearer-token",
        }
    }

    /// What the portal calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::ApiKey => "API Key & Secret",
            Self::BearerToken => "Bearer Token",
        }
    }
}

/// What the portal still shows of a credential after its first display.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CredentialView {
    pub kind: CredentialKind,
    /// The last four characters; of the API Key for the pair.
    pub hint: String,
    pub created_at: UnixSeconds,
}

/// Credentials at the one moment when they are shown. No `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IssuedCredentials {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key_secret: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer_token: Option<String>,
}
