//! Describes an App: what it may do, its status and its settings.

use super::ClientType;
use serde::{Deserialize, Serialize};

/// What an App may do with the API; each level includes the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Permission {
    #[default]
    #[serde(rename = "read")]
    Read,
    #[serde(rename = "read-write")]
    ReadWrite,
    #[serde(rename = "read-write-directmessages")]
    ReadWriteDirectMessages,
}

impl Permission {
    pub const ALL: [Self; 3] = [Self::Read, Self::ReadWrite, Self::ReadWriteDirectMessages];

    /// The levels that an API knows whose routes and scopes ask for `asked`. A
    /// request to a path that is not listed is a read or a write, so these two
    /// are always there.
    pub fn levels(asked: impl IntoIterator<Item = Self>) -> impl Iterator<Item = Self> {
        let highest = asked.into_iter().fold(Self::ReadWrite, Self::max);
        Self::ALL.into_iter().filter(move |level| *level <= highest)
    }

    /// The value of the `x-access-level` header and of the JSON field.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::ReadWrite => "read-write",
            Self::ReadWriteDirectMessages => "read-write-directmessages",
        }
    }

    /// What the portal calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Read => "Read",
            Self::ReadWrite => "Read and write",
            Self::ReadWriteDirectMessages => "Read, write and Direct Messages",
        }
    }
}

/// What an App in a Project is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    #[default]
    Development,
    Staging,
    Production,
}

impl Environment {
    pub const ALL: [Self; 3] = [Self::Development, Self::Staging, Self::Production];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }

    /// What the portal calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Development => "Development",
            Self::Staging => "Staging",
            Self::Production => "Production",
        }
    }
}

/// Whether the gate lets an App pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AppStatus {
    #[default]
    Active,
    WriteRestricted,
    Suspended,
}

impl AppStatus {
    /// The name in JSON and storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::WriteRestricted => "write-restricted",
            Self::Suspended => "suspended",
        }
    }
}

/// What a developer may edit of an App.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppSettings {
    pub name: String,
    pub description: String,
    /// Empty where none is set, like the other optional texts.
    pub website_url: String,
    pub callback_urls: Vec<String>,
    pub terms_url: String,
    pub privacy_url: String,
    pub organization_name: String,
    pub organization_url: String,
    pub use_case: String,
    pub permission: Permission,
    /// Whether other users may let the App act for them.
    #[serde(default)]
    pub sign_in: bool,
    /// Where it runs; `null` where it does not use OAuth 2.0.
    #[serde(default)]
    pub client_type: Option<ClientType>,
    /// Whether OAuth 2.0 redirects come without `iss` (RFC 9207), for clients
    /// that refuse it.
    #[serde(default)]
    pub omit_iss: bool,
}
