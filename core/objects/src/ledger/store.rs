//! Loads and stores the records of one account.

use super::Ledger;
use gatehouse_domain::app::StoredApp;
use gatehouse_domain::format::decode;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectPorts, Row, SqlError, Value};
use gatehouse_domain::project::StoredProject;
use gatehouse_shared::api::AccountView;
use gatehouse_shared::model::{
    AccountId, AccountStatus, AppId, ApplicationState, DeveloperApplication, ProjectId, Role, UnixSeconds,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The account as its Ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredAccount {
    pub id: AccountId,
    pub username: String,
    pub email: String,
    pub password_hash: Option<String>,
    pub role: Role,
    pub status: AccountStatus,
    /// Why it is suspended; empty while it is active.
    pub status_reason: String,
    pub application_state: ApplicationState,
    /// When the application came into its present state.
    pub state_since: UnixSeconds,
    pub application: Option<DeveloperApplication>,
    pub created_at: UnixSeconds,
}

impl StoredAccount {
    /// Whether nothing of this account passes at the gate.
    pub(super) fn is_stopped(&self) -> bool {
        self.status == AccountStatus::Suspended || self.application_state == ApplicationState::Suspended
    }

    /// Refuses an account that an operator suspended.
    pub(super) fn require_active(&self) -> Result<(), PortalError> {
        match self.status {
            AccountStatus::Active => Ok(()),
            AccountStatus::Suspended => Err(PortalError::AccountSuspended(self.status_reason.clone())),
        }
    }

    pub(super) fn view(&self) -> AccountView {
        AccountView {
            id: self.id,
            username: self.username.clone(),
            email: self.email.clone(),
            role: self.role,
            status: self.status,
            status_reason: self.status_reason.clone(),
            application_state: self.application_state,
            created_at: self.created_at,
        }
    }
}

pub(super) fn read<T: DeserializeOwned>(row: &Row) -> Result<T, SqlError> {
    decode("stored record", row.text(0)?).map_err(SqlError)
}

pub(super) fn write(doc: &impl Serialize) -> Result<Value, SqlError> {
    serde_json::to_string(doc).map(Value::Text).map_err(|error| SqlError(format!("stored record: {error}")))
}

impl<R: ObjectPorts> Ledger<R> {
    pub(super) fn list<T: DeserializeOwned>(&self, statement: &str, params: &[Value]) -> Result<Vec<T>, SqlError> {
        self.runtime.exec(statement, params)?.iter().map(read).collect()
    }

    pub(super) fn load_account(&self) -> Result<Option<StoredAccount>, SqlError> {
        Ok(self.list("SELECT doc FROM account", &[])?.pop())
    }

    /// The account, where there must be one.
    pub(super) fn account(&self) -> Result<StoredAccount, PortalError> {
        self.load_account()?.ok_or(PortalError::NotFound(Missing::Account))
    }

    pub(super) fn save_account(&self, account: &StoredAccount) -> Result<(), SqlError> {
        self.runtime.exec("INSERT OR REPLACE INTO account(id, doc) VALUES (1, ?)", &[write(account)?])?;
        Ok(())
    }

    pub(super) fn projects(&self) -> Result<Vec<StoredProject>, SqlError> {
        let mut projects: Vec<StoredProject> = self.list("SELECT doc FROM project", &[])?;
        projects.sort_by_key(|project| (project.created_at, project.id));
        Ok(projects)
    }

    pub(super) fn project(&self, id: ProjectId) -> Result<StoredProject, PortalError> {
        let found = self.list("SELECT doc FROM project WHERE id = ?", &[id.to_string().into()])?.pop();
        found.ok_or(PortalError::NotFound(Missing::Project))
    }

    pub(super) fn save_project(&self, project: &StoredProject) -> Result<(), SqlError> {
        let params = [project.id.to_string().into(), write(project)?];
        self.runtime.exec("INSERT OR REPLACE INTO project(id, doc) VALUES (?, ?)", &params)?;
        Ok(())
    }

    pub(super) fn apps(&self) -> Result<Vec<StoredApp>, SqlError> {
        let mut apps: Vec<StoredApp> = self.list("SELECT doc FROM app", &[])?;
        apps.sort_by_key(|app| (app.created_at, app.id));
        Ok(apps)
    }

    pub(super) fn app(&self, id: AppId) -> Result<StoredApp, PortalError> {
        let found = self.list("SELECT doc FROM app WHERE id = ?", &[id.to_string().into()])?.pop();
        found.ok_or(PortalError::NotFound(Missing::App))
    }

    pub(super) fn save_app(&self, app: &StoredApp) -> Result<(), SqlError> {
        let params = [app.id.to_string().into(), write(app)?];
        self.runtime.exec("INSERT OR REPLACE INTO app(id, doc) VALUES (?, ?)", &params)?;
        Ok(())
    }

    pub(super) fn append_event(&self, event: &impl Serialize) -> Result<(), SqlError> {
        self.runtime.exec("INSERT INTO application_event(doc) VALUES (?)", &[write(event)?])?;
        Ok(())
    }
}
