//! Answers the operator: applications, accounts, developer accounts, and the
//! status of Apps.

use super::body::{BodyError, read_json};
use super::reply::Response;
use super::router::Exchange;
use gatehouse_domain::message::account::{AccountCall, Caller};
use gatehouse_domain::message::account_index::AccountIndexCall;
use gatehouse_domain::message::developer_account::{self, DeveloperAccountCall, SetAppStatus};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{EdgePorts, ObjectName, ask};
use gatehouse_shared::api::{
    CreateNoteRequest, DecideApplicationRequest, DeveloperAccountRecord, SetAccountStatusRequest, SetAppStatusRequest,
    SetOperatorRoleRequest,
};
use gatehouse_shared::model::{AccountId, ApplicationState, DeveloperAccountId};
use gatehouse_shared::problem::FieldError;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

impl<R: EdgePorts> Exchange<'_, R> {
    async fn pass_index(&self, call: AccountIndexCall) -> Result<Response, BodyError> {
        let answer: Box<RawValue> =
            ask(&self.isolate.runtime, &ObjectName::AccountIndex, &call).await.map_err(PortalError::from)?;
        Ok(Response::new(200, "application/json", answer.get().to_owned()))
    }

    /// The account in the path.
    pub(super) fn account_of_path(&self) -> Result<AccountId, PortalError> {
        self.params.get("account_id").parse().map_err(|_| PortalError::NotFound(Missing::Account))
    }

    /// The developer account in the path.
    pub(super) fn developer_of_path(&self) -> Result<DeveloperAccountId, PortalError> {
        let id = self.params.get("developer_account_id");
        id.parse().map_err(|_| PortalError::NotFound(Missing::DeveloperAccount))
    }

    /// Asks the account in the path, as the operator.
    async fn pass_account(&self, call: AccountCall) -> Result<Response, BodyError> {
        let answer: Box<RawValue> =
            self.ask_account(self.account_of_path()?, Caller::Operator(self.operator()?), call).await?;
        Ok(Response::new(200, "application/json", answer.get().to_owned()))
    }

    /// Asks any developer account, as the operator.
    async fn ask_as_operator<T: DeserializeOwned>(
        &self,
        developer: DeveloperAccountId,
        call: DeveloperAccountCall,
    ) -> Result<T, PortalError> {
        let caller = developer_account::Caller::Operator(self.operator()?);
        self.isolate.ask_developer(developer, caller, call, &self.source).await
    }

    /// Asks the developer account in the path, as the operator.
    pub(super) async fn ask_developer_as_operator<T: DeserializeOwned>(
        &self,
        call: DeveloperAccountCall,
    ) -> Result<T, BodyError> {
        Ok(self.ask_as_operator(self.developer_of_path()?, call).await?)
    }

    /// A developer account as operators see it, if there is one.
    pub(super) async fn find_record(
        &self,
        developer: Option<DeveloperAccountId>,
    ) -> Result<Option<DeveloperAccountRecord>, BodyError> {
        let Some(developer) = developer else { return Ok(None) };
        let call = DeveloperAccountCall::FindRecord { limits: self.isolate.settings.api.plan };
        match self.ask_as_operator(developer, call).await {
            Ok(record) => Ok(Some(record)),
            Err(PortalError::NotFound(_)) => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    async fn pass_developer_as_operator(&self, call: DeveloperAccountCall) -> Result<Response, BodyError> {
        let answer: Box<RawValue> = self.ask_developer_as_operator(call).await?;
        Ok(Response::new(200, "application/json", answer.get().to_owned()))
    }

    fn cursor(&self, fits: impl Fn(&str) -> bool) -> Result<Option<String>, PortalError> {
        let cursor = self.request.query("cursor");
        if cursor.as_deref().is_none_or(fits) {
            return Ok(cursor);
        }
        let message = "Use the next_cursor of the previous page. Omit it for the first page.";
        Err(PortalError::Invalid(vec![FieldError::new("cursor", "cursor", message)]))
    }

    pub(super) async fn list_applications(&self) -> Result<Response, BodyError> {
        let state = match self.request.query("state") {
            None => ApplicationState::InReview,
            Some(text) => ApplicationState::ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| {
                let names: Vec<&str> = ApplicationState::ALL.iter().map(|state| state.as_str()).collect();
                let message = format!("Use one of: {}.", names.join(", "));
                PortalError::Invalid(vec![FieldError::new("state", "choice", message)])
            })?,
        };
        // `<since>.<developer account id>`, as the page before gave it.
        let cursor = self.cursor(|text| {
            let parts = text.split_once('.').filter(|(since, _)| since.len() < 16 && since.parse::<u64>().is_ok());
            parts.is_some_and(|(_, id)| id.parse::<DeveloperAccountId>().is_ok())
        })?;
        self.pass_index(AccountIndexCall::ListApplications { state, cursor }).await
    }

    pub(super) async fn count_applications(&self) -> Result<Response, BodyError> {
        self.pass_index(AccountIndexCall::CountApplications).await
    }

    pub(super) async fn list_accounts(&self) -> Result<Response, BodyError> {
        let username = self.request.query("username").unwrap_or_default();
        let cursor = self.cursor(|text| gatehouse_shared::validate::username(text).is_ok())?;
        self.pass_index(AccountIndexCall::ListAccounts { username, cursor }).await
    }

    pub(super) async fn list_developer_accounts(&self) -> Result<Response, BodyError> {
        let name = self.request.query("name").unwrap_or_default();
        let cursor = self.cursor(|text| text.parse::<DeveloperAccountId>().is_ok())?;
        let by_id = match self.request.query("order").as_deref() {
            None | Some("name") => false,
            Some("id") => true,
            Some(_) => {
                return Err(PortalError::Invalid(vec![FieldError::new("order", "choice", "Use name or id.")]).into());
            }
        };
        self.pass_index(AccountIndexCall::ListDeveloperAccounts { by_id, name, cursor }).await
    }

    pub(super) async fn find_account(&self) -> Result<Response, BodyError> {
        self.pass_account(AccountCall::FindAccountRecord).await
    }

    pub(super) async fn find_developer_account(&self) -> Result<Response, BodyError> {
        let limits = self.isolate.settings.api.plan;
        self.pass_developer_as_operator(DeveloperAccountCall::FindRecord { limits }).await
    }

    pub(super) async fn decide_application(&self) -> Result<Response, BodyError> {
        let request = read_json::<DecideApplicationRequest>(self.request)?.check()?;
        self.pass_developer_as_operator(DeveloperAccountCall::DecideApplication(request)).await
    }

    pub(super) async fn set_account_status(&self) -> Result<Response, BodyError> {
        let request = read_json::<SetAccountStatusRequest>(self.request)?.check()?;
        self.pass_account(AccountCall::SetAccountStatus(request)).await
    }

    pub(super) async fn create_account_note(&self) -> Result<Response, BodyError> {
        let CreateNoteRequest { text } = read_json::<CreateNoteRequest>(self.request)?.check()?;
        self.pass_account(AccountCall::CreateNote { text }).await
    }

    pub(super) async fn create_developer_account_note(&self) -> Result<Response, BodyError> {
        let CreateNoteRequest { text } = read_json::<CreateNoteRequest>(self.request)?.check()?;
        self.pass_developer_as_operator(DeveloperAccountCall::CreateNote { text }).await
    }

    pub(super) async fn list_operators(&self) -> Result<Response, BodyError> {
        self.pass_index(AccountIndexCall::ListOperators).await
    }

    pub(super) async fn set_operator_role(&self) -> Result<Response, BodyError> {
        let SetOperatorRoleRequest { role } = read_json(self.request)?;
        self.pass_account(AccountCall::SetOperatorRole(Some(role))).await
    }

    pub(super) async fn remove_operator(&self) -> Result<Response, BodyError> {
        self.pass_account(AccountCall::SetOperatorRole(None)).await
    }

    pub(super) async fn set_app_status(&self) -> Result<Response, BodyError> {
        let request = read_json::<SetAppStatusRequest>(self.request)?.check()?;
        let call = SetAppStatus { app_id: self.app_id()?, request };
        self.pass_developer_as_operator(DeveloperAccountCall::SetAppStatus(call)).await
    }
}
