//! Declares the requests and responses about Apps.

use super::{CredentialView, IssuedCredentials, NextExpiry, OfferedTransfer};
use crate::model::{
    AppId, AppSettings, AppStatus, ClientType, DeveloperAccountId, Environment, Permission, ProjectId, UnixSeconds,
};
use crate::problem::FieldError;
use crate::validate::{self, Check, Rules, Violation};
use serde::{Deserialize, Serialize};

/// Creates an App: standalone, or in `project_id` with an `environment`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateAppRequest {
    pub name: String,
    pub description: String,
    #[serde(default)]
    pub website_url: String,
    #[serde(default)]
    pub callback_urls: Vec<String>,
    #[serde(default)]
    pub use_case: String,
    #[serde(default)]
    pub permission: Permission,
    #[serde(default)]
    pub project_id: Option<ProjectId>,
    /// Only with `project_id`; `development` where it is left out.
    #[serde(default)]
    pub environment: Option<Environment>,
}

impl CreateAppRequest {
    /// Applies the rules; gives the request with its texts trimmed.
    pub fn check(mut self, rules: &Rules) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        check.field("name", &mut self.name, |text| validate::app_name(text, rules));
        check.field("description", &mut self.description, validate::description);
        check.field("website_url", &mut self.website_url, validate::optional_url);
        check_callbacks(&mut check, &mut self.callback_urls, rules);
        check.field("use_case", &mut self.use_case, |text| validate::optional_use_case(text, rules));
        if self.environment.is_some() && self.project_id.is_none() {
            let message =
                "Only Apps in a Project have an environment. Add a project_id, or omit the environment.".into();
            check.refuse("environment", Violation { rule: "project-only", message });
        }
        check.finish(self)
    }

    /// The settings that the new App starts with.
    pub fn settings(&self) -> AppSettings {
        AppSettings {
            name: self.name.clone(),
            description: self.description.clone(),
            website_url: self.website_url.clone(),
            callback_urls: self.callback_urls.clone(),
            terms_url: String::new(),
            privacy_url: String::new(),
            organization_name: String::new(),
            organization_url: String::new(),
            use_case: self.use_case.clone(),
            permission: self.permission,
            sign_in: false,
            client_type: None,
            omit_iss: false,
        }
    }
}

fn check_callbacks(check: &mut Check, urls: &mut Vec<String>, rules: &Rules) {
    match validate::callback_urls(urls, rules) {
        Ok(kept) => *urls = kept,
        Err(errors) => {
            for (index, violation) in errors {
                let field = index.map_or("callback_urls".into(), |index| format!("callback_urls[{index}]"));
                check.refuse(field, violation);
            }
        }
    }
}

/// Changes the named settings; what is left out stays. An empty text clears
/// an optional setting.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UpdateAppRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback_urls: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privacy_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_case: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<Permission>,
    /// Only for an App in a Project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// Whether other users may let the App act for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<bool>,
    /// Where the App runs. The first one gives it a Client ID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_type: Option<ClientType>,
    /// Whether to leave `iss` (RFC 9207) out of OAuth 2.0 redirects, for a
    /// client that refuses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub omit_iss: Option<bool>,
    /// The version of the App that this change was made from. If the App has another one by now, nothing is changed.
    /// Without it, the named settings are written whatever they are now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

