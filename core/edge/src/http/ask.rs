//! How handlers ask: the caller's own Account by their session, and a
//! developer account on behalf of whoever that Account says is signed in.

use super::body::BodyError;
use super::reply::Response;
use super::router::Exchange;
use crate::isolate::{Answer, read_answer};
use gatehouse_domain::format::decode;
use gatehouse_domain::message::account::{AccountCall, Caller, Signer};
use gatehouse_domain::message::developer_account::{self, Asking, DeveloperAccountCall};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::api::{AppView, CredentialView};
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

impl<R: EdgePorts> Exchange<'_, R> {
    /// Asks the caller's own Account and reads its answer.
    pub(super) async fn ask<T: DeserializeOwned>(&self, call: AccountCall) -> Result<T, BodyError> {
        Ok(read_answer(&self.ask_for_json(call).await?)?)
    }

    fn ask_for_json(&self, call: AccountCall) -> Answer<'_, BodyError> {
        Box::pin(async move {
            self.note_asked_for(call.need().access());
            let token = self.token.as_ref().ok_or(BodyError::Refused(PortalError::NotSignedIn))?;
            let caller = Caller::Session(token.hash());
            Ok(self.isolate.ask_account_for_json(token.account, caller, call, &self.source).await?)
        })
    }

    /// Asks the caller's own Account and passes its answer on as it is.
    pub(super) async fn pass(&self, call: AccountCall) -> Result<Response, BodyError> {
        let answer = self.ask_for_json(call).await?;
        Ok(Response::new(200, "application/json", answer.get().to_owned()))
    }

    /// Asks any account.
    pub(super) async fn ask_account<T: DeserializeOwned>(
        &self,
        account: AccountId,
        caller: Caller,
        call: AccountCall,
    ) -> Result<T, BodyError> {
        self.isolate.ask_account(account, caller, call, &self.source).await.map_err(BodyError::Refused)
    }

    /// Who is signed in, with their own Access Tokens for the App in the path. Their Account is asked once.
    pub(super) async fn signer(&self, app_id: Option<AppId>) -> Result<Signer, BodyError> {
        self.find_signer(app_id, false).await
    }

    /// The same with when their own Access Tokens for any App expire; to be asked first.
    pub(super) async fn signer_with_expiries(&self) -> Result<Signer, BodyError> {
        self.find_signer(None, true).await
    }

    async fn find_signer(&self, app_id: Option<AppId>, expiries: bool) -> Result<Signer, BodyError> {
        if let Some(signer) = &*self.signer.borrow() {
            return Ok(signer.clone());
        }
        let signer: Signer = self.ask(AccountCall::FindSigner { app_id, expiries }).await?;
        self.signer.replace(Some(signer.clone()));
        Ok(signer)
    }

    /// Asks the developer account of the path on behalf of whoever is signed in.
    pub(super) async fn ask_developer<T: DeserializeOwned>(&self, call: DeveloperAccountCall) -> Result<T, BodyError> {
        Ok(read_answer(&self.ask_developer_for_json(call).await?)?)
    }

    fn ask_developer_for_json(&self, call: DeveloperAccountCall) -> Answer<'_, BodyError> {
        Box::pin(async move {
            let access = call.need().access();
            let answer = self.ask_developer_of_path(call).await;
            self.note_asked_for(access);
            answer
        })
    }

    async fn ask_developer_of_path(&self, call: DeveloperAccountCall) -> Result<Box<RawValue>, BodyError> {
        let signer = self.signer(self.app_id().ok()).await?;
        let developers = self.developers_of_path(&signer).await?;
        // Cloned through its message: a call is tried at each developer account that may have what the path names.
        let message = serde_json::to_string(&call).map_err(PortalError::from)?;
        let mut refusal = PortalError::NotFound(Missing::DeveloperAccount);
        for developer in developers {
            let call = decode("call", &message).map_err(PortalError::Internal)?;
            let is_own = signer.own_developer_account == Some(developer);
            let asking = Asking { account: signer.account, username: signer.username.clone(), is_own };
            let caller = developer_account::Caller::Account(asking);
            match self.isolate.ask_developer_for_json(developer, caller, call, &self.source).await {
                // Another one may have it.
                Err(PortalError::NotFound(_)) => {}
                // Whoever refuses its caller has not looked whether it has it.
                Err(other @ (PortalError::RoleTooLow { .. } | PortalError::NotApproved(_))) => refusal = other,
                answer => return answer.map_err(|refusal| BodyError::Refused(self.as_seen_from_path(refusal))),
            }
        }
        Err(BodyError::Refused(self.as_seen_from_path(refusal)))
    }

    /// The developer accounts that may have what the path names, the likeliest first.
    async fn developers_of_path(&self, signer: &Signer) -> Result<Vec<DeveloperAccountId>, BodyError> {
        let named = self.params.get("developer_account_id");
        if !named.is_empty() {
            let id = named.parse().map_err(|_| PortalError::NotFound(Missing::DeveloperAccount))?;
            return Ok(vec![id]);
        }
        if let [only] = signer.developer_accounts.as_slice() {
            return Ok(vec![*only]);
        }
        let known = if self.params.get("project_id").is_empty() {
            self.isolate.find_developer_of_app(self.app_id()?).await
        } else {
            self.isolate.find_developer_of_project(self.project_id()?).await
        };
        match known.map_err(PortalError::from)? {
            Some(developer) => Ok(vec![developer]),
            // It may be so new that its own object has not heard of it.
            None => Ok(signer.developer_accounts.clone()),
        }
    }

    /// Who is no member of a developer account learns nothing of it: its Apps and Projects do not exist for them.
    fn as_seen_from_path(&self, refusal: PortalError) -> PortalError {
        match refusal {
            PortalError::NotFound(Missing::DeveloperAccount) if !self.params.get("app_id").is_empty() => {
                PortalError::NotFound(Missing::App)
            }
            PortalError::NotFound(Missing::DeveloperAccount) if !self.params.get("project_id").is_empty() => {
                PortalError::NotFound(Missing::Project)
            }
            refusal => refusal,
        }
    }

    /// Asks the developer account of the path and passes its answer on as it is.
    pub(super) async fn pass_developer(&self, call: DeveloperAccountCall) -> Result<Response, BodyError> {
        let answer = self.ask_developer_for_json(call).await?;
        Ok(Response::new(200, "application/json", answer.get().to_owned()))
    }

    /// The same with an App, to which the caller's own Access Tokens are added.
    pub(super) async fn pass_app(&self, call: DeveloperAccountCall) -> Result<Response, BodyError> {
        let app = self.ask_developer(call).await?;
        Ok(Response::ok(&self.with_own_tokens(app).await?)?)
    }

    /// Adds the caller's own Access Tokens to what a developer account shows of an App.
    pub(super) async fn with_own_tokens(&self, mut app: AppView) -> Result<AppView, BodyError> {
        let signer = self.signer(None).await?;
        app.credentials.extend(signer.own_tokens);
        app.credentials.sort_by_key(|shown| shown.kind);
        Ok(app)
    }

    /// Takes over the caller's own Access Tokens as they are after a change.
    pub(super) fn put_own_tokens(&self, tokens: Vec<CredentialView>) {
        if let Some(signer) = &mut *self.signer.borrow_mut() {
            signer.own_tokens = tokens;
        }
    }
}
