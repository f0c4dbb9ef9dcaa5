//! Asks a user for consent with OAuth 1.0a.

use super::{AskedForConsent, Stop, check_terms, finish, stop};
use crate::http::body::{BodyError, read_json};
use crate::http::oauth1::read_request_token;
use crate::http::reply::Response;
use crate::http::router::Exchange;
use gatehouse_domain::consent::Catalog;
use gatehouse_domain::grant::{Callback, StoredGrant};
use gatehouse_domain::message::account::{AccountCall, NoteConsent};
use gatehouse_domain::message::app_traffic::AppTrafficCall;
use gatehouse_domain::oauth1::{AskedCallback, RequestToken, Verifier};
use gatehouse_domain::oauth2::Parameters;
use gatehouse_domain::ports::{EdgePorts, random};
use gatehouse_shared::api::{
    Access, Consent, ConsentApp, ConsentOutcome, ConsentTerms, DecideConsentRequest, Done, RepeatConsentRequest,
};
use gatehouse_shared::credential::encode_bytes;
use gatehouse_shared::model::{AccountId, AppId, Permission};

/// A request token that can be answered.
struct PendingToken {
    text: String,
    app_id: AppId,
    token: RequestToken,
    app: ConsentApp,
    /// What the user's consent gives.
    level: Permission,
    /// `None` for a PIN.
    callback: Option<Callback>,
}

impl PendingToken {
    fn terms(&self) -> ConsentTerms {
        // Its tokens have no end.
        ConsentTerms { permission: Some(self.level), scopes: Vec::new(), is_lasting: true }
    }
}

