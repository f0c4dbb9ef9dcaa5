//! `POST /oauth2/token`: an App's Bearer Token for its API Key and Secret.

use super::basic_auth::read_basic_credentials;
use super::protocol_answer::{coded, not_verified, over_capacity, protocol_answer, too_many};
use super::refused::Refused;
use super::reply::Response;
use super::request::{Body, Request};
use crate::isolate::Isolate;
use gatehouse_domain::audit::RequestSource;
use gatehouse_domain::credential::{StoredCredential, draw_credential, show_credential};
use gatehouse_domain::gate::{Reason, RefusalText, Unproven, Unusable, verify_api_key};
use gatehouse_domain::message::developer_account::{Caller, DeveloperAccountCall, EnsureBearerToken};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, log_failure};
use gatehouse_domain::secret::Secret;
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::model::AppId;
use serde_json::json;

/// `POST /oauth2/token` with `grant_type=client_credentials`: the App's Bearer
/// Token, the same one every time until it is regenerated or revoked.
pub(super) async fn token_endpoint<R: EdgePorts>(isolate: &Isolate<R>, request: &Request) -> Response {
    let request_id = isolate.request_id();
    let answer = match grant(isolate, request, &request_id).await {
        Ok(token) => protocol_answer(200, &json!({ "token_type": "bearer", "access_token": token.reveal() })),
        Err(refused) => isolate.refuse_call(request, &request_id, refused, too_many).await,
    };
    answer.with("x-gatehouse-request-id", request_id)
}

async fn grant<R: EdgePorts>(isolate: &Isolate<R>, request: &Request, request_id: &str) -> Result<Secret, Refused> {
    if request.method != "POST" {
        return Err(coded(404, 34, "Sorry, that page does not exist.").into());
    }
    let Body::Read(body) = &request.body else { return Err(coded(413, 170, "The request body is too large").into()) };
    check_grant_type(request, body).map_err(|refused| refused.of(basic_app(isolate, request)))?;
    let app_id = check_app(isolate, request, request_id).await?;
    find_bearer_token(isolate, app_id, &isolate.source_of(request, request_id)).await.map_err(|error| {
        log_failure(&isolate.runtime, "create_bearer_token", request_id, format_args!("{error:?}"));
        over_capacity().into()
    })
}

/// Checks that the App's Bearer Token is asked for, in the body or, as some
/// clients do, in the query.
fn check_grant_type(request: &Request, body: &[u8]) -> Result<(), Refused> {
    let url = request.url.split('#').next().unwrap_or_default();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let all = form_urlencoded::parse(body).chain(form_urlencoded::parse(query.as_bytes()));
    let mut values = all.filter(|(name, value)| name == "grant_type" && !value.is_empty()).map(|(_, value)| value);
    let Some(grant_type) = values.next() else {
        let answer = coded(403, 170, "Missing required parameter: grant_type");
        let why = RefusalText::new("wrong-parameter", "grant_type is missing.", "Send grant_type=client_credentials.");
        return Err(Refused::new(answer, why));
    };
    // RFC 6749 §3.2: no parameter more than once; the same in two places is the same.
    if grant_type == "client_credentials" && values.all(|other| other == grant_type) {
        return Ok(());
    }
    let text = "grant_type has another value than client_credentials, or more than one.";
    let help = "Send grant_type=client_credentials once. Codes and refresh tokens are redeemed at /2/oauth2/token.";
    Err(Refused::new(not_verified(), RefusalText::new("wrong-parameter", text, help)))
}

/// The App whose API Key came with HTTP Basic, whether or not its secret fits.
fn basic_app<R: EdgePorts>(isolate: &Isolate<R>, request: &Request) -> Option<AppId> {
    let basic = read_basic_credentials(&isolate.settings, request.header("authorization"));
    basic.ok().map(|basic| basic.key.app_id)
}

/// The App whose API Key and Secret came with HTTP Basic; the call is counted
/// as one of the App.
pub(super) async fn check_app<R: EdgePorts>(
    isolate: &Isolate<R>,
    request: &Request,
    request_id: &str,
) -> Result<AppId, Refused> {
    let settings = &isolate.settings;
    let refuse = |unproven: Unproven| Refused::for_reason(not_verified(), &unproven.into());
    let basic = match read_basic_credentials(settings, request.header("authorization")) {
        Ok(basic) => basic,
        Err(unproven) => {
            if let Unproven::Key(unusable) = &unproven {
                isolate.tell_operator(unusable);
            }
            return Err(refuse(unproven));
        }
    };
    let app_id = basic.key.app_id;
    if let Err(error) = isolate.freshen_app(app_id).await {
        log_failure(&isolate.runtime, "check_app", request_id, error);
        return Err(over_capacity().into());
    }
    let checked = isolate.on_app(app_id, |app| {
        verify_api_key(settings, &basic.key, &basic.secret, app, isolate.now()).map(|()| app.is_stopped())
    });
    match checked {
        Some(Ok(false)) if isolate.admit_app(app_id).await => Ok(app_id),
        Some(Ok(false)) => Err(too_many().into()),
        Some(Err(unusable)) => {
            isolate.tell_operator(&unusable);
            Err(refuse(Unproven::Key(unusable)).of(app_id))
        }
        Some(Ok(true)) => Err(Refused::for_reason(not_verified(), &Reason::AppSuspended).of(app_id).proven(true)),
        None => Err(refuse(Unproven::Key(Unusable::UnknownApp))),
    }
}

/// The App's Bearer Token; a new one where it has none that can be shown.
async fn find_bearer_token<R: EdgePorts>(
    isolate: &Isolate<R>,
    app_id: AppId,
    source: &RequestSource,
) -> Result<Secret, PortalError> {
    let lost = || PortalError::Internal("the App of a checked key is gone".into());
    let owner = isolate.owner_of(app_id).ok_or_else(lost)?;
    let (keyring, prefix, now) = (&isolate.settings.keyring, isolate.settings.prefix(), isolate.now());
    let kind = CredentialKind::BearerToken;
    let show = |stored: &StoredCredential| {
        let shown = show_credential(keyring, prefix, (app_id, None), stored)?;
        shown.bearer_token.map(Secret::new)
    };
    let stored = isolate.on_app(app_id, |app| app.current_credential(kind).cloned()).flatten();
    if let Some(token) = stored.as_ref().filter(|stored| stored.works_at(now)).and_then(show) {
        return Ok(token);
    }
    let credential = draw_credential(keyring, prefix, kind, (app_id, None), now, &isolate.runtime);
    let instead_of = stored.map(|stored| stored.root.serial);
    let call = DeveloperAccountCall::EnsureBearerToken(EnsureBearerToken { app_id, credential, instead_of });
    let stored: StoredCredential = isolate.ask_developer(owner, Caller::Internal, call, source).await?;
    show(&stored).ok_or_else(|| PortalError::Internal("a new Bearer Token can't be shown".into()))
}
