use serde::{Deserialize, Serialize};

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
