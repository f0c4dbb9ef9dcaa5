//! Describes a scope of OAuth 2.0.

use super::Permission;
use serde::{Deserialize, Serialize};

/// What an App may ask for with OAuth 2.0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScopeSummary {
    pub name: String,
    /// What it allows, a sentence for the user who is asked.
    pub text: String,
    /// The permission that an App must have to ask for it.
    #[serde(default)]
    pub permission: Permission,
}
