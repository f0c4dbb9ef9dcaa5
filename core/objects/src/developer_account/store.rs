//! Loads and stores the records of one developer account.

use super::DeveloperAccount;
use crate::ledger::{Publication, cut, write};
use gatehouse_domain::app::StoredApp;
use gatehouse_domain::message::account::Membership;
use gatehouse_domain::message::account_index::DeveloperAccountEntry;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_domain::project::StoredProject;
use gatehouse_shared::api::MemberView;
use gatehouse_shared::model::{
    AccountId, AppId, ApplicationState, DeveloperAccountId, DeveloperApplication, MemberRole, ProjectId, UnixSeconds,
};
use serde::{Deserialize, Serialize};

/// How much of a use case the review queue shows, in characters.
const USE_CASE_CHARS: usize = 200;

/// The developer account as its object keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredDeveloperAccount {
    pub id: DeveloperAccountId,
    /// The username of the member who applied for it.
    pub applicant: String,
    pub application_state: ApplicationState,
    /// When the application came into its present state.
    pub state_since: UnixSeconds,
    pub application: DeveloperApplication,
    /// What was submitted before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<DeveloperApplication>,
    pub created_at: UnixSeconds,
}

impl StoredDeveloperAccount {
    /// The organization of the application, or the applicant's username.
    pub(super) fn name(&self) -> &str {
        if self.application.organization.is_empty() { &self.applicant } else { &self.application.organization }
    }

    /// How the use case begins, while an operator has to decide.
    fn waiting_use_case(&self) -> String {
        match self.application_state {
            ApplicationState::InReview | ApplicationState::MoreInformationRequested => {
                cut(&self.application.use_case, USE_CASE_CHARS)
            }
            _ => String::new(),
        }
    }

    /// Whether none of its Apps pass at the gate.
    pub(super) fn is_stopped(&self) -> bool {
        self.application_state == ApplicationState::Suspended
    }
}

/// A member as the developer account keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMember {
    pub account: AccountId,
    pub username: String,
    pub role: MemberRole,
    pub since: UnixSeconds,
}

impl StoredMember {
    pub(super) fn view(&self) -> MemberView {
        MemberView { account_id: self.account, username: self.username.clone(), role: self.role, since: self.since }
    }
}

impl<R: ObjectPorts> DeveloperAccount<R> {
    pub(super) fn load_developer(&self) -> Result<Option<StoredDeveloperAccount>, SqlError> {
        Ok(self.ledger.list("SELECT doc FROM developer_account", &[])?.pop())
    }

    /// The developer account, where there must be one.
    pub(super) fn developer(&self) -> Result<StoredDeveloperAccount, PortalError> {
        self.load_developer()?.ok_or(PortalError::NotFound(Missing::DeveloperAccount))
    }

    pub(super) fn save_developer(&self, developer: &StoredDeveloperAccount) -> Result<(), SqlError> {
        let statement = "INSERT OR REPLACE INTO developer_account(id, doc) VALUES (1, ?)";
        self.ledger.runtime.exec(statement, &[write(developer)?])?;
        Ok(())
    }

    /// Tells the account index and the members how the developer account stands.
    pub(super) fn post_developer(&self, version: u64, developer: &StoredDeveloperAccount) -> Result<(), SqlError> {
        let entry = DeveloperAccountEntry {
            id: developer.id,
            name: developer.name().to_owned(),
            applicant: developer.applicant.clone(),
            application_state: developer.application_state,
            since: developer.state_since,
            use_case: developer.waiting_use_case(),
        };
        self.ledger.post(version, &Publication::DeveloperAccount(entry))?;
        for member in self.members()? {
            self.post_member(version, developer, &member)?;
        }
        Ok(())
    }

    /// Tells a member's Account how they belong to the developer account.
    pub(super) fn post_member(
        &self,
        version: u64,
        developer: &StoredDeveloperAccount,
        member: &StoredMember,
    ) -> Result<(), SqlError> {
        let membership = Membership {
            name: developer.name().to_owned(),
            role: member.role,
            application_state: developer.application_state,
        };
        let (account, developer, source) = (member.account, developer.id, self.ledger.source());
        let publication = Publication::Member { account, developer, membership: Some(membership), source };
        self.ledger.post(version, &publication)
    }

    /// Every member, Owners first, then by when they became one.
    pub(super) fn members(&self) -> Result<Vec<StoredMember>, SqlError> {
        let mut members: Vec<StoredMember> = self.ledger.list("SELECT doc FROM member", &[])?;
        members.sort_by_key(|member| (std::cmp::Reverse(member.role), member.since, member.account));
        Ok(members)
    }

    pub(super) fn member(&self, account: AccountId) -> Result<Option<StoredMember>, SqlError> {
        Ok(self.ledger.list("SELECT doc FROM member WHERE account = ?", &[account.to_string().into()])?.pop())
    }

    pub(super) fn save_member(&self, member: &StoredMember) -> Result<(), SqlError> {
        let params = [member.account.to_string().into(), write(member)?];
        self.ledger.runtime.exec("INSERT OR REPLACE INTO member(account, doc) VALUES (?, ?)", &params)?;
        Ok(())
    }

    pub(super) fn projects(&self) -> Result<Vec<StoredProject>, SqlError> {
        let mut projects: Vec<StoredProject> = self.ledger.list("SELECT doc FROM project", &[])?;
        projects.sort_by_key(|project| (project.created_at, project.id));
        Ok(projects)
    }

    pub(super) fn project(&self, id: ProjectId) -> Result<StoredProject, PortalError> {
        let found = self.ledger.list("SELECT doc FROM project WHERE id = ?", &[id.to_string().into()])?.pop();
        found.ok_or_else(|| self.missing(Missing::Project, &id.to_string()))
    }

    pub(super) fn save_project(&self, project: &StoredProject) -> Result<(), SqlError> {
        let params = [project.id.to_string().into(), write(project)?];
        self.ledger.runtime.exec("INSERT OR REPLACE INTO project(id, doc) VALUES (?, ?)", &params)?;
        Ok(())
    }

    pub(super) fn apps(&self) -> Result<Vec<StoredApp>, SqlError> {
        let mut apps: Vec<StoredApp> = self.ledger.list("SELECT doc FROM app", &[])?;
        apps.sort_by_key(|app| (app.created_at, app.id));
        Ok(apps)
    }

    pub(super) fn app(&self, id: AppId) -> Result<StoredApp, PortalError> {
        let found = self.ledger.list("SELECT doc FROM app WHERE id = ?", &[id.to_string().into()])?.pop();
        found.ok_or_else(|| self.missing(Missing::App, &id.to_string()))
    }

    pub(super) fn save_app(&self, app: &StoredApp) -> Result<(), SqlError> {
        let params = [app.id.to_string().into(), write(app)?];
        self.ledger.runtime.exec("INSERT OR REPLACE INTO app(id, doc) VALUES (?, ?)", &params)?;
        Ok(())
    }
}
