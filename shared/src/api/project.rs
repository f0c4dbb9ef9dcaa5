//! Declares the requests and responses about Projects.

use super::{AppSummary, CreateAppRequest, CreatedApp, OfferedTransfer, ReceivedTransfer};
use crate::model::{
    ApplicationState, DeveloperAccountId, Environment, Permission, PlanLimits, ProjectId, ProjectSettings, UnixSeconds,
};
use crate::problem::FieldError;
use crate::validate::{self, Check, Rules};
use serde::{Deserialize, Serialize};

/// Creates a Project, with its first App in the same call if wanted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateProjectRequest {
    pub name: String,
    pub description: String,
    pub use_case: String,
    #[serde(default)]
    pub app: Option<FirstApp>,
}

/// The App that is created together with its Project.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FirstApp {
    pub name: String,
    pub description: String,
    #[serde(default)]
    pub website_url: String,
    #[serde(default)]
    pub callback_urls: Vec<String>,
    #[serde(default)]
    pub permission: Permission,
    #[serde(default)]
    pub environment: Environment,
}

impl FirstApp {
    /// The same App as its own request; the Project is not known yet.
    pub fn to_create_app(&self) -> CreateAppRequest {
        CreateAppRequest {
            name: self.name.clone(),
            description: self.description.clone(),
            website_url: self.website_url.clone(),
            callback_urls: self.callback_urls.clone(),
            permission: self.permission,
            ..CreateAppRequest::default()
        }
    }
}

impl CreateProjectRequest {
    /// Applies the rules; gives the request with its texts trimmed.
    pub fn check(mut self, rules: &Rules) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        check.field("name", &mut self.name, validate::project_name);
        check.field("description", &mut self.description, validate::description);
        check.field("use_case", &mut self.use_case, |text| validate::use_case(text, rules));
        if let Some(app) = &mut self.app {
            match app.to_create_app().check(rules) {
                Ok(kept) => {
                    app.name = kept.name;
                    app.description = kept.description;
                    app.website_url = kept.website_url;
                    app.callback_urls = kept.callback_urls;
                }
                Err(errors) => check.inner("app", errors),
            }
        }
        check.finish(self)
    }
}

/// Changes the named settings of a Project; what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UpdateProjectRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_case: Option<String>,
    /// The version of the Project that this change was made from. If the Project has another one by now, nothing is
    /// changed. Without it, the named settings are written whatever they are now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

impl UpdateProjectRequest {
    /// Applies the rules; gives the request with its texts trimmed.
    pub fn check(mut self, rules: &Rules) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        check.optional("name", &mut self.name, validate::project_name);
        check.optional("description", &mut self.description, validate::description);
        check.optional("use_case", &mut self.use_case, |text| validate::use_case(text, rules));
        check.finish(self)
    }

    /// Keeps only what differs from the Project that the change was made from, and names its version.
    pub fn only_changes(self, project: &ProjectView) -> Self {
        let old = &project.settings;
        Self {
            name: self.name.filter(|name| *name != old.name),
            description: self.description.filter(|description| *description != old.description),
            use_case: self.use_case.filter(|use_case| *use_case != old.use_case),
            version: Some(project.version),
        }
    }

    /// The settings after this change.
    pub fn applied_to(&self, old: &ProjectSettings) -> ProjectSettings {
        ProjectSettings {
            name: self.name.clone().unwrap_or_else(|| old.name.clone()),
            description: self.description.clone().unwrap_or_else(|| old.description.clone()),
            use_case: self.use_case.clone().unwrap_or_else(|| old.use_case.clone()),
        }
    }
}

/// A Project with its Apps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProjectView {
    pub id: ProjectId,
    pub developer_account_id: DeveloperAccountId,
    /// Grows with every change of its settings.
    pub version: u64,
    pub settings: ProjectSettings,
    /// Requests a month.
    pub monthly_cap: u64,
    pub created_at: UnixSeconds,
    pub apps: Vec<AppSummary>,
    /// To whom the Project is offered; `null` where it is not.
    pub transfer: Option<OfferedTransfer>,
}

/// A new Project, and its first App where one was asked for.
// No `Debug`: the App bears secrets.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreatedProject {
    pub project: ProjectView,
    pub app: Option<CreatedApp>,
}

/// What the dashboard shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dashboard {
    pub developer_account_id: DeveloperAccountId,
    /// Of the developer account.
    pub name: String,
    pub application_state: ApplicationState,
    pub projects: Vec<ProjectView>,
    pub standalone_apps: Vec<AppSummary>,
    /// What others offer to the developer account, newest first.
    pub transfers: Vec<ReceivedTransfer>,
    pub limits: PlanLimits,
}
