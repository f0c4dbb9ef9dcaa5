//! Projects.

use super::DeveloperAccount;
use super::view::{apps_in, summarize};
use crate::ledger::{Act, Committed, Publication};
use gatehouse_domain::app::{Membership, StoredApp, confirm_name, may_create_app, may_join_project};
use gatehouse_domain::message::activity::ActivityFilter;
use gatehouse_domain::message::developer_account::CreateProject;
use gatehouse_domain::portal_error::{Changed, PortalError};
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_domain::project::{StoredProject, may_create_project, may_delete_project};
use gatehouse_shared::api::{AppView, Dashboard, Done, TransferSubject, UpdateProjectRequest};
use gatehouse_shared::model::{AppStatus, PlanLimits, ProjectId, ProjectSettings};

impl<R: ObjectPorts> DeveloperAccount<R> {
    pub(super) fn find_dashboard(&self, limits: PlanLimits) -> Result<Committed, PortalError> {
        let developer = self.developer()?;
        let (projects, apps) = (self.projects()?, self.apps()?);
        Committed::answer(&Dashboard {
            developer_account_id: developer.id,
            name: developer.name().to_owned(),
            application_state: developer.application_state,
            projects: self.view_projects(&developer, &projects, &apps, &limits)?,
            standalone_apps: apps.iter().filter(|app| app.project.is_none()).map(summarize).collect(),
            transfers: self.received_transfers()?,
            limits,
        })
    }

    /// Answers `(ProjectView, Option<AppView>)`.
    pub(super) fn create_project(&self, call: &CreateProject) -> Result<Committed, PortalError> {
        let developer = self.developer()?;
        let mut apps = self.apps()?;
        let (coming_apps, coming_projects) = self.coming()?;
        may_create_project(self.projects()?.len() + coming_projects, &call.limits)?;
        let project = StoredProject {
            id: call.id,
            version: 1,
            settings: ProjectSettings {
                name: call.request.name.clone(),
                description: call.request.description.clone(),
                use_case: call.request.use_case.clone(),
            },
            created_at: self.ledger.runtime.now().seconds(),
        };
        self.save_project(&project)?;
        self.ledger.record(of_project("create_project", &project))?;
        let mut records = Vec::new();
        let mut first: Option<AppView> = None;
        if let (Some(request), Some(new)) = (&call.request.app, &call.app) {
            may_create_app(apps.len() + coming_apps, &call.limits)?;
            may_join_project(0, &call.limits)?;
            let app = StoredApp {
                id: new.id,
                version: 1,
                settings: request.to_create_app().settings(),
                status: AppStatus::Active,
                status_reason: String::new(),
                project: Some(Membership { project_id: project.id, environment: request.environment }),
                created_at: project.created_at,
                client_id: None,
                credentials: new.credentials.clone(),
                transfers: 0,
            };
            records.push(self.insert_app(&developer, &app)?);
            first = Some(self.view_app(&app)?);
            apps.push(app);
        }
        let version = self.ledger.next_version()?;
        let owner = Publication::ProjectOwner { project_id: project.id, owner: developer.id };
        self.ledger.post(version, &owner)?;
        let view = self.view_project(&developer, &project, &apps, &call.limits)?;
        Ok(Committed::answer(&(view, first))?.with_records(records))
    }

    pub(super) fn find_project(&self, id: ProjectId, limits: &PlanLimits) -> Result<Committed, PortalError> {
        Committed::answer(&self.view_project(&self.developer()?, &self.project(id)?, &self.apps()?, limits)?)
    }

    pub(super) fn update_project(
        &self,
        id: ProjectId,
        request: &UpdateProjectRequest,
        limits: &PlanLimits,
    ) -> Result<Committed, PortalError> {
        let mut project = self.project(id)?;
        Changed::Project.refuse_unless_current(request.version, project.version)?;
        let settings = request.applied_to(&project.settings);
        if settings == project.settings {
            return Committed::answer(&self.view_project(&self.developer()?, &project, &self.apps()?, limits)?);
        }
        let act = of_project("update_project", &project).with_changes(&project.settings, &settings);
        project.settings = settings;
        project.version += 1;
        self.save_project(&project)?;
        self.ledger.record(Act { subject: project.settings.name.clone(), ..act })?;
        Committed::answer(&self.view_project(&self.developer()?, &project, &self.apps()?, limits)?)
    }

    pub(super) fn delete_project(&self, id: ProjectId, typed: &str) -> Result<Committed, PortalError> {
        let project = self.project(id)?;
        may_delete_project(apps_in(&self.apps()?, id).count())?;
        confirm_name(typed, &project.settings.name)?;
        self.ledger.runtime.exec("DELETE FROM project WHERE id = ?", &[id.to_string().into()])?;
        self.end_offer_of(TransferSubject::Project(id))?;
        self.ledger.record(of_project("delete_project", &project))?;
        self.ledger.post(self.ledger.next_version()?, &Publication::EndProject { project_id: id })?;
        Committed::answer(&Done {})
    }

    pub(super) fn list_activity(&self, filter: &ActivityFilter) -> Result<Committed, PortalError> {
        if let Some(id) = filter.app_id {
            self.app(id)?;
        }
        if let Some(id) = filter.project_id {
            self.project(id)?;
        }
        self.ledger.list_activity(filter)
    }
}

pub(super) fn of_project(operation: &'static str, project: &StoredProject) -> Act {
    Act::new(operation, &project.settings.name).of_project(project.id)
}
