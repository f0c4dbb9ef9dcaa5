//! Creates, shows, changes and deletes Projects.

use super::body::{BodyError, read_json};
use super::reply::Response;
use super::router::Exchange;
use gatehouse_domain::message::developer_account::{CreateProject, DeveloperAccountCall};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{EdgePorts, random};
use gatehouse_shared::api::{
    AppView, ConfirmDeletionRequest, CreateProjectRequest, CreatedApp, CreatedProject, CredentialKind, Dashboard,
    NextExpiry, ProjectView, UpdateProjectRequest,
};
use gatehouse_shared::model::ProjectId;

impl<R: EdgePorts> Exchange<'_, R> {
    pub(super) fn project_id(&self) -> Result<ProjectId, PortalError> {
        self.params.get("project_id").parse().map_err(|_| PortalError::NotFound(Missing::Project))
    }

    pub(super) async fn find_dashboard(&self) -> Result<Response, BodyError> {
        let limits = self.isolate.settings.api.plan;
        let signer = self.signer_with_expiries().await?;
        let mut dashboard: Dashboard = self.ask_developer(DeveloperAccountCall::FindDashboard { limits }).await?;
        // The developer account does not know its members' own Access Tokens.
        for (app_id, at) in signer.own_expiries {
            let of_projects = dashboard.projects.iter_mut().flat_map(|project| &mut project.apps);
            let mut apps = of_projects.chain(&mut dashboard.standalone_apps);
            let Some(app) = apps.find(|app| app.id == app_id) else { continue };
            if app.next_expiry.is_none_or(|next| at < next.at) {
                app.next_expiry = Some(NextExpiry { kind: CredentialKind::AccessToken, at });
            }
        }
        Ok(Response::ok(&dashboard)?)
    }

    pub(super) async fn create_project(&self) -> Result<Response, BodyError> {
        let settings = &self.isolate.settings;
        let request = read_json::<CreateProjectRequest>(self.request)?.check(&settings.rules())?;
        let (app, credentials) = match &request.app {
            Some(first) => {
                self.refuse_reserved_word("app.name", &first.name)?;
                let (new, credentials) = self.new_app()?;
                (Some(new), Some(credentials))
            }
            None => (None, None),
        };
        let id = ProjectId::from_random(random(&self.isolate.runtime));
        let call = CreateProject { id, request, app, limits: settings.api.plan };
        let (project, app): (ProjectView, Option<AppView>) =
            self.ask_developer(DeveloperAccountCall::CreateProject(call)).await?;
        let app = app.zip(credentials).map(|(app, credentials)| CreatedApp { app, credentials });
        Ok(Response::ok(&CreatedProject { project, app })?)
    }

    pub(super) async fn find_project(&self) -> Result<Response, BodyError> {
        let limits = self.isolate.settings.api.plan;
        self.pass_developer(DeveloperAccountCall::FindProject { project_id: self.project_id()?, limits }).await
    }

    pub(super) async fn update_project(&self) -> Result<Response, BodyError> {
        let project_id = self.project_id()?;
        let request = read_json::<UpdateProjectRequest>(self.request)?.check(&self.isolate.settings.rules())?;
        let limits = self.isolate.settings.api.plan;
        self.pass_developer(DeveloperAccountCall::UpdateProject { project_id, request, limits }).await
    }

    pub(super) async fn delete_project(&self) -> Result<Response, BodyError> {
        let project_id = self.project_id()?;
        let ConfirmDeletionRequest { confirm_name } = read_json(self.request)?;
        self.pass_developer(DeveloperAccountCall::DeleteProject { project_id, confirm_name }).await
    }
}
