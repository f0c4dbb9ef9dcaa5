//! Asks a user for consent with OAuth 2.0.

use super::{AskedForConsent, Stop, check_terms, finish, stop};
use crate::http::body::{BodyError, read_json};
use crate::http::reply::Response;
use crate::http::router::Exchange;
use gatehouse_domain::credential::{Derived, TokenUse, derive_token, draw_root};
use gatehouse_domain::gate::verify_app_tag;
use gatehouse_domain::grant::{CODE_SECONDS, Family, PendingCode};
use gatehouse_domain::message::account::{AccountCall, StartFamily};
use gatehouse_domain::oauth2::{Asked, Authorization, Parameters, check_authorization};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::api::{
    Access, Consent, ConsentApp, ConsentOutcome, ConsentTerms, DecideConsentRequest, Done, Fact,
};
use gatehouse_shared::credential as format;
use gatehouse_shared::credential::{ClientId, Public, UserToken};
use gatehouse_shared::description::OFFLINE_SCOPE;
use gatehouse_shared::model::{AccountId, AppId, UnixSeconds};

/// An authorization request that can be answered.
struct PendingAuthorization {
    app_id: AppId,
    app: ConsentApp,
    asked: Authorization,
    /// `None` where the App wants redirects without it.
    issuer: Option<String>,
}

impl PendingAuthorization {
    fn terms(&self) -> ConsentTerms {
        let scopes = self.asked.scopes.clone();
        let is_lasting = scopes.iter().any(|scope| scope == OFFLINE_SCOPE);
        ConsentTerms { permission: None, scopes, is_lasting }
    }
}

impl<R: EdgePorts> Exchange<'_, R> {
    fn read_client_id(&self, text: &str) -> Option<Public> {
        let settings = &self.isolate.settings;
        verify_app_tag(settings, Derived::ClientId, ClientId::read(settings.prefix(), text)).ok()
    }

    async fn find_pending_authorization(
        &self,
        params: &Parameters,
        user: Option<AccountId>,
    ) -> Result<PendingAuthorization, Stop> {
        let client_id = params.find("client_id").ok().flatten().unwrap_or_default();
        let unknown = || {
            let detail = "Copy the Client ID from “Permissions and sign-in” on the App’s page.";
            stop("No App has this client_id", detail, &[("client_id received", client_id)])
        };
        let app_id = self.read_client_id(client_id).ok_or_else(unknown)?.app_id;
        let (live, asking) = self.find_asking_app(app_id, user).await?;
        if live.client_id.as_deref() != Some(client_id) {
            return Err(unknown());
        }
        let settings = &self.isolate.settings;
        let issuer = (!asking.omit_iss).then(|| settings.origin(self.request.origin()).to_owned());
        let is_member = asking.is_member;
        let asked = Asked { params, app: &live, scopes: &settings.api.scopes, issuer: issuer.as_deref(), is_member };
        match check_authorization(&asked) {
            Ok(asked) => Ok(PendingAuthorization { app_id, app: asking.app, asked, issuer }),
            Err(mut problem) => {
                problem.facts.insert(0, Fact { name: "App".to_owned(), value: asking.app.name });
                Err(Stop::Problem(Box::new(problem)))
            }
        }
    }

    pub(in crate::http) async fn find_oauth2_consent(&self) -> Result<Response, BodyError> {
        self.admit_look().await?;
        let params = self.query_parameters();
        let consent = async {
            let user = self.signed_in_account().await?;
            let pending = self.find_pending_authorization(&params, user).await?;
            let (terms, returns_to) = (pending.terms(), pending.asked.callback.place());
            let request = self.describe(user, AskedForConsent { app: pending.app, terms, returns_to }).await?;
            Ok(Consent::Ask(Box::new(request)))
        };
        finish(consent.await)
    }

    pub(in crate::http) async fn decide_oauth2_consent(&self) -> Result<Response, BodyError> {
        self.require(Access::Account).await?;
        let request: DecideConsentRequest = read_json(self.request)?;
        let params = Parameters::from_form(request.query.as_bytes());
        let outcome = async {
            let user = self.answering_account(&request)?;
            let pending = self.find_pending_authorization(&params, Some(user)).await?;
            let terms = pending.terms();
            let PendingAuthorization { app_id, app, asked, issuer } = pending;
            let issuer = issuer.as_deref();
            if !request.approve {
                return Ok(ConsentOutcome::Redirect(asked.answer(&[("error", "access_denied")], issuer)));
            }
            check_terms(&request, &terms)?;
            let (settings, runtime) = (&self.isolate.settings, &self.isolate.runtime);
            let (keyring, now) = (&settings.keyring, self.isolate.now());
            let root = draw_root(keyring, runtime);
            let secret = keyring.secret(Derived::Family(user), app_id, &root);
            let secret = secret.ok_or_else(|| PortalError::Internal("a new authorization has no secret".into()))?;
            let code = derive_token(&secret, TokenUse::Code, 0);
            let public = keyring.public(Derived::Code(user), app_id, root.serial);
            let (until, left_out) = (UnixSeconds(0), 0);
            let token = UserToken { public, user, generation: 0, until, left_out, secret: code.reveal() };
            let text = format::AuthorizationCode::write(settings.prefix(), &token);
            let pending_code = PendingCode {
                redirect_uri: asked.callback.as_str().to_owned(),
                challenge: asked.challenge.clone(),
                expires_at: now.plus(CODE_SECONDS),
            };
            let family = Family {
                root,
                scopes: terms.scopes,
                created_at: now,
                code: Some(pending_code),
                redeemed: None,
                generation: 0,
                advanced_at: now,
            };
            let _: Done = self.ask(AccountCall::StartFamily(StartFamily { app, family })).await?;
            Ok(ConsentOutcome::Redirect(asked.answer(&[("code", &text)], issuer)))
        };
        finish(outcome.await)
    }
}
