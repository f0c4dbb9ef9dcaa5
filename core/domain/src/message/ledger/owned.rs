//! What calls about an account's Projects and Apps carry.

use crate::credential::StoredCredential;
use gatehouse_shared::api::{CreateAppRequest, CreateProjectRequest, SetAppStatusRequest};
use gatehouse_shared::model::{AppId, PlanLimits, ProjectId};
use serde::{Deserialize, Serialize};

/// The id and the first credentials of a new App; drawn by the caller, so
/// that the Ledger needs no randomness and no master key.
#[derive(Serialize, Deserialize)]
pub struct NewApp {
    pub id: AppId,
    pub credentials: Vec<StoredCredential>,
}

#[derive(Serialize, Deserialize)]
pub struct CreateProject {
    pub id: ProjectId,
    pub request: CreateProjectRequest,
    /// Present where the request has an App.
    pub app: Option<NewApp>,
    pub limits: PlanLimits,
}

#[derive(Serialize, Deserialize)]
pub struct CreateApp {
    pub new: NewApp,
    pub request: CreateAppRequest,
    pub limits: PlanLimits,
}

#[derive(Serialize, Deserialize)]
pub struct SetAppStatus {
    pub app_id: AppId,
    pub request: SetAppStatusRequest,
}