impl UpdateAppRequest {
    /// Applies the rules; gives the request with its texts trimmed.
    pub fn check(mut self, rules: &Rules) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        check.optional("name", &mut self.name, |text| validate::app_name(text, rules));
        check.optional("description", &mut self.description, validate::description);
        check.optional("website_url", &mut self.website_url, validate::optional_url);
        if let Some(urls) = &mut self.callback_urls {
            check_callbacks(&mut check, urls, rules);
        }
        check.optional("terms_url", &mut self.terms_url, validate::optional_url);
        check.optional("privacy_url", &mut self.privacy_url, validate::optional_url);
        check.optional("organization_name", &mut self.organization_name, |text| validate::organization(text, rules));
        check.optional("organization_url", &mut self.organization_url, validate::optional_url);
        check.optional("use_case", &mut self.use_case, |text| validate::optional_use_case(text, rules));
        check.finish(self)
    }

    /// Keeps only what differs from the App that the change was made from, and names its version: a form sends what was
    /// edited, and not what it was opened with.
    pub fn only_changes(self, app: &AppView) -> Self {
        let old = &app.settings;
        let text = |new: Option<String>, old: &String| new.filter(|new| new != old);
        Self {
            name: text(self.name, &old.name),
            description: text(self.description, &old.description),
            website_url: text(self.website_url, &old.website_url),
            callback_urls: self.callback_urls.filter(|urls| *urls != old.callback_urls),
            terms_url: text(self.terms_url, &old.terms_url),
            privacy_url: text(self.privacy_url, &old.privacy_url),
            organization_name: text(self.organization_name, &old.organization_name),
            organization_url: text(self.organization_url, &old.organization_url),
            use_case: text(self.use_case, &old.use_case),
            permission: self.permission.filter(|permission| *permission != old.permission),
            environment: self.environment.filter(|environment| Some(*environment) != app.environment),
            sign_in: self.sign_in.filter(|sign_in| *sign_in != old.sign_in),
            client_type: self.client_type.filter(|kind| Some(*kind) != old.client_type),
            omit_iss: self.omit_iss.filter(|omit| *omit != old.omit_iss),
            version: Some(app.version),
        }
    }

    /// The settings after this change.
    pub fn applied_to(&self, old: &AppSettings) -> AppSettings {
        let text = |new: &Option<String>, old: &String| new.clone().unwrap_or_else(|| old.clone());
        AppSettings {
            name: text(&self.name, &old.name),
            description: text(&self.description, &old.description),
            website_url: text(&self.website_url, &old.website_url),
            callback_urls: self.callback_urls.clone().unwrap_or_else(|| old.callback_urls.clone()),
            terms_url: text(&self.terms_url, &old.terms_url),
            privacy_url: text(&self.privacy_url, &old.privacy_url),
            organization_name: text(&self.organization_name, &old.organization_name),
            organization_url: text(&self.organization_url, &old.organization_url),
            use_case: text(&self.use_case, &old.use_case),
            permission: self.permission.unwrap_or(old.permission),
            sign_in: self.sign_in.unwrap_or(old.sign_in),
            client_type: self.client_type.or(old.client_type),
            omit_iss: self.omit_iss.unwrap_or(old.omit_iss),
        }
    }
}

/// Attaches an App to a Project, or moves it there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AttachAppRequest {
    pub project_id: ProjectId,
    #[serde(default)]
    pub environment: Environment,
}

/// An App in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppSummary {
    pub id: AppId,
    pub name: String,
    pub description: String,
    /// `null` for a standalone App, as is `environment`.
    pub project_id: Option<ProjectId>,
    pub environment: Option<Environment>,
    pub permission: Permission,
    pub status: AppStatus,
    pub created_at: UnixSeconds,
    /// The current credential with the nearest expiry date, if any has one.
    pub next_expiry: Option<NextExpiry>,
}

/// The Project that an App is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NamedProject {
    pub id: ProjectId,
    pub name: String,
}

/// An App on its own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppView {
    pub id: AppId,
    pub developer_account_id: DeveloperAccountId,
    /// Grows with every change of its settings, its environment or its Project.
    pub version: u64,
    pub settings: AppSettings,
    pub status: AppStatus,
    /// Why the operator restricted or suspended it; empty while active.
    pub status_reason: String,
    pub project: Option<NamedProject>,
    pub environment: Option<Environment>,
    pub created_at: UnixSeconds,
    /// Its name in OAuth 2.0, for ever; `null` until a client type is set.
    pub client_id: Option<String>,
    /// By kind; a replaced one that still works comes after its successor. Access Tokens are those of whoever asks.
    pub credentials: Vec<CredentialView>,
    /// To whom the App is offered; `null` where it is not.
    pub transfer: Option<OfferedTransfer>,
}

/// A new App with its credentials, whose secrets no later answer shows.
// No `Debug`: it bears secrets.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreatedApp {
    pub app: AppView,
    pub credentials: IssuedCredentials,
}

/// A credential that was made or replaced, shown once, and the App as it is now.
// No `Debug`: it bears secrets.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RegeneratedCredential {
    #[serde(flatten)]
    pub credentials: IssuedCredentials,
    pub app: AppView,
}
