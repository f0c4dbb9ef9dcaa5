//! Describes a Project as its developer edits it.

use serde::{Deserialize, Serialize};

/// What a developer may edit of a Project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProjectSettings {
    pub name: String,
    pub description: String,
    pub use_case: String,
}
