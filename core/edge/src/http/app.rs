//! Creates, shows, changes and deletes Apps.

use super::body::{BodyError, read_json};
use super::reply::Response;
use super::router::Exchange;
use gatehouse_domain::account::find_reserved_word;
use gatehouse_domain::credential::draw_client_id;
use gatehouse_domain::message::activity::ActivityFilter;
use gatehouse_domain::message::developer_account::{CreateApp, DeveloperAccountCall, NewApp};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{EdgePorts, random};
use gatehouse_shared::api::{
    AppView, AttachAppRequest, ConfirmDeletionRequest, CreateAppRequest, CreatedApp, CredentialKind, IssuedCredentials,
    UpdateAppRequest,
};
use gatehouse_shared::model::AppId;
use gatehouse_shared::problem::FieldError;
use gatehouse_shared::validate::reserved_word;

impl<R: EdgePorts> Exchange<'_, R> {
    pub(super) fn app_id(&self) -> Result<AppId, PortalError> {
        self.params.get("app_id").parse().map_err(|_| PortalError::NotFound(Missing::App))
    }

    /// Draws a new App's id and makes its first credentials.
    pub(super) fn new_app(&self) -> Result<(NewApp, IssuedCredentials), PortalError> {
        let id = AppId::from_random(random(&self.isolate.runtime));
        let (key, key_shown) = self.draw_credential(id, CredentialKind::ApiKey, None)?;
        let (bearer, bearer_shown) = self.draw_credential(id, CredentialKind::BearerToken, None)?;
        let shown = IssuedCredentials { bearer_token: bearer_shown.bearer_token, ..key_shown };
        Ok((NewApp { id, credentials: vec![key, bearer] }, shown))
    }

    /// Refuses a text that contains a reserved word in a spelling that only
    /// the Worker can tell.
    pub(super) fn refuse_reserved_word(&self, field: &str, text: &str) -> Result<(), PortalError> {
        match find_reserved_word(text, &self.isolate.settings.api.reserved_words) {
            None => Ok(()),
            Some(word) => {
                let violation = reserved_word(word);
                Err(PortalError::Invalid(vec![FieldError::new(field, violation.rule, violation.message)]))
            }
        }
    }

    pub(super) async fn create_app(&self) -> Result<Response, BodyError> {
        let settings = &self.isolate.settings;
        let request = read_json::<CreateAppRequest>(self.request)?.check(&settings.rules())?;
        self.refuse_reserved_word("name", &request.name)?;
        let (new, credentials) = self.new_app()?;
        let call = CreateApp { new, request, limits: settings.api.plan };
        let app: AppView = self.ask_developer(DeveloperAccountCall::CreateApp(call)).await?;
        Ok(Response::ok(&CreatedApp { app, credentials })?)
    }

    pub(super) async fn find_app(&self) -> Result<Response, BodyError> {
        self.pass_app(DeveloperAccountCall::FindApp { app_id: self.app_id()? }).await
    }

    pub(super) async fn update_app(&self) -> Result<Response, BodyError> {
        let app_id = self.app_id()?;
        let request = read_json::<UpdateAppRequest>(self.request)?.check(&self.isolate.settings.rules())?;
        for (field, text) in [("name", &request.name), ("organization_name", &request.organization_name)] {
            if let Some(text) = text {
                self.refuse_reserved_word(field, text)?;
            }
        }
        let (settings, runtime) = (&self.isolate.settings, &self.isolate.runtime);
        let draw = |_| draw_client_id(&settings.keyring, settings.prefix(), app_id, runtime);
        let client_id = request.client_type.map(draw);
        self.pass_app(DeveloperAccountCall::UpdateApp { app_id, request, client_id }).await
    }

    pub(super) async fn delete_app(&self) -> Result<Response, BodyError> {
        let app_id = self.app_id()?;
        let ConfirmDeletionRequest { confirm_name } = read_json(self.request)?;
        self.pass_developer(DeveloperAccountCall::DeleteApp { app_id, confirm_name }).await
    }

    pub(super) async fn attach_app(&self) -> Result<Response, BodyError> {
        let app_id = self.app_id()?;
        let request: AttachAppRequest = read_json(self.request)?;
        let limits = self.isolate.settings.api.plan;
        self.pass_app(DeveloperAccountCall::AttachApp { app_id, request, limits }).await
    }

    pub(super) async fn detach_app(&self) -> Result<Response, BodyError> {
        self.pass_app(DeveloperAccountCall::DetachApp { app_id: self.app_id()? }).await
    }

    pub(super) async fn list_app_activity(&self) -> Result<Response, BodyError> {
        let filter = ActivityFilter { app_id: Some(self.app_id()?), ..self.activity_filter()? };
        self.pass_developer(DeveloperAccountCall::ListActivity(filter)).await
    }
}
