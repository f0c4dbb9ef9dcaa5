use super::{Stop, finish, stop};
use crate::app_gate::AppGateCall;
use crate::consent::{may_not_with_permission, may_with_permission};
use crate::grant::{Callback, StoredGrant};
use crate::http::body::{BodyError, read_json};
use crate::http::oauth1::read_request_token;
use crate::http::origin::is_same_origin;
use crate::http::reply::Response;
use crate::http::router::Exchange;
use crate::oauth1::{AskedCallback, RequestToken, Verifier};
use crate::oauth2::Parameters;
use crate::ports::{EdgePorts, random};
use gatehouse_shared::api::{Consent, ConsentApp, ConsentOutcome, ConsentRequest, DecideConsentRequest};
use gatehouse_shared::credential::encode_bytes;
use gatehouse_shared::model::{AccountId, AppId, Permission};

/// A request token that can be answered.
struct PendingToken {
    text: String,
    app_id: AppId,
    token: RequestToken,
    app: ConsentApp,
    /// `None` for a PIN.
    callback: Option<Callback>,
}

impl<R: EdgePorts> Exchange<'_, R> {
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
            AskedCallback::Url(url) => {
                Some(Callback::find_without_query(&live.callback_urls, url).ok_or_else(|| {
                    let detail = "The App’s callback URLs changed since it asked. Go back to the App and start again.";
                    stop("The callback URL is no longer registered", detail, &[("oauth_callback received", url)])
                })?)
            }
        };
        Ok(PendingToken { text: text.to_owned(), app_id, token, app, callback })
    }

    pub(in crate::http) async fn find_oauth1_consent(&self) -> Result<Response, BodyError> {
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

    pub(in crate::http) async fn decide_oauth1_consent(&self) -> Result<Response, BodyError> {
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
}

fn answer_oauth1(callback: &Callback, token: &str, verifier: &str) -> String {
    callback.with(&[("oauth_token", token), ("oauth_verifier", verifier)])
}
