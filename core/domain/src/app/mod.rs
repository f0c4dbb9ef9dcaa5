//! Developer Apps: what a plan allows, and what the gate must know of one.

use crate::credential::{StoredCredential, current_credential, replace_credential};
use crate::format::Format;
use crate::portal_error::PortalError;
use gatehouse_shared::api::{ConsentApp, CredentialKind, NextExpiry};
use gatehouse_shared::credential::Public;
use gatehouse_shared::model::{
    AppId, AppSettings, AppStatus, ClientType, DeveloperAccountId, Environment, Permission, PlanLimits, ProjectId,
    UnixSeconds,
};
use gatehouse_shared::problem::FieldError;
use serde::{Deserialize, Serialize};

/// An App as its developer account keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredApp {
    pub id: AppId,
    /// Of what its owner edits: grows with each change of the settings or the membership.
    pub version: u64,
    pub settings: AppSettings,
    pub status: AppStatus,
    pub status_reason: String,
    /// Both or neither.
    pub project: Option<Membership>,
    pub created_at: UnixSeconds,
    /// Its name in OAuth 2.0, once it has a client type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    pub credentials: Vec<StoredCredential>,
    /// How often it changed hands: members' own Access Tokens from before do not count any more.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub transfers: u32,
}

/// An App's place in a Project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub project_id: ProjectId,
    pub environment: Environment,
}

/// What the gate knows of an App: one KV record, `app/<app id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppRecord {
    /// The layout of this record; see docs/storage.md.
    pub format: Format<1>,
    /// Grows with every change; an older record never replaces a newer one.
    pub version: u64,
    pub owner: DeveloperAccountId,
    /// `None` where the App was deleted.
    pub app: Option<LiveApp>,
}

impl AppRecord {
    pub fn new(version: u64, owner: DeveloperAccountId, app: Option<LiveApp>) -> Self {
        Self { format: Format::CURRENT, version, owner, app }
    }
}

/// The part of the record that a deleted App lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveApp {
    pub status: AppStatus,
    /// Whether the developer account is suspended.
    pub owner_suspended: bool,
    pub permission: Permission,
    pub project_id: Option<ProjectId>,
    pub callback_urls: Vec<String>,
    /// Whether users may let it act for them.
    #[serde(default)]
    pub sign_in: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_type: Option<ClientType>,
    pub credentials: Vec<StoredCredential>,
    /// How often the App changed hands.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub transfers: u32,
}

/// Whether an App never changed hands, which its records then leave out.
fn is_zero(transfers: &u32) -> bool {
    *transfers == 0
}

impl LiveApp {
    /// The credential that a presented one names, if the App still has it.
    pub fn find_credential(&self, kind: CredentialKind, named: &Public) -> Option<&StoredCredential> {
        self.credentials.iter().find(|stored| stored.kind == kind && stored.root.is_named_by(named))
    }

    /// The newest credential of a kind.
    pub fn current_credential(&self, kind: CredentialKind) -> Option<&StoredCredential> {
        current_credential(&self.credentials, kind)
    }

    /// Whether the operator stopped the App, or its developer account.
    pub fn is_stopped(&self) -> bool {
        self.status == AppStatus::Suspended || self.owner_suspended
    }
}

impl StoredApp {
    /// The newest credential of a kind.
    pub fn current_credential(&self, kind: CredentialKind) -> Option<&StoredCredential> {
        current_credential(&self.credentials, kind)
    }

    /// Puts `new` in the place of the credential of its kind, which stops at
    /// once, or works on for `overlap_seconds`.
    pub fn replace_credential(
        &mut self,
        new: StoredCredential,
        overlap_seconds: Option<u64>,
        now: UnixSeconds,
    ) -> Result<(), PortalError> {
        let has_secret = self.settings.client_type.is_some_and(|kind| kind.is_confidential());
        if new.kind == CredentialKind::ClientSecret && !has_secret {
            return Err(PortalError::NotConfidential);
        }
        replace_credential(&mut self.credentials, new, overlap_seconds, now)
    }

    /// The current credential that expires next.
    pub fn next_expiry(&self) -> Option<NextExpiry> {
        let current = self.credentials.iter().filter(|stored| stored.is_current());
        current
            .filter_map(|stored| Some(NextExpiry { kind: stored.kind, at: stored.expires_at? }))
            .min_by_key(|next| next.at)
    }

    /// The part that the gate must know.
    pub fn live(&self, owner_suspended: bool) -> LiveApp {
        LiveApp {
            status: self.status,
            owner_suspended,
            permission: self.settings.permission,
            project_id: self.project.map(|membership| membership.project_id),
            callback_urls: self.settings.callback_urls.clone(),
            sign_in: self.settings.sign_in,
            client_id: self.client_id.clone(),
            client_type: self.settings.client_type,
            credentials: self.credentials.clone(),
            transfers: self.transfers,
        }
    }

    /// As somebody sees it who is asked to let it act for them.
    pub fn introduce(&self, developer_name: &str) -> ConsentApp {
        let settings = &self.settings;
        ConsentApp {
            id: self.id,
            name: settings.name.clone(),
            description: settings.description.clone(),
            developer_name: developer_name.to_owned(),
            website_url: settings.website_url.clone(),
            organization_name: settings.organization_name.clone(),
            organization_url: settings.organization_url.clone(),
            terms_url: settings.terms_url.clone(),
            privacy_url: settings.privacy_url.clone(),
            environment: self.project.map(|membership| membership.environment),
        }
    }
}

/// Whether one more App fits the plan.
pub fn may_create_app(apps: usize, limits: &PlanLimits) -> Result<(), PortalError> {
    if apps < limits.apps as usize { Ok(()) } else { Err(PortalError::TooManyApps(limits.apps)) }
}

/// Whether one more App fits a Project.
pub fn may_join_project(apps_there: usize, limits: &PlanLimits) -> Result<(), PortalError> {
    if apps_there < limits.apps_per_project as usize {
        Ok(())
    } else {
        Err(PortalError::TooManyAppsInProject(limits.apps_per_project))
    }
}

/// Whether the typed name confirms a deletion.
pub fn confirm_name(typed: &str, name: &str) -> Result<(), PortalError> {
    if typed.trim() == name {
        return Ok(());
    }
    let message = format!("Type the name exactly as it is: {name}");
    Err(PortalError::Invalid(vec![FieldError::new("confirm_name", "mismatch", message)]))
}

/// The KV key of an App's record.
pub fn app_key(app_id: AppId) -> String {
    format!("app/{app_id}")
}
