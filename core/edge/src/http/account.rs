//! Signs up, signs in and out, and changes the password.

use super::body::{BodyError, read_json};
use super::reply::Response;
use super::router::Exchange;
use super::session;
use gatehouse_domain::account::{KnownBrowser, SessionToken, UniqueName, hash_password, verify_password};
use gatehouse_domain::credential::Sealed;
use gatehouse_domain::message::account::{AccountCall, Caller, ChangePassword, CreateAccount, Login, NewSession};
use gatehouse_domain::message::developer_account::{DeveloperAccountCall, SubmitApplication};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, random};
use gatehouse_shared::api::{
    ChangePasswordRequest, Done, SessionInfo, SignInRequest, SignUpRequest, SubmitApplicationRequest,
};
use gatehouse_shared::model::{AccountId, DeveloperAccountId, Role};
use gatehouse_shared::validate;
use sha2::{Digest, Sha256};

/// An account to begin.
struct NewAccount {
    username: String,
    email: String,
    password_hash: Option<String>,
    role: Role,
    /// Whether the username is kept for the operator.
    is_reserved: bool,
}

impl<R: EdgePorts> Exchange<'_, R> {
    pub(super) fn new_token(&self, account: AccountId, role: Role) -> SessionToken {
        let (settings, runtime) = (&self.isolate.settings, &self.isolate.runtime);
        SessionToken::generate(account, role, &settings.keyring, session::operator_secret(settings), runtime)
    }

    pub(super) fn new_session(&self, token: &SessionToken) -> NewSession {
        let settings = &self.isolate.settings;
        NewSession {
            id: token.hash().session_id(),
            hash: token.hash(),
            user_agent: self.request.header("user-agent").unwrap_or_default().to_owned(),
            rests_on: match token.role {
                Role::Developer => String::new(),
                Role::Operator => session::operator_secret(settings).digest(&settings.keyring),
            },
        }
    }

    fn signed_in(&self, info: &SessionInfo, token: &SessionToken) -> Result<Response, BodyError> {
        let (keyring, runtime) = (&self.isolate.settings.keyring, &self.isolate.runtime);
        let account = info.account.as_ref().ok_or(PortalError::NotSignedIn)?;
        let names = [&UniqueName::username(&account.username), &UniqueName::email(&account.email)];
        let browser = KnownBrowser::generate(names, keyring, runtime);
        let response = Response::ok(info)?;
        Ok(response.with("set-cookie", session::begin(token)).with("set-cookie", session::remember(&browser)))
    }

    async fn create_account(&self, id: AccountId, new: NewAccount) -> Result<Response, BodyError> {
        let token = self.new_token(id, new.role);
        let session = self.new_session(&token);
        let NewAccount { username, email, password_hash, role, is_reserved } = new;
        let draw = || DeveloperAccountId::from_random(random(&self.isolate.runtime));
        let own_developer_account = (role == Role::Developer).then(draw);
        let call = CreateAccount { username, email, password_hash, role, is_reserved, own_developer_account, session };
        let info = self.ask_account(id, Caller::Internal, AccountCall::CreateAccount(call)).await?;
        self.signed_in(&info, &token)
    }

    pub(super) async fn sign_up(&self) -> Result<Response, BodyError> {
        let SignUpRequest { username, email, password } = read_json::<SignUpRequest>(self.request)?.check()?;
        self.admit_sign_up().await?;
        // Before anybody looks whether the name is free, so that a taken one takes as long.
        let hash = hash_password(&password, &self.isolate.runtime)?;
        // The operator signs in, and never up.
        let operator = &self.isolate.settings.operator_username;
        let is_reserved = UniqueName::username(&username) == UniqueName::username(operator);
        let id = AccountId::from_random(random(&self.isolate.runtime));
        let role = Role::Developer;
        let new = NewAccount { username, email, password_hash: Some(hash), role, is_reserved };
        self.create_account(id, new).await
    }

    /// Whoever exists and whoever does not are asked for with the same calls
    /// in the same order, and a hash is computed for each.
    pub(super) async fn sign_in(&self) -> Result<Response, BodyError> {
        let request = read_json::<SignInRequest>(self.request)?.check()?;
        let name = if request.login.contains('@') {
            UniqueName::email(&request.login)
        } else {
            UniqueName::username(&request.login)
        };
        self.admit_sign_in(&name).await?;
        let settings = &self.isolate.settings;
        let owner = self.isolate.find_owner(&name).await.map_err(PortalError::from)?;
        let account = owner.unwrap_or_else(|| self.nobody(&name));
        let login = self.read_login(account).await?;
        let hash = login.as_ref().and_then(|login| login.password_hash.as_deref());
        let fits = verify_password(&request.password, hash)?;
        if name == UniqueName::username(&settings.operator_username) {
            if !settings.operator_password.matches(&request.password) {
                return Err(self.wrong_credentials(owner));
            }
            return match login {
                Some(login) => self.open_operator_session(account, &login).await,
                None => self.begin_operator(&name, owner).await,
            };
        }
        if !fits {
            return Err(self.wrong_credentials(owner));
        }
        self.open_session(account, Role::Developer, hash.map(str::to_owned)).await
    }

    /// Refuses a sign-in; the account hears of it after the answer.
    fn wrong_credentials(&self, owner: Option<AccountId>) -> BodyError {
        if let Some(account) = owner {
            self.isolate.failed_sign_ins.borrow_mut().note(account);
        }
        PortalError::WrongCredentials.into()
    }

    /// The account that stands in for that of an unknown name: the same one
    /// for each try, as with a known name.
    fn nobody(&self, name: &UniqueName) -> AccountId {
        let seal = self.isolate.settings.keyring.seal(Sealed::Nobody, &[name.as_str().as_bytes()]);
        let bytes: [u8; 32] = Sha256::digest(seal.as_bytes()).into();
        let [a, b, c, d, e, f, g, h, ..] = bytes;
        AccountId::from_random([a, b, c, d, e, f, g, h])
    }

    /// The operator's account begins with their first sign-in.
    async fn begin_operator(&self, name: &UniqueName, reserved: Option<AccountId>) -> Result<Response, BodyError> {
        // A first sign-in that broke off may have left the name reserved: its id goes on where it stopped.
        let id = reserved.unwrap_or_else(|| AccountId::from_random(random(&self.isolate.runtime)));
        let new = NewAccount {
            username: self.isolate.settings.operator_username.clone(),
            email: String::new(),
            password_hash: None,
            role: Role::Operator,
            is_reserved: false,
        };
        let created = self.create_account(id, new).await;
        if created.is_ok() {
            return created;
        }
        // Another first sign-in may have been quicker.
        let Some(account) = self.isolate.find_owner(name).await.map_err(PortalError::from)? else { return created };
        match self.read_login(account).await? {
            Some(login) => self.open_operator_session(account, &login).await,
            None => created,
        }
    }

    /// An account of that name that is no operator's was there before the
    /// setting named it: it is not the operator's.
    async fn open_operator_session(&self, account: AccountId, login: &Login) -> Result<Response, BodyError> {
        if login.role != Role::Operator {
            return Err(PortalError::WrongCredentials.into());
        }
        self.open_session(account, Role::Operator, login.password_hash.clone()).await
    }

    /// `None` where a name is reserved for an account that is not there yet.
    async fn read_login(&self, account: AccountId) -> Result<Option<Login>, BodyError> {
        match self.ask_account(account, Caller::Internal, AccountCall::ReadLogin).await {
            Ok(login) => Ok(Some(login)),
            Err(BodyError::Refused(PortalError::NotFound(_))) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn open_session(
        &self,
        account: AccountId,
        role: Role,
        checked_hash: Option<String>,
    ) -> Result<Response, BodyError> {
        let token = self.new_token(account, role);
        let call = AccountCall::OpenSession { session: self.new_session(&token), checked_hash };
        let info = self.ask_account(account, Caller::Internal, call).await?;
        self.signed_in(&info, &token)
    }

    pub(super) async fn find_session(&self) -> Result<Response, BodyError> {
        let info = match &self.token {
            Some(_) => self.ask(AccountCall::FindSession).await?,
            None => SessionInfo::default(),
        };
        Ok(Response::ok(&info)?)
    }

    pub(super) async fn sign_out(&self) -> Result<Response, BodyError> {
        Ok(self.pass(AccountCall::CloseSession).await?.with("set-cookie", session::end()))
    }

    pub(super) async fn revoke_session(&self) -> Result<Response, BodyError> {
        self.pass(AccountCall::RevokeSession { id: self.params.get("session_id").to_owned() }).await
    }

    pub(super) async fn change_password(&self) -> Result<Response, BodyError> {
        let info: SessionInfo = self.ask(AccountCall::FindSession).await?;
        let account = info.account.ok_or(PortalError::NotSignedIn)?;
        let request = read_json::<ChangePasswordRequest>(self.request)?.check()?;
        if account.role == Role::Operator {
            return Err(PortalError::OperatorPasswordIsSetting.into());
        }
        validate::password(&request.new_password, &account.username, &account.email).map_err(|violation| {
            let error = gatehouse_shared::problem::FieldError::new("new_password", violation.rule, violation.message);
            PortalError::Invalid(vec![error])
        })?;
        self.admit_password(account.id).await?;
        let login = self.read_login(account.id).await?.and_then(|login| login.password_hash);
        let checked_hash = login.ok_or(PortalError::WrongCredentials)?;
        if !verify_password(&request.current_password, Some(&checked_hash))? {
            let message = "This isn't your current password.";
            let error = gatehouse_shared::problem::FieldError::new("current_password", "mismatch", message);
            return Err(PortalError::Invalid(vec![error]).into());
        }
        let new_hash = hash_password(&request.new_password, &self.isolate.runtime)?;
        let _: Done = self
            .ask(AccountCall::ChangePassword(ChangePassword {
                checked_hash,
                new_hash,
                revoke_apps: request.revoke_apps,
            }))
            .await?;
        Ok(Response::ok(&Done {})?)
    }

    pub(super) async fn submit_application(&self) -> Result<Response, BodyError> {
        let settings = &self.isolate.settings;
        let request = read_json::<SubmitApplicationRequest>(self.request)?.check(&settings.rules())?;
        self.refuse_reserved_word("organization", &request.organization)?;
        let call = SubmitApplication { request, mode: settings.approval };
        self.pass_developer(DeveloperAccountCall::SubmitApplication(call)).await
    }
}
