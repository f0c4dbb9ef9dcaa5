//! Names the status and the role of an account.

use serde::{Deserialize, Serialize};

/// Whether an account may be used. It stands beside the developer application,
/// and an operator can set it whatever that one's state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AccountStatus {
    #[default]
    Active,
    /// Nobody can sign in, and no App acts for it. Developer accounts of the person go on.
    Suspended,
}

impl AccountStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

/// What an account may do in the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Applies for a developer account and owns Projects and Apps.
    Developer,
    /// Reviews applications and looks after accounts and Apps.
    Operator,
}
