//! Names the roles of a developer account's members.

use serde::{Deserialize, Serialize};

/// What a member of a developer account may do. Each role may do all that the one before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MemberRole {
    /// Sees Projects and Apps, usage, and refusals.
    Viewer,
    /// Creates and changes Projects and Apps, and regenerates credentials.
    Developer,
    /// Deletes and transfers Projects and Apps, and looks after members.
    Admin,
    /// Answers for the developer account: its application and its Owners.
    Owner,
}

impl MemberRole {
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Developer, Self::Admin, Self::Owner];

    /// The name in JSON and storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Developer => "developer",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// What the portal calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Viewer => "Viewer",
            Self::Developer => "Developer",
            Self::Admin => "Admin",
            Self::Owner => "Owner",
        }
    }

    /// What a member with this role may do, in one line.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Viewer => "Sees Projects, Apps, usage, and refused requests. Sees no secret and changes nothing.",
            Self::Developer => "Creates and changes Projects and Apps, and generates and revokes their credentials.",
            Self::Admin => {
                "Also deletes and transfers Projects and Apps, invites and removes members, and changes their roles."
            }
            Self::Owner => "May do everything, and alone makes and removes Owners and submits the application.",
        }
    }
}
