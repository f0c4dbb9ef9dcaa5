//! The user's answer to an App that wants to act for them.

use super::body::{BodyError, read_json};
use super::oauth1::read_request_token;
use super::origin::is_same_origin;
use super::reply::Response;
use super::router::Exchange;
use crate::app::LiveApp;
use crate::app_gate::AppGateCall;
use crate::consent::{may_not_with_permission, may_not_with_scopes, may_with_permission, may_with_scopes};
use crate::credential::{Derived, TokenUse, derive_token, draw_root};
use crate::gate::made;
use crate::grant::{CODE_SECONDS, Callback, Family, PendingCode, StoredGrant};
use crate::ledger::{Caller, LedgerCall, StartFamily};
use crate::oauth1::{AskedCallback, RequestToken, Verifier};
use crate::oauth2::{Asked, Authorization, Parameters, check_authorization};
use crate::ports::{EdgePorts, ObjectName, RateLimit, ask, random};
use crate::refusal::Refusal;
use gatehouse_shared::api::{
    AppUsers, Consent, ConsentApp, ConsentOutcome, ConsentProblem, ConsentRequest, DecideConsentRequest, Done, Fact,
    SessionInfo,
};
use gatehouse_shared::credential::{self as format, ClientId, Public, UserToken, encode_bytes};
use gatehouse_shared::model::{AccountId, AppId, Permission, UnixSeconds};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What stops a consent page: an answer for the App's developer, or a failure.
enum Stop {
    Problem(Box<ConsentProblem>),
    Failed(BodyError),
}

impl<T: Into<BodyError>> From<T> for Stop {
    fn from(error: T) -> Self {
        Self::Failed(error.into())
    }
}

fn stop(title: &str, detail: &str, facts: &[(&str, &str)]) -> Stop {
    let fact = |(name, value): &(&str, &str)| Fact { name: (*name).to_owned(), value: (*value).to_owned() };
    let facts = facts.iter().map(fact).collect();
    Stop::Problem(Box::new(ConsentProblem {
        title: title.into(),
        detail: detail.into(),
        facts,
        return_url: String::new(),
    }))
}

/// A request token that can be answered.
struct PendingToken {
    text: String,
    app_id: AppId,
    token: RequestToken,
    app: ConsentApp,
    /// `None` for a PIN.
    callback: Option<Callback>,
}

/// An authorization request that can be answered.
struct PendingAuthorization {
    app_id: AppId,
    app: ConsentApp,
    asked: Authorization,
    issuer: String,
}

