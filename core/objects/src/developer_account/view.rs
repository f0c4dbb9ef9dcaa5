//! What the portal shows, made from what is stored.

use super::{DeveloperAccount, StoredDeveloperAccount};
use crate::ledger::Committed;
use gatehouse_domain::app::StoredApp;
use gatehouse_domain::message::developer_account::{Asking, DeveloperAccountCall};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_domain::project::StoredProject;
use gatehouse_shared::api::{
    ActivityList, AppSummary, AppView, ApplicationView, Dashboard, NamedProject, ProjectView, TransferSubject,
};
use gatehouse_shared::model::{ApplicationState, DeveloperAccountId, PlanLimits, ProjectId};

pub(super) fn summarize(app: &StoredApp) -> AppSummary {
    AppSummary {
        id: app.id,
        name: app.settings.name.clone(),
        description: app.settings.description.clone(),
        project_id: app.project.map(|membership| membership.project_id),
        environment: app.project.map(|membership| membership.environment),
        permission: app.settings.permission,
        status: app.status,
        created_at: app.created_at,
        next_expiry: app.next_expiry(),
    }
}

pub(super) fn apps_in(apps: &[StoredApp], project_id: ProjectId) -> impl Iterator<Item = &StoredApp> {
    apps.iter().filter(move |app| app.project.is_some_and(|membership| membership.project_id == project_id))
}

/// What is shown of a developer account that nobody applied for yet to the person who may.
pub(super) fn answer_unapplied(
    id: DeveloperAccountId,
    asking: &Asking,
    call: &DeveloperAccountCall,
) -> Result<Committed, PortalError> {
    let state = ApplicationState::None;
    match call {
        DeveloperAccountCall::Require(_) => Committed::answer(&()),
        DeveloperAccountCall::FindApplication => {
            Committed::answer(&ApplicationView { state, application: None, history: Vec::new() })
        }
        DeveloperAccountCall::FindDashboard { limits } => Committed::answer(&Dashboard {
            developer_account_id: id,
            name: asking.username.clone(),
            application_state: state,
            projects: Vec::new(),
            standalone_apps: Vec::new(),
            transfers: Vec::new(),
            limits: *limits,
        }),
        DeveloperAccountCall::ListActivity(filter) if filter.app_id.is_none() && filter.project_id.is_none() => {
            Committed::answer(&ActivityList { entries: Vec::new() })
        }
        DeveloperAccountCall::FindProject { .. } => Err(PortalError::NotFound(Missing::Project)),
        _ => Err(PortalError::NotFound(Missing::App)),
    }
}

impl<R: ObjectPorts> DeveloperAccount<R> {
    pub(super) fn view_project(
        &self,
        developer: &StoredDeveloperAccount,
        project: &StoredProject,
        apps: &[StoredApp],
        limits: &PlanLimits,
    ) -> Result<ProjectView, PortalError> {
        Ok(ProjectView {
            id: project.id,
            developer_account_id: developer.id,
            version: project.version,
            settings: project.settings.clone(),
            monthly_cap: limits.monthly_cap,
            created_at: project.created_at,
            apps: apps_in(apps, project.id).map(summarize).collect(),
            transfer: self.offered(TransferSubject::Project(project.id))?,
        })
    }

    pub(super) fn view_projects(
        &self,
        developer: &StoredDeveloperAccount,
        projects: &[StoredProject],
        apps: &[StoredApp],
        limits: &PlanLimits,
    ) -> Result<Vec<ProjectView>, PortalError> {
        projects.iter().map(|project| self.view_project(developer, project, apps, limits)).collect()
    }

    pub(super) fn view_app(&self, app: &StoredApp) -> Result<AppView, PortalError> {
        let project = match app.project {
            Some(membership) => {
                let project = self.project(membership.project_id)?;
                Some(NamedProject { id: project.id, name: project.settings.name })
            }
            None => None,
        };
        let (last_used_on, now) = (self.ledger.last_uses(app.id)?, self.ledger.runtime.now().seconds());
        Ok(AppView {
            id: app.id,
            developer_account_id: self.developer()?.id,
            version: app.version,
            settings: app.settings.clone(),
            status: app.status,
            status_reason: app.status_reason.clone(),
            project,
            environment: app.project.map(|membership| membership.environment),
            created_at: app.created_at,
            transfer: self.offered(TransferSubject::App(app.id))?,
            client_id: app.client_id.clone(),
            credentials: app
                .credentials
                .iter()
                // One whose overlap is over has nothing left to show or end.
                .filter(|stored| stored.is_current() || stored.works_at(now))
                .map(|stored| stored.view(last_used_on(stored.root.serial)))
                .collect(),
        })
    }

    pub(super) fn view_application(&self) -> Result<ApplicationView, PortalError> {
        let developer = self.developer()?;
        Ok(ApplicationView {
            state: developer.application_state,
            application: Some(developer.application),
            history: self.ledger.list("SELECT doc FROM application_event ORDER BY seq", &[])?,
        })
    }
}
