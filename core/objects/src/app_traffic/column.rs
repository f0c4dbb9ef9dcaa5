//! Writes users and Projects as the columns of the tables hold them.

use gatehouse_shared::model::{AccountId, ProjectId};

/// Nothing stands for the App itself.
pub(super) fn user_text(user: Option<AccountId>) -> String {
    user.map(|user| user.to_string()).unwrap_or_default()
}

/// A standalone App's requests stand under no Project.
pub(super) fn project_text(project: Option<ProjectId>) -> String {
    project.map(|project| project.to_string()).unwrap_or_default()
}
