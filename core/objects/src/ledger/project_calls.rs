//! Projects.

use super::outbox::Publication;
use super::view::{apps_in, summarize, view_project};
use super::{Committed, Ledger};
use gatehouse_domain::app::{Membership, StoredApp, confirm_name, may_create_app, may_join_project};
use gatehouse_domain::message::ledger::CreateProject;
use gatehouse_domain::portal_error::{Changed, PortalError};
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_domain::project::{StoredProject, may_create_project, may_delete_project};
use gatehouse_shared::api::{AppView, Dashboard, Done, ProjectView, UpdateProjectRequest};
use gatehouse_shared::model::{AppStatus, PlanLimits, ProjectId, ProjectSettings};

impl<R: ObjectPorts> Ledger<R> {
    pub(super) fn find_dashboard(&self, limits: PlanLimits) -> Result<Committed, PortalError> {
        let account = self.account()?;
        let apps = self.apps()?;
        Committed::answer(&Dashboard {
            application_state: account.application_state,
            projects: self.projects()?.iter().map(|project| view_project(project, &apps, &limits)).collect(),
            standalone_apps: apps.iter().filter(|app| app.project.is_none()).map(summarize).collect(),
            limits,
        })
    }

    /// Answers `(ProjectView, Option<AppView>)`.
    pub(super) fn create_project(&self, call: &CreateProject) -> Result<Committed, PortalError> {
        let account = self.account()?;
        let mut apps = self.apps()?;
        may_create_project(self.projects()?.len(), &call.limits)?;
        let project = StoredProject {
            id: call.id,
            version: 1,
            settings: ProjectSettings {
                name: call.request.name.clone(),
                description: call.request.description.clone(),
                use_case: call.request.use_case.clone(),
            },
            created_at: self.runtime.now().seconds(),
        };
        self.save_project(&project)?;
        self.record("create_project", &project.settings.name, None, false)?;
        let mut records = Vec::new();
        let mut first: Option<AppView> = None;
        if let (Some(request), Some(new)) = (&call.request.app, &call.app) {
            may_create_app(apps.len(), &call.limits)?;
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
            };
            records.push(self.insert_app(&account, &app)?);
            first = Some(self.view_app(&app)?);
            apps.push(app);
        }
        let view: ProjectView = view_project(&project, &apps, &call.limits);
        Ok(Committed::answer(&(view, first))?.with_records(records))
    }

    pub(super) fn find_project(&self, id: ProjectId, limits: &PlanLimits) -> Result<Committed, PortalError> {
        Committed::answer(&view_project(&self.project(id)?, &self.apps()?, limits))
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
            return Committed::answer(&view_project(&project, &self.apps()?, limits));
        }
        project.settings = settings;
        project.version += 1;
        self.save_project(&project)?;
        self.record("update_project", &project.settings.name, None, false)?;
        Committed::answer(&view_project(&project, &self.apps()?, limits))
    }

    pub(super) fn delete_project(&self, id: ProjectId, typed: &str) -> Result<Committed, PortalError> {
        let project = self.project(id)?;
        may_delete_project(apps_in(&self.apps()?, id).count())?;
        confirm_name(typed, &project.settings.name)?;
        self.runtime.exec("DELETE FROM project WHERE id = ?", &[id.to_string().into()])?;
        self.record("delete_project", &project.settings.name, None, false)?;
        self.post(self.next_version()?, &Publication::EndProject { project_id: id })?;
        Committed::answer(&Done {})
    }
}
