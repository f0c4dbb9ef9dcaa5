//! What the portal shows, made from what is stored.

use super::Ledger;
use gatehouse_domain::app::StoredApp;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_domain::project::StoredProject;
use gatehouse_shared::api::{AppSummary, AppView, ApplicationView, NamedProject, ProjectView};
use gatehouse_shared::model::{PlanLimits, ProjectId};

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

pub(super) fn view_project(project: &StoredProject, apps: &[StoredApp], limits: &PlanLimits) -> ProjectView {
    ProjectView {
        id: project.id,
        version: project.version,
        settings: project.settings.clone(),
        monthly_cap: limits.monthly_cap,
        created_at: project.created_at,
        apps: apps_in(apps, project.id).map(summarize).collect(),
    }
}

impl<R: ObjectPorts> Ledger<R> {
    pub(super) fn view_app(&self, app: &StoredApp) -> Result<AppView, PortalError> {
        let project = match app.project {
            Some(membership) => {
                let project = self.project(membership.project_id)?;
                Some(NamedProject { id: project.id, name: project.settings.name })
            }
            None => None,
        };
        let (last_used_on, now) = (self.last_uses(app.id)?, self.runtime.now().seconds());
        Ok(AppView {
            id: app.id,
            version: app.version,
            settings: app.settings.clone(),
            status: app.status,
            status_reason: app.status_reason.clone(),
            project,
            environment: app.project.map(|membership| membership.environment),
            created_at: app.created_at,
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
        let account = self.account()?;
        Ok(ApplicationView {
            state: account.application_state,
            application: account.application,
            history: self.list("SELECT doc FROM application_event ORDER BY seq", &[])?,
        })
    }
}
