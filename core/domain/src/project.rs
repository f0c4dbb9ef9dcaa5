//! Projects: what a plan allows and what may be deleted.

use crate::portal_error::PortalError;
use gatehouse_shared::model::{PlanLimits, ProjectId, ProjectSettings, UnixSeconds};
use serde::{Deserialize, Serialize};

/// A Project as its developer account keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredProject {
    pub id: ProjectId,
    /// Grows with each change of the settings.
    pub version: u64,
    pub settings: ProjectSettings,
    pub created_at: UnixSeconds,
}

/// Whether one more Project fits the plan.
pub fn may_create_project(projects: usize, limits: &PlanLimits) -> Result<(), PortalError> {
    if projects < limits.projects as usize { Ok(()) } else { Err(PortalError::TooManyProjects(limits.projects)) }
}

/// Whether a Project may go: only an empty one.
pub fn may_delete_project(apps: usize) -> Result<(), PortalError> {
    if apps == 0 { Ok(()) } else { Err(PortalError::ProjectHasApps(apps)) }
}
