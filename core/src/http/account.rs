use super::body::{BodyError, read_json};
use super::reply::Response;
use super::router::Exchange;
use super::session;
use crate::account::{SessionToken, UniqueName, hash_password, verify_password, waste_time};
use crate::ledger::{Caller, ChangePassword, CreateAccount, LedgerCall, Login, NewSession, SubmitApplication};
use crate::ports::{EdgePorts, RateLimit, random};
use crate::refusal::Refusal;
use gatehouse_shared::api::{
    AccountView, ChangePasswordRequest, Done, SessionInfo, SignInRequest, SignUpRequest, SubmitApplicationRequest,
};
use gatehouse_shared::credential::encode_u64;
use gatehouse_shared::model::{AccountId, Role};
use gatehouse_shared::validate;

impl<R: EdgePorts> Exchange<'_, R> {
    /// Counts a try against the client's address, and against `name` from
    /// that address. Never against a name alone: anybody could lock its owner
    /// out. A client on this machine is not counted.
    async fn admit(&self, limit: RateLimit, name: Option<&UniqueName>) -> Result<(), BodyError> {
        let Some(client) = self.request.client() else { return Ok(()) };
        let runtime = &self.deployment.runtime;
        let named = match name {
            Some(name) => runtime.admit(limit, &format!("{client} {name}")).await,
            None => true,
        };
        if named && runtime.admit(limit, &client).await { Ok(()) } else { Err(Refusal::TooManyTries.into()) }
    }

    fn new_session(&self, token: &SessionToken) -> NewSession {
        NewSession {
            id: encode_u64(u64::from_be_bytes(random(&self.deployment.runtime)), 11),
            hash: token.hash(),
            user_agent: self.request.header("user-agent").unwrap_or_default().to_owned(),
        }
    }

    fn signed_in(&self, account: AccountView, token: &SessionToken) -> Result<Response, BodyError> {
        let response = Response::ok(&SessionInfo { account: Some(account) })?;
        Ok(response.with("set-cookie", session::begin(token)))
    }

    async fn create_account(
        &self,
        id: AccountId,
        username: String,
        email: String,
        password_hash: Option<String>,
        role: Role,
    ) -> Result<Response, BodyError> {
        let token = SessionToken::generate(id, &self.deployment.runtime);
        let session = self.new_session(&token);
        let call = CreateAccount { username, email, password_hash, role, session };
        let account = self.ask_ledger(id, Caller::Internal, LedgerCall::CreateAccount(call)).await?;
        self.signed_in(account, &token)
    }

    pub(super) async fn sign_up(&self) -> Result<Response, BodyError> {
        let SignUpRequest { username, email, password } = read_json::<SignUpRequest>(self.request)?.check()?;
        self.admit(RateLimit::SignUp, None).await?;
        // The operator signs in, and never up.
        let operator = &self.deployment.settings.operator_username;
        if UniqueName::username(&username) == UniqueName::username(operator) {
            return Err(Refusal::IdentityTaken.into());
        }
        let hash = hash_password(&password, &self.deployment.runtime)?;
        let id = AccountId::from_random(random(&self.deployment.runtime));
        self.create_account(id, username, email, Some(hash), Role::Developer).await
    }

    pub(super) async fn sign_in(&self) -> Result<Response, BodyError> {
        let request = read_json::<SignInRequest>(self.request)?.check()?;
        let name = if request.login.contains('@') {
            UniqueName::email(&request.login)
        } else {
            UniqueName::username(&request.login)
        };
        self.admit(RateLimit::SignIn, Some(&name)).await?;
        let settings = &self.deployment.settings;
        let is_operator = name == UniqueName::username(&settings.operator_username);
        if is_operator {
            waste_time(&request.password)?;
            if !settings.operator_password.matches(&request.password) {
                return Err(Refusal::WrongCredentials.into());
            }
            return self.sign_in_operator(&name).await;
        }
        let login = self.find_login(&name).await?.1;
        let Some((account, hash)) = login.and_then(|(account, login)| Some((account, login.password_hash?))) else {
            waste_time(&request.password)?;
            return Err(Refusal::WrongCredentials.into());
        };
        if !verify_password(&request.password, &hash)? {
            return Err(Refusal::WrongCredentials.into());
        }
        self.open_session(account).await
    }

    /// The operator's account begins with their first sign-in.
    async fn sign_in_operator(&self, name: &UniqueName) -> Result<Response, BodyError> {
        let (reserved, login) = self.find_login(name).await?;
        if let Some(login) = login {
            return self.open_operator_session(login).await;
        }
        // A first sign-in that broke off may have left the name reserved: its id goes on where it stopped.
        let id = reserved.unwrap_or_else(|| AccountId::from_random(random(&self.deployment.runtime)));
        let username = self.deployment.settings.operator_username.clone();
        let created = self.create_account(id, username, String::new(), None, Role::Operator).await;
        if created.is_ok() {
            return created;
        }
        // Another first sign-in may have been quicker.
        match self.find_login(name).await?.1 {
            Some(login) => self.open_operator_session(login).await,
            None => created,
        }
    }

    /// An account of that name that is no operator's was there before the
    /// setting named it: it is not the operator's.
    async fn open_operator_session(&self, (account, login): (AccountId, Login)) -> Result<Response, BodyError> {
        if login.role != Role::Operator {
            return Err(Refusal::WrongCredentials.into());
        }
        self.open_session(account).await
    }

    /// For whom a name is reserved, and what a sign-in there is checked
    /// against; the latter is missing where no account was created yet.
    async fn find_login(
        &self,
        name: &UniqueName,
    ) -> Result<(Option<AccountId>, Option<(AccountId, Login)>), BodyError> {
        let Some(account) = self.deployment.find_owner(name).await.map_err(Refusal::from)? else {
            return Ok((None, None));
        };
        let login = self.read_login(account).await?;
        Ok((Some(account), login.map(|login| (account, login))))
    }

    /// `None` where a name is reserved for an account that is not there yet.
    async fn read_login(&self, account: AccountId) -> Result<Option<Login>, BodyError> {
        match self.ask_ledger(account, Caller::Internal, LedgerCall::ReadLogin).await {
            Ok(login) => Ok(Some(login)),
            Err(BodyError::Refused(Refusal::NotFound(_))) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn open_session(&self, account: AccountId) -> Result<Response, BodyError> {
        let token = SessionToken::generate(account, &self.deployment.runtime);
        let call = LedgerCall::OpenSession(self.new_session(&token));
        let view = self.ask_ledger(account, Caller::Internal, call).await?;
        self.signed_in(view, &token)
    }

    pub(super) async fn find_session(&self) -> Result<Response, BodyError> {
        let info = match &self.token {
            Some(_) => self.ask(LedgerCall::FindSession).await?,
            None => SessionInfo { account: None },
        };
        Ok(Response::ok(&info)?)
    }

    pub(super) async fn sign_out(&self) -> Result<Response, BodyError> {
        Ok(self.pass(LedgerCall::CloseSession).await?.with("set-cookie", session::end()))
    }

    pub(super) async fn revoke_session(&self) -> Result<Response, BodyError> {
        self.pass(LedgerCall::RevokeSession { id: self.params.get("session_id").to_owned() }).await
    }

    pub(super) async fn change_password(&self) -> Result<Response, BodyError> {
        let info: SessionInfo = self.ask(LedgerCall::FindSession).await?;
        let account = info.account.ok_or(Refusal::NotSignedIn)?;
        let request = read_json::<ChangePasswordRequest>(self.request)?.check()?;
        if account.role == Role::Operator {
            return Err(Refusal::OperatorPasswordIsSetting.into());
        }
        validate::password(&request.new_password, &account.username, &account.email).map_err(|violation| {
            let error = gatehouse_shared::problem::FieldError::new("new_password", violation.rule, violation.message);
            Refusal::Invalid(vec![error])
        })?;
        self.admit(RateLimit::SignIn, Some(&UniqueName::username(&account.username))).await?;
        let login = self.read_login(account.id).await?.and_then(|login| login.password_hash);
        let checked_hash = login.ok_or(Refusal::WrongCredentials)?;
        if !verify_password(&request.current_password, &checked_hash)? {
            let message = "This isn't your current password.";
            let error = gatehouse_shared::problem::FieldError::new("current_password", "mismatch", message);
            return Err(Refusal::Invalid(vec![error]).into());
        }
        let new_hash = hash_password(&request.new_password, &self.deployment.runtime)?;
        let _: Done = self
            .ask(LedgerCall::ChangePassword(ChangePassword {
                checked_hash,
                new_hash,
                revoke_apps: request.revoke_apps,
            }))
            .await?;
        Ok(Response::ok(&Done {})?)
    }

    pub(super) async fn submit_application(&self) -> Result<Response, BodyError> {
        self.require_session().await?;
        let settings = &self.deployment.settings;
        let request = read_json::<SubmitApplicationRequest>(self.request)?.check(&settings.rules())?;
        self.pass(LedgerCall::SubmitApplication(SubmitApplication { request, mode: settings.approval })).await
    }
}
