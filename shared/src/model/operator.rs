//! Names the roles of operators.

use serde::{Deserialize, Serialize};

/// What an account may do as an operator of the deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OperatorRole {
    /// Reads and exports the audit log.
    Auditor,
    /// Sees accounts, developer accounts, the review queue and Apps; writes notes.
    Support,
    /// Decides applications; does what Support does.
    Reviewer,
    /// Does all that the others do; suspends, and gives operators their roles.
    Administrator,
}

impl OperatorRole {
    pub const ALL: [Self; 4] = [Self::Auditor, Self::Support, Self::Reviewer, Self::Administrator];

    /// The name in JSON and storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auditor => "auditor",
            Self::Support => "support",
            Self::Reviewer => "reviewer",
            Self::Administrator => "administrator",
        }
    }

    /// What the portal calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Auditor => "Auditor",
            Self::Support => "Support",
            Self::Reviewer => "Reviewer",
            Self::Administrator => "Administrator",
        }
    }

    /// What whoever has it may do, in a line.
    pub fn abilities(self) -> &'static str {
        match self {
            Self::Auditor => "Reads and exports the audit log. Changes nothing.",
            Self::Support => {
                "Sees accounts, developer accounts, the review queue, and Apps with their usage and refused requests. Writes \
                 notes. Changes nothing else."
            }
            Self::Reviewer => "Decides applications, and does what Support does.",
            Self::Administrator => {
                "Does what the other roles do. Suspends and reinstates, and gives operators their roles."
            }
        }
    }
}