impl<R: EdgePorts> Exchange<'_, R> {
    fn query_parameters(&self) -> Parameters {
        let query = self.request.url.split_once('?').map_or("", |(_, query)| query);
        Parameters::from_form(query.split('#').next().unwrap_or_default().as_bytes())
    }

    async fn ask_app<T: DeserializeOwned>(&self, app_id: AppId, call: &AppGateCall) -> Result<T, BodyError> {
        ask(&self.deployment.runtime, &ObjectName::AppGate(app_id), call).await.map_err(|e| Refusal::from(e).into())
    }

    /// The account that is signed in, if one is.
    async fn signed_in_account(&self) -> Result<Option<AccountId>, BodyError> {
        if self.token.is_none() {
            return Ok(None);
        }
        let info: SessionInfo = self.ask(LedgerCall::FindSession).await?;
        Ok(info.account.map(|account| account.id))
    }

    /// The account that answers: the one that the page showed, and no other
    /// that signed in meanwhile.
    fn answering_account(&self, request: &DecideConsentRequest) -> Result<AccountId, Refusal> {
        let user = self.token.as_ref().ok_or(Refusal::NotSignedIn)?.account;
        if user == request.account_id { Ok(user) } else { Err(Refusal::OtherAccount) }
    }

    /// Counts a look at a consent page against whoever is not signed in.
    async fn admit_look(&self) -> Result<(), BodyError> {
        match self.request.client() {
            Some(client) if self.token.is_none() => {
                let is_admitted = self.deployment.runtime.admit(RateLimit::Token, &client).await;
                if is_admitted { Ok(()) } else { Err(Refusal::TooManyTries.into()) }
            }
            _ => Ok(()),
        }
    }

    async fn find_grant(&self, user: Option<AccountId>, app_id: AppId) -> Result<Option<StoredGrant>, BodyError> {
        match user {
            Some(user) => self.ask_ledger(user, Caller::Internal, LedgerCall::FindGrant { app_id }).await,
            None => Ok(None),
        }
    }

    /// An App that may ask users, as they are shown it.
    async fn find_asking_app(&self, app_id: AppId) -> Result<(LiveApp, ConsentApp), Stop> {
        let deployment = self.deployment;
        deployment.freshen(app_id).await.map_err(Refusal::from)?;
        let gone = || stop("This App does not exist", "It was deleted, or never was one.", &[]);
        let live = deployment.on_app(app_id, LiveApp::clone).ok_or_else(gone)?;
        let owner = deployment.owner_of(app_id).ok_or_else(gone)?;
        let call = LedgerCall::FindConsentApp { app_id };
        let app: ConsentApp = match self.ask_ledger(owner, Caller::Internal, call).await {
            Err(BodyError::Refused(Refusal::NotFound(_))) => return Err(gone()),
            answer => answer?,
        };
        let facts = [("App", app.name.as_str())];
        if live.is_stopped() {
            return Err(stop("This App is suspended", "The operator of this API stopped it.", &facts));
        }
        if !live.sign_in {
            let detail = "Its developer turns it on under “Permissions and sign-in” on the App’s page.";
            return Err(stop("This App has not turned sign-in on", detail, &facts));
        }
        Ok((live, app))
    }

    async fn find_pending_token(&self, params: &Parameters) -> Result<PendingToken, Stop> {
        let text = params.find("oauth_token").ok().flatten().unwrap_or_default();
        let dead = || {
            let detail =
                "A request token lives for 15 minutes and is answered once. Go back to the App and start again.";
            stop("This request is over, or was never made", detail, &[("oauth_token received", text)])
        };
        let named = read_request_token(self.deployment, text).ok_or_else(dead)?;
        let app_id = named.app_id;
        let call = AppGateCall::FindRequestToken { serial: named.serial };
        let token: Option<RequestToken> = self.ask_app(app_id, &call).await?;
        let is_open = |token: &RequestToken| token.root.is_named_by(&named) && token.approved.is_none();
        let mut token = token.filter(is_open).ok_or_else(dead)?;
        let (live, app) = self.find_asking_app(app_id).await?;
        token.level = token.level.min(live.permission);
        let callback = match &token.callback {
            AskedCallback::OutOfBand => None,
            AskedCallback::Url(url) => Some(Callback::find(&live.callback_urls, url).ok_or_else(|| {
                let detail = "The App’s callback URLs changed since it asked. Go back to the App and start again.";
                stop("The callback URL is no longer registered", detail, &[("oauth_callback received", url)])
            })?),
        };
        Ok(PendingToken { text: text.to_owned(), app_id, token, app, callback })
    }

    pub(super) async fn find_oauth1_consent(&self) -> Result<Response, BodyError> {
        self.admit_look().await?;
        let params = self.query_parameters();
        let consent = async {
            let pending = self.find_pending_token(&params).await?;
            let user = self.signed_in_account().await?;
            let grant = self.find_grant(user, pending.app_id).await?;
            let text = |name| params.find(name).ok().flatten().unwrap_or_default().to_owned();
            let force_login = text("force_login") == "true";
            let granted: Option<Permission> = grant.as_ref().and_then(StoredGrant::permission);
            // Only where the App sends people to sign in, and asks for nothing new.
            let at_once = text("sign_in") == "true" && !force_login && granted >= Some(pending.token.level);
            // It notes a consent, so only the portal's own page may cause it.
            let own = self.deployment.settings.origin(self.request.origin());
            let at_once = at_once && self.request.method == "GET" && is_same_origin(self.request, own);
            if let (true, Some(user), Some(callback)) = (at_once, user, &pending.callback) {
                return Ok(match self.approve_token(&pending, user).await? {
                    Some(verifier) => Consent::Redirect(answer_oauth1(callback, &pending.text, &verifier)),
                    None => return Err(stop("This request is over", "It was answered just now.", &[])),
                });
            }
            // A user and an App have one token: what it may already, it goes on to.
            let level = granted.map_or(pending.token.level, |granted| granted.max(pending.token.level));
            Ok(Consent::Ask(ConsentRequest {
                may: may_with_permission(level),
                may_not: may_not_with_permission(level),
                returns_to: pending.callback.as_ref().map(Callback::place).unwrap_or_default(),
                is_known: grant.as_ref().is_some_and(StoredGrant::is_used),
                screen_name: text("screen_name"),
                force_login,
                app: pending.app,
            }))
        };
        finish(consent.await, Consent::Problem)
    }

    /// Notes the user's consent; gives what the user brings back, or `None`
    /// where the token was answered meanwhile.
    async fn approve_token(&self, pending: &PendingToken, user: AccountId) -> Result<Option<String>, BodyError> {
        let runtime = &self.deployment.runtime;
        let text = match pending.callback {
            Some(_) => encode_bytes(&random(runtime)),
            // Seven digits, each value as likely as any other to one in 10^12.
            None => format!("{:07}", u64::from_be_bytes(random(runtime)) % 10_000_000),
        };
        let (serial, verifier) = (pending.token.root.serial, Verifier::of(&pending.token.root, &text));
        let call = AppGateCall::ApproveRequestToken { serial, user, verifier };
        let is_approved: bool = self.ask_app(pending.app_id, &call).await?;
        Ok(is_approved.then_some(text))
    }

    pub(super) async fn decide_oauth1_consent(&self) -> Result<Response, BodyError> {
        self.require_session().await?;
        let request: DecideConsentRequest = read_json(self.request)?;
        let params = Parameters::from_form(request.query.as_bytes());
        let outcome = async {
            let user = self.answering_account(&request)?;
            let pending = self.find_pending_token(&params).await?;
            if !request.approve {
                let call = AppGateCall::DenyRequestToken { serial: pending.token.root.serial };
                let _: () = self.ask_app(pending.app_id, &call).await?;
                let back = pending.callback.map(|callback| callback.with(&[("denied", &pending.text)]));
                return Ok(ConsentOutcome::Denied(back.unwrap_or_default()));
            }
            let verifier = self.approve_token(&pending, user).await?;
            let verifier = verifier.ok_or_else(|| stop("This request is over", "It was answered just now.", &[]))?;
            Ok(match &pending.callback {
                Some(callback) => ConsentOutcome::Redirect(answer_oauth1(callback, &pending.text, &verifier)),
                None => ConsentOutcome::Pin(verifier),
            })
        };
        finish(outcome.await, ConsentOutcome::Problem)
    }

    fn read_client_id(&self, text: &str) -> Option<Public> {
        let settings = &self.deployment.settings;
        let read = ClientId::read(settings.prefix(), text).map(|named| ((), named));
        made(settings, |()| Derived::ClientId, read).ok().map(|(_, named)| named)
    }

    async fn find_pending_authorization(&self, params: &Parameters) -> Result<PendingAuthorization, Stop> {
        let client_id = params.find("client_id").ok().flatten().unwrap_or_default();
        let unknown = || {
            let detail = "No App has this client ID. Copy it from “Permissions and sign-in” on the App’s page.";
            stop("The client ID is not known", detail, &[("client_id received", client_id)])
        };
        let app_id = self.read_client_id(client_id).ok_or_else(unknown)?.app_id;
        let (live, app) = self.find_asking_app(app_id).await?;
        if live.client_id.as_deref() != Some(client_id) {
            return Err(unknown());
        }
        let settings = &self.deployment.settings;
        let issuer = settings.origin(self.request.origin()).to_owned();
        let asked = Asked { params, app: &live, scopes: &settings.api.scopes, issuer: &issuer };
        match check_authorization(&asked) {
            Ok(asked) => Ok(PendingAuthorization { app_id, app, asked, issuer }),
            Err(mut problem) => {
                problem.facts.insert(0, Fact { name: "App".to_owned(), value: app.name });
                Err(Stop::Problem(Box::new(problem)))
            }
        }
    }

    pub(super) async fn find_oauth2_consent(&self) -> Result<Response, BodyError> {
        self.admit_look().await?;
        let params = self.query_parameters();
        let consent = async {
            let pending = self.find_pending_authorization(&params).await?;
            let user = self.signed_in_account().await?;
            let grant = self.find_grant(user, pending.app_id).await?;
            let scopes: Vec<&str> = pending.asked.scopes.iter().map(String::as_str).collect();
            let all = &self.deployment.settings.api.scopes;
            Ok(Consent::Ask(ConsentRequest {
                may: may_with_scopes(&scopes, all),
                may_not: may_not_with_scopes(&scopes, all),
                returns_to: pending.asked.callback.place(),
                is_known: grant.as_ref().is_some_and(StoredGrant::is_used),
                screen_name: String::new(),
                force_login: false,
                app: pending.app,
            }))
        };
        finish(consent.await, Consent::Problem)
    }

    pub(super) async fn decide_oauth2_consent(&self) -> Result<Response, BodyError> {
        self.require_session().await?;
        let request: DecideConsentRequest = read_json(self.request)?;
        let params = Parameters::from_form(request.query.as_bytes());
        let outcome = async {
            let user = self.answering_account(&request)?;
            let pending = self.find_pending_authorization(&params).await?;
            let PendingAuthorization { app_id, app, asked, issuer } = pending;
            if !request.approve {
                return Ok(ConsentOutcome::Redirect(asked.answer(&[("error", "access_denied")], &issuer)));
            }
            let (settings, runtime) = (&self.deployment.settings, &self.deployment.runtime);
            let (keyring, now) = (&settings.keyring, self.deployment.now());
            let root = draw_root(keyring, runtime);
            let secret = keyring.secret(Derived::Family(user), app_id, &root);
            let secret = secret.ok_or_else(|| Refusal::Internal("a new authorization has no secret".into()))?;
            let code = derive_token(&secret, TokenUse::Code, 0);
            let public = keyring.public(Derived::Code(user), app_id, root.serial);
            let token = UserToken { public, user, generation: 0, until: UnixSeconds(0), secret: code.reveal() };
            let text = format::AuthorizationCode::write(settings.prefix(), &token);
            let pending_code = PendingCode {
                redirect_uri: asked.callback.as_str().to_owned(),
                challenge: asked.challenge.clone(),
                expires_at: now.plus(CODE_SECONDS),
            };
            let family = Family {
                root,
                scopes: asked.scopes.clone(),
                created_at: now,
                code: Some(pending_code),
                generation: 0,
                advanced_at: now,
            };
            let _: Done = self.ask(LedgerCall::StartFamily(StartFamily { app, family })).await?;
            Ok(ConsentOutcome::Redirect(asked.answer(&[("code", &text)], &issuer)))
        };
        finish(outcome.await, ConsentOutcome::Problem)
    }

    pub(super) async fn find_app_users(&self) -> Result<Response, BodyError> {
        self.require_session().await?;
        let app_id = self.app_id()?;
        // The App is the caller's own, or there is none.
        let _: serde_json::Value = self.ask(LedgerCall::FindApp { app_id }).await?;
        let count = self.ask_app(app_id, &AppGateCall::CountGrantees).await?;
        Ok(Response::ok(&AppUsers { count })?)
    }

    pub(super) async fn list_connected_apps(&self) -> Result<Response, BodyError> {
        let scopes = self.deployment.settings.api.scopes.clone();
        self.pass(LedgerCall::ListConnectedApps { scopes }).await
    }

    pub(super) async fn revoke_connected_app(&self) -> Result<Response, BodyError> {
        self.require_session().await?;
        self.pass(LedgerCall::RevokeConnectedApp { app_id: self.app_id()? }).await
    }
}

fn answer_oauth1(callback: &Callback, token: &str, verifier: &str) -> String {
    callback.with(&[("oauth_token", token), ("oauth_verifier", verifier)])
}

fn finish<T: Serialize>(
    outcome: Result<T, Stop>,
    problem: impl Fn(ConsentProblem) -> T,
) -> Result<Response, BodyError> {
    match outcome {
        Ok(answer) => Ok(Response::ok(&answer)?),
        Err(Stop::Problem(found)) => Ok(Response::ok(&problem(*found))?),
        Err(Stop::Failed(error)) => Err(error),
    }
}
