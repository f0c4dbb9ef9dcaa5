//! What calls about an application, Projects and Apps carry.

use crate::credential::StoredCredential;
use gatehouse_shared::api::{
    ApprovalMode, ConsentApp, CreateAppRequest, CreateProjectRequest, SetAppStatusRequest, SubmitApplicationRequest,
};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AppId, PlanLimits, ProjectId};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct SubmitApplication {
    pub request: SubmitApplicationRequest,
    pub mode: ApprovalMode,
}

/// The id and the first credentials of a new App; drawn by the caller, so
/// that the object needs no randomness and no master key.
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

/// Puts a new credential in the place of the one of its kind, which stops at
/// once or after an overlap.
#[derive(Serialize, Deserialize)]
pub struct ReplaceCredential {
    pub app_id: AppId,
    pub credential: StoredCredential,
    pub overlap_seconds: Option<u64>,
}

/// Gives the App's current Bearer Token; `credential` becomes it where there
/// is none, or where it is `instead_of`, which can't be shown any more.
#[derive(Serialize, Deserialize)]
pub struct EnsureBearerToken {
    pub app_id: AppId,
    pub credential: StoredCredential,
    pub instead_of: Option<Serial>,
}

/// An App as others are shown it, with what a consent page must know of its
/// settings.
#[derive(Serialize, Deserialize)]
pub struct AskingApp {
    #[serde(flatten)]
    pub app: ConsentApp,
    /// Whether redirects of OAuth 2.0 come without `iss`.
    pub omit_iss: bool,
    /// Whether the user who was asked about is a member of the App's developer account.
    #[serde(default)]
    pub is_member: bool,
}
