//! The endpoints of OAuth 1.0a: request token and access token.

use super::protocol_answer::{coded, coded_with_challenge, over_capacity, too_many};
use super::refused::Refused;
use super::reply::Response;
use super::request::{Body, Request};
use crate::isolate::Isolate;
use form_urlencoded::Serializer;
use gatehouse_domain::app::LiveApp;
use gatehouse_domain::credential::{Derived, StoredCredential, draw_credential, draw_root, show_credential};
use gatehouse_domain::gate::{
    Keys, Reason, RefusalText, Signed, SignedByApp, Signing, Unproven, Unusable, explain, unauthenticated,
    verify_app_tag,
};
use gatehouse_domain::message::account::{AccountCall, Caller, EnsureAccessToken};
use gatehouse_domain::message::app_traffic::AppTrafficCall;
use gatehouse_domain::message::developer_account::DeveloperAccountCall;
use gatehouse_domain::oauth1::{CallbackError, Redeemed, RequestToken, Verifier, check_callback, level_asked};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, ObjectName, PortError, ask, log_failure};
use gatehouse_domain::secret::Secret;
use gatehouse_shared::api::{ConsentApp, CredentialKind};
use gatehouse_shared::credential::{Public, RequestTokenSecret, Serial};
use gatehouse_shared::model::{AccountId, AppId};
use gatehouse_shared::oauth1::{Received, SignedRequest};
use gatehouse_shared::{credential as format, oauth1};
use std::cell::Cell;

/// One call to an endpoint of OAuth 1.0a.
pub(super) struct OAuth1Call<'a, R> {
    isolate: &'a Isolate<R>,
    request: &'a Request,
    request_id: &'a str,
    /// The App whose API Key came, once that is read.
    app_id: Cell<Option<AppId>>,
    /// Whether its signature was verified.
    is_proven: Cell<bool>,
}

impl<'a, R: EdgePorts> OAuth1Call<'a, R> {
    pub fn new(isolate: &'a Isolate<R>, request: &'a Request, request_id: &'a str) -> Self {
        Self { isolate, request, request_id, app_id: Cell::default(), is_proven: Cell::default() }
    }

    /// `/oauth/request_token`: a token to ask a user with.
    pub async fn request_token(&self) -> Response {
        let granted = self.grant_request_token().await;
        self.answer(granted).await
    }

    /// `/oauth/access_token`: the user's token, for a request token and what
    /// the user brought back.
    pub async fn access_token(&self) -> Response {
        let redeemed = self.redeem_request_token().await;
        self.answer(redeemed).await
    }

    async fn answer(&self, answer: Result<Response, Refused>) -> Response {
        match answer {
            Ok(answer) => answer,
            Err(refused) => {
                let refused = refused.of(self.app_id.get()).proven(self.is_proven.get());
                self.isolate.refuse_call(self.request, self.request_id, refused, too_many).await
            }
        }
    }

    async fn admit(&self, app_id: AppId) -> Result<(), Refused> {
        self.is_proven.set(true);
        if self.isolate.admit_app(app_id).await { Ok(()) } else { Err(too_many().into()) }
    }

    fn origin(&self) -> &str {
        self.isolate.settings.origin(self.request.origin())
    }

    /// Refuses with a code.
    fn coded(&self, status: u16, code: u32, message: &str, why: RefusalText) -> Refused {
        Refused::new(coded_with_challenge(status, code, message, self.origin()), why)
    }