impl<R: EdgePorts> Exchange<'_, R> {
    async fn find_pending_token(&self, params: &Parameters, user: Option<AccountId>) -> Result<PendingToken, Stop> {
        let text = params.find("oauth_token").ok().flatten().unwrap_or_default();
        if text.is_empty() {
            let detail = "Send the user here with the oauth_token that you got from /oauth/request_token.";
            return Err(stop("The link has no oauth_token", detail, &[]));
        }
        let named = read_request_token(self.isolate, text).ok_or(Stop::Expired)?;
        let app_id = named.app_id;
        let call = AppTrafficCall::FindRequestToken { serial: named.serial };
        let token: Option<RequestToken> = self.ask_app(app_id, &call).await?;
        let is_open = |token: &RequestToken| token.root.is_named_by(&named) && token.approved.is_none();
        let token = token.filter(is_open).ok_or(Stop::Expired)?;
        let (live, asking) = self.find_asking_app(app_id, user).await?;
        let level = Catalog::of(&self.isolate.settings.api).highest(token.level.min(live.permission));
        let callback = match &token.callback {
            AskedCallback::OutOfBand => None,
            AskedCallback::Url(url) => match Callback::find_without_query(&live.callback_urls, url) {
                Some(callback) => Some(callback),
                None => {
                    let detail = "It was removed from the App after this sign-in began. Register it again under \
                                  Settings on the App’s page, or start again with another one.";
                    let mut facts = vec![("oauth_callback received", url.as_str())];
                    if asking.is_member {
                        facts.extend(live.callback_urls.iter().map(|url| ("registered callback URL", url.as_str())));
                    }
                    return Err(stop("The callback URL is no longer registered", detail, &facts));
                }
            },
        };
        Ok(PendingToken { text: text.to_owned(), app_id, token, app: asking.app, level, callback })
    }

    pub(in crate::http) async fn find_oauth1_consent(&self) -> Result<Response, BodyError> {
        self.admit_look().await?;
        let params = self.query_parameters();
        let consent = async {
            let user = self.signed_in_account().await?;
            let pending = self.find_pending_token(&params, user).await?;
            self.ask_about_token(&params, pending, user).await
        };
        finish(consent.await)
    }

    /// What the page shows: who asks for what.
    async fn ask_about_token(
        &self,
        params: &Parameters,
        pending: PendingToken,
        user: Option<AccountId>,
    ) -> Result<Consent, Stop> {
        let text = |name| params.find(name).ok().flatten().unwrap_or_default().to_owned();
        let terms = pending.terms();
        let returns_to = pending.callback.as_ref().map(Callback::place).unwrap_or_default();
        let mut request = self.describe(user, AskedForConsent { app: pending.app, terms, returns_to }).await?;
        request.screen_name = text("screen_name");
        request.force_login = text("force_login") == "true";
        Ok(Consent::Ask(Box::new(request)))
    }

    /// Answers for a user who agreed to as much before, without asking. Only a
    /// page of the portal's own gets here, as for every call that changes
    /// something.
    pub(in crate::http) async fn repeat_oauth1_consent(&self) -> Result<Response, BodyError> {
        self.admit_look().await?;
        let request: RepeatConsentRequest = read_json(self.request)?;
        let params = Parameters::from_form(request.query.as_bytes());
        let consent = async {
            let user = self.signed_in_account().await?;
            let pending = self.find_pending_token(&params, user).await?;
            let is_forced = params.find("force_login").ok().flatten() == Some("true");
            let (Some(account), Some(callback), false) = (user, &pending.callback, is_forced) else {
                return self.ask_about_token(&params, pending, user).await;
            };
            let grant = self.find_grant(user, pending.app_id).await?;
            // What is in the App's hands counts, not what it was only promised.
            if grant.as_ref().and_then(StoredGrant::permission) < Some(pending.level) {
                return self.ask_about_token(&params, pending, user).await;
            }
            let verifier = self.approve_token(&pending, account).await?.ok_or(Stop::Expired)?;
            Ok(Consent::Redirect(answer_oauth1(callback, &pending.text, &verifier)))
        };
        finish(consent.await)
    }

    /// Notes the user's consent to the level of `pending`; gives what the user
    /// brings back, or `None` where the token was answered meanwhile.
    async fn approve_token(&self, pending: &PendingToken, user: AccountId) -> Result<Option<String>, BodyError> {
        let runtime = &self.isolate.runtime;
        let text = match pending.callback {
            Some(_) => encode_bytes(&random(runtime)),
            // Seven digits, each value as likely as any other to one in 10^12.
            None => format!("{:07}", u64::from_be_bytes(random(runtime)) % 10_000_000),
        };
        let (app_id, serial) = (pending.app_id, pending.token.root.serial);
        // First where the user can take it back: what is not noted there gives nothing.
        let note = NoteConsent { app: pending.app.clone(), serial, level: pending.level };
        let is_new: bool = self.ask(AccountCall::NoteConsent(note)).await?;
        if !is_new {
            return Ok(None);
        }
        let verifier = Verifier::of(&pending.token.root, &text);
        let approved = self.ask_app(app_id, &AppTrafficCall::ApproveRequestToken { serial, user, verifier }).await;
        if !matches!(approved, Ok(true)) {
            let _: Result<Done, BodyError> = self.ask(AccountCall::WithdrawConsent { app_id, serial }).await;
        }
        Ok(approved?.then_some(text))
    }

    pub(in crate::http) async fn decide_oauth1_consent(&self) -> Result<Response, BodyError> {
        self.require(Access::Account).await?;
        let request: DecideConsentRequest = read_json(self.request)?;
        let params = Parameters::from_form(request.query.as_bytes());
        let outcome = async {
            let user = self.answering_account(&request)?;
            let pending = self.find_pending_token(&params, Some(user)).await?;
            if !request.approve {
                let call = AppTrafficCall::DenyRequestToken { serial: pending.token.root.serial };
                let _: () = self.ask_app(pending.app_id, &call).await?;
                let back = pending.callback.map(|callback| callback.with(&[("denied", &pending.text)]));
                return Ok(ConsentOutcome::Denied(back.unwrap_or_default()));
            }
            check_terms(&request, &pending.terms())?;
            let verifier = self.approve_token(&pending, user).await?.ok_or(Stop::Expired)?;
            Ok(match &pending.callback {
                Some(callback) => ConsentOutcome::Redirect(answer_oauth1(callback, &pending.text, &verifier)),
                None => ConsentOutcome::Pin(verifier),
            })
        };
        finish(outcome.await)
    }
}

fn answer_oauth1(callback: &Callback, token: &str, verifier: &str) -> String {
    callback.with(&[("oauth_token", token), ("oauth_verifier", verifier)])
}