    fn received(&self) -> Result<Received<'_>, Refused> {
        let request = self.request;
        if request.method != "POST" && request.method != "GET" {
            return Err(coded(404, 34, "Sorry, that page does not exist.").into());
        }
        let Body::Read(body) = &request.body else {
            return Err(coded(413, 215, "The request body is too large").into());
        };
        let form = request.is_form().then_some(body.as_slice());
        let authorization = request.header("authorization");
        Ok(Received { method: &request.method, url: &request.url, authorization, form })
    }

    fn refuse(&self, reason: impl Into<Reason>) -> Refused {
        let reason = reason.into();
        self.isolate.log_reason(&reason, self.request_id);
        let Reason::Unproven(unproven) = &reason else { return over_capacity().into() };
        if self.app_id.get().is_none() {
            self.app_id.set(self.isolate.app_of_key(self.request, unproven));
        }
        Refused::for_reason(unauthenticated(unproven, self.origin()).into(), &reason)
    }

    fn fail(&self, error: impl std::fmt::Display) -> Refused {
        log_failure(&self.isolate.runtime, "oauth1", self.request_id, error);
        over_capacity().into()
    }

    fn suspended(&self) -> Refused {
        let why = explain(&Reason::AppSuspended);
        self.coded(401, 416, "Invalid / suspended application.", why)
    }

    fn wrong_parameter(&self, name: &'static str, message: &str) -> Refused {
        let text = format!("{name} is missing or has another value than the protocol knows.");
        let why = RefusalText::new("wrong-parameter", text, "See the docs on acting for users with OAuth 1.0a.");
        self.coded(400, 215, message, why)
    }

    fn wrong_callback(&self, error: CallbackError, wanted: &str, registered: &[String]) -> Refused {
        let (status, code, message) = match error {
            CallbackError::NoneRegistered => {
                (401, 417, "Desktop applications only support the oauth_callback value 'oob'")
            }
            CallbackError::NotRegistered => (
                403,
                415,
                "Callback URL not approved for this client application. Approved callback URLs can be adjusted in \
                 your application settings",
            ),
        };
        let text = "oauth_callback is none of the App's callback URLs.";
        let help = "Register it in the App's settings, or send a registered one. Everything but the query must match.";
        let why = RefusalText::new("callback-not-registered", text, help)
            .with("oauth_callback received", wanted)
            .with("Registered", if registered.is_empty() { "none".to_owned() } else { registered.join("\n") });
        self.coded(status, code, message, why)
    }

    /// The answer to a request token that gives nothing. One client starts its
    /// PIN flow on it.
    fn no_token(&self) -> Refused {
        let unproven = Unproven::Token(Unusable::Replaced);
        let text = "The request token is missing, unknown, used, or older than 15 minutes.";
        let why = RefusalText::new("request-token-gone", text, "Start again at /oauth/request_token.");
        Refused::new(unauthenticated(&unproven, self.origin()).into(), why)
    }

    fn wrong_verifier(&self) -> Refused {
        let text = "Error processing your OAuth request: Invalid oauth_verifier parameter";
        let challenge = format!("OAuth realm=\"{}\"", self.origin());
        let answer = Response::new(401, "text/html;charset=utf-8", text.to_owned()).with("www-authenticate", challenge);
        let text = "oauth_verifier is not what the user was given, or the user has not answered yet.";
        Refused::new(
            answer,
            RefusalText::new("wrong-verifier", text, "Send the PIN, or the oauth_verifier of the callback."),
        )
    }

    async fn ask_app<T: serde::de::DeserializeOwned>(&self, app_id: AppId, call: AppTrafficCall) -> Result<T, Refused> {
        let answer: Result<T, PortError> = ask(&self.isolate.runtime, &ObjectName::AppTraffic(app_id), &call).await;
        answer.map_err(|error| self.fail(error))
    }

    /// Verifies a signature of the App, with the secret of its request token
    /// or an empty one.
    fn verify(
        &self,
        received: &Received<'_>,
        request: &SignedRequest<'_>,
        key: Public,
        token_secrets: &[&str],
    ) -> Result<SignedByApp, Refused> {
        let isolate = self.isolate;
        let verify = |app: &LiveApp| {
            let (settings, now) = (&isolate.settings, isolate.now());
            let signing = Signing { settings, received, request, key, app, arrived_at: now, now };
            let mut outcomes = token_secrets.iter().map(|secret| signing.verify(secret));
            let first = outcomes.next().unwrap_or(Err(Unproven::NoCredentials));
            // A later secret counts only where the first one's refusal stands otherwise.
            if first.is_ok() { first } else { outcomes.find(Result::is_ok).unwrap_or(first) }
        };
        let unknown = Err(Unproven::Key(Unusable::UnknownApp));
        isolate.on_app(key.app_id, verify).unwrap_or(unknown).map_err(|unproven| self.refuse(unproven))
    }

    async fn grant_request_token(&self) -> Result<Response, Refused> {
        let (isolate, settings) = (self.isolate, &self.isolate.settings);
        let received = self.received()?;
        // A token here would mean nothing; some clients send an empty one.
        let Signed { request, keys: Keys { key, .. } } =
            Signed::read(settings, &received, None).map_err(|reason| self.refuse(reason))?;
        let app_id = key.app_id;
        self.app_id.set(Some(app_id));
        isolate.freshen_app(app_id).await.map_err(|error| self.refuse(Reason::from(error)))?;
        let signed = self.verify(&received, &request, key, &[""])?;
        self.admit(app_id).await?;
        if isolate.on_app(app_id, |app| app.sign_in || app.is_stopped()) == Some(false) {
            let text =
                "User sign-in is off for this App. Turn it on under “Permissions and sign-in” on the App’s page.";
            Err(coded(403, 453, text))?;
        }
        let stopped = |app: &LiveApp| (app.is_stopped(), app.callback_urls.clone(), app.permission);
        let (is_stopped, callbacks, permission) = isolate.on_app(app_id, stopped).unwrap_or_default();
        if is_stopped {
            return Err(self.suspended());
        }
        let missing = || self.wrong_parameter("oauth_callback", "Bad Authentication data.");
        let wanted = request.parameter("oauth_callback").filter(|wanted| !wanted.is_empty()).ok_or_else(missing)?;
        let callback =
            check_callback(&wanted, &callbacks).map_err(|error| self.wrong_callback(error, &wanted, &callbacks))?;
        let asked = request.parameter("x_auth_access_type");
        let level = level_asked(asked.as_deref(), permission)
            .ok_or_else(|| self.wrong_parameter("x_auth_access_type", "x_auth_access_type is read or write"))?;
        isolate.spend(app_id, &signed.nonce).await.map_err(|reason| self.refuse(reason))?;

        let root = draw_root(&settings.keyring, &isolate.runtime);
        let public = settings.keyring.public(Derived::RequestToken, app_id, root.serial);
        let secret = settings.keyring.secret(Derived::RequestTokenSecret, app_id, &root);
        let secret = secret.ok_or_else(|| self.fail("a new request token has no secret"))?;
        let token = RequestToken::new(root, callback, level);
        let _: () = self.ask_app(app_id, AppTrafficCall::PutRequestToken(token)).await?;
        Ok(form_answer(&[
            ("oauth_token", &format::RequestToken::write(settings.prefix(), &public)),
            ("oauth_token_secret", &RequestTokenSecret::write(settings.prefix(), secret.reveal())),
            ("oauth_callback_confirmed", "true"),
        ]))
    }

    async fn redeem_request_token(&self) -> Result<Response, Refused> {
        let (isolate, settings) = (self.isolate, &self.isolate.settings);
        let received = self.received()?;
        let request = oauth1::read(&received).map_err(|error| self.refuse(Unproven::from(error)))?;
        let Keys { key, .. } =
            Keys::read(settings, &request.consumer_key, None).map_err(|reason| self.refuse(reason))?;
        let app_id = key.app_id;
        self.app_id.set(Some(app_id));
        let no_token = || self.no_token();
        let text = request.token.as_deref().ok_or_else(no_token)?;
        let named = read_request_token(isolate, text).filter(|named| named.app_id == app_id).ok_or_else(no_token)?;
        isolate.freshen_app(app_id).await.map_err(|error| self.refuse(Reason::from(error)))?;
        let token: Option<RequestToken> =
            self.ask_app(app_id, AppTrafficCall::FindRequestToken { serial: named.serial }).await?;
        let token = token.filter(|token| token.root.is_named_by(&named)).ok_or_else(no_token)?;
        let secret = settings.keyring.secret(Derived::RequestTokenSecret, app_id, &token.root).ok_or_else(no_token)?;
        let secret = Secret::new(RequestTokenSecret::write(settings.prefix(), secret.reveal()));
        let secrets = if settings.lenient_access_token { &[secret.reveal(), ""][..] } else { &[secret.reveal()] };
        let signed = self.verify(&received, &request, key, secrets)?;
        self.admit(app_id).await?;
        if isolate.on_app(app_id, LiveApp::is_stopped) != Some(false) {
            return Err(self.suspended());
        }

        let wrong = || self.wrong_verifier();
        let brought = request.parameter("oauth_verifier").filter(|text| !text.is_empty()).ok_or_else(wrong)?;
        let verifier = Verifier::of(&token.root, brought.trim());
        isolate.spend(app_id, &signed.nonce).await.map_err(|reason| self.refuse(reason))?;
        // Before the token is used up: what follows may fail once it is.
        let owner = isolate.owner_of(app_id).ok_or_else(no_token)?;
        let app: ConsentApp = isolate
            .read_developer(owner, DeveloperAccountCall::FindConsentApp { app_id, user: None })
            .await
            .map_err(|refusal| self.fail(format!("{refusal:?}")))?;
        let call = AppTrafficCall::RedeemRequestToken { serial: named.serial, verifier };
        match self.ask_app(app_id, call).await? {
            Redeemed::For { user } => self.show_access_token(app, user, named.serial).await,
            Redeemed::WrongVerifier => Err(wrong()),
            Redeemed::Gone => Err(no_token()),
        }
    }

    /// The user's one Access Token for the App.
    async fn show_access_token(&self, app: ConsentApp, user: AccountId, consent: Serial) -> Result<Response, Refused> {
        let app_id = app.id;
        let (isolate, settings) = (self.isolate, &self.isolate.settings);
        let (keyring, prefix, runtime) = (&settings.keyring, settings.prefix(), &isolate.runtime);
        let kind = CredentialKind::AccessToken;
        let credential = draw_credential(keyring, prefix, kind, (app_id, Some(user)), isolate.now(), runtime);
        let transfers = isolate.on_app(app_id, |app| app.transfers).unwrap_or_default();
        let call = AccountCall::EnsureAccessToken(EnsureAccessToken { app, transfers, credential, consent });
        let source = isolate.source_of(self.request, self.request_id);
        let ensured: Result<(StoredCredential, String), PortalError> =
            isolate.ask_account(user, Caller::Internal, call, &source).await;
        let (stored, username) = ensured.map_err(|refusal| match refusal {
            PortalError::AccountSuspended(_) => {
                let message = "Your account is suspended and is not permitted to access this feature.";
                self.coded(403, 64, message, explain(&Reason::UserSuspended))
            }
            // Taken back since it was agreed to.
            PortalError::NotFound(_) => self.no_token(),
            refusal => self.fail(format!("{refusal:?}")),
        })?;
        let shown = show_credential(keyring, prefix, (app_id, Some(user)), &stored);
        let pair = shown.and_then(|shown| Some((shown.access_token?, shown.access_token_secret?)));
        let (token, secret) = pair.ok_or_else(|| self.fail("a stored Access Token can't be shown"))?;
        Ok(form_answer(&[
            ("oauth_token", &token),
            ("oauth_token_secret", &secret),
            ("user_id", &user.to_string()),
            ("screen_name", &username),
        ]))
    }
}

/// Reads the text of a request token; `None` where it was not made here.
pub(super) fn read_request_token<R: EdgePorts>(isolate: &Isolate<R>, text: &str) -> Option<Public> {
    let settings = &isolate.settings;
    verify_app_tag(settings, Derived::RequestToken, format::RequestToken::read(settings.prefix(), text)).ok()
}

/// Form data under the type that this protocol's clients were given.
fn form_answer(fields: &[(&str, &str)]) -> Response {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    Response::new(200, "text/html;charset=utf-8", body)
}
