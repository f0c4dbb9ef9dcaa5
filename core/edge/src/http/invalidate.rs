//! `POST /oauth2/invalidate_token`: revokes an App's Bearer Token.

use super::bearer_token::check_app;

use super::protocol_answer::{coded, coded_with_challenge, not_verified, over_capacity, protocol_answer, too_many};
use super::refused::Refused;
use super::reply::Response;
use super::request::{Body, Request};
use crate::isolate::Isolate;
use gatehouse_domain::app::LiveApp;
use gatehouse_domain::audit::RequestSource;
use gatehouse_domain::credential::Which;
use gatehouse_domain::gate::{Reason, RefusalText, Unproven, Unusable, Verified, unauthenticated, verify_bearer};
use gatehouse_domain::message::developer_account::{Asking, Caller, DeveloperAccountCall};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, log_failure};
use gatehouse_shared::api::{AppView, CredentialKind};
use gatehouse_shared::credential::BearerToken;
use gatehouse_shared::model::{AppId, MemberRole};
use gatehouse_shared::oauth1::Received;
use percent_encoding::percent_decode_str;
use serde_json::json;

/// `POST /oauth2/invalidate_token`: revokes an App's Bearer Token. The App
/// shows its API Key and Secret with HTTP Basic, or a member of its developer
/// account signs.
pub(super) async fn invalidate_endpoint<R: EdgePorts>(isolate: &Isolate<R>, request: &Request) -> Response {
    let request_id = isolate.request_id();
    let answer = match find_caller(isolate, request, &request_id).await {
        Ok(app_id) => {
            let revoked = invalidate(isolate, request, app_id, &request_id).await;
            revoked.map_err(|refused| refused.of(app_id).proven(true))
        }
        Err(refused) => Err(refused),
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(refused) => isolate.refuse_call(request, &request_id, refused, too_many).await,
    };
    answer.with("x-gatehouse-request-id", request_id)
}

/// The App that calls.
async fn find_caller<R: EdgePorts>(
    isolate: &Isolate<R>,
    request: &Request,
    request_id: &str,
) -> Result<AppId, Refused> {
    if request.method != "POST" {
        return Err(coded(404, 34, "Sorry, that page does not exist.").into());
    }
    let Body::Read(body) = &request.body else {
        return Err(coded(413, 215, "The request body is too large").into());
    };
    let authorization = request.header("authorization");
    if authorization.is_some_and(|header| header.trim_start().get(..5).is_some_and(|s| s.eq_ignore_ascii_case("basic")))
    {
        return check_app(isolate, request, request_id).await;
    }
    let form = request.is_form().then_some(body.as_slice());
    let received = Received { method: &request.method, url: &request.url, authorization, form };
    let verified = match isolate.verify_request(&received).await {
        Ok(caller) => {
            if !isolate.admit_app(caller.app_id()).await {
                return Err(too_many().into());
            }
            // The App's users have no say over its Bearer Token.
            let is_stopped = isolate.on_app(caller.app_id(), LiveApp::is_stopped) != Some(false);
            if is_stopped || !may_revoke(isolate, &caller, request_id).await? {
                let text = "Only members of the App's developer account who may revoke credentials may revoke its Bearer \
                            Token, and the App must not be suspended.";
                let help = "Send the API Key and Secret with HTTP Basic, or sign with the Access Token of a member \
                            whose role is Developer, Admin, or Owner.";
                let why = RefusalText::new("not-a-member", text, help);
                return Err(Refused::new(not_verified(), why).of(caller.app_id()).proven(true));
            }
            isolate.record_nonce(&caller).await.map(|()| caller.app_id())
        }
        Err(reason) => Err(reason),
    };
    verified.map_err(|reason| {
        isolate.log_reason(&reason, request_id);
        let Reason::Unproven(unproven) = &reason else { return over_capacity().into() };
        let answer = match unproven {
            Unproven::Key(_) | Unproven::Token(_) => not_verified(),
            unproven => unauthenticated(unproven, isolate.settings.origin(request.origin())).into(),
        };
        Refused::for_reason(answer, &reason).of(isolate.app_of_key(request, unproven))
    })
}

/// Whether the user for whom a request is signed is a member of the App's
/// developer account who may revoke its credentials.
async fn may_revoke<R: EdgePorts>(isolate: &Isolate<R>, caller: &Verified, request_id: &str) -> Result<bool, Refused> {
    let (Some(account), Some(developer)) = (caller.user(), isolate.owner_of(caller.app_id())) else { return Ok(false) };
    let asking = Asking { account, username: String::new(), is_own: false };
    let call = DeveloperAccountCall::Require(MemberRole::Developer);
    match isolate.ask_developer(developer, Caller::Account(asking), call, &RequestSource::default()).await {
        Ok(()) => Ok(true),
        Err(PortalError::Unavailable(error) | PortalError::Internal(error)) => {
            log_failure(&isolate.runtime, "invalidate_bearer_token", request_id, error);
            Err(over_capacity().into())
        }
        Err(_) => Ok(false),
    }
}

async fn invalidate<R: EdgePorts>(
    isolate: &Isolate<R>,
    request: &Request,
    app_id: AppId,
    request_id: &str,
) -> Result<Response, Refused> {
    let Some(given) = request.form_or_query("access_token").filter(|token| !token.is_empty()) else {
        let why =
            RefusalText::new("wrong-parameter", "access_token is missing.", "Send the Bearer Token as access_token.");
        return Err(Refused::new(coded(403, 170, "Missing required parameter: access_token"), why));
    };
    // One answer for all that is wrong with the token.
    let gone = |unproven: Unproven| {
        let origin = isolate.settings.origin(request.origin());
        let answer = coded_with_challenge(401, 89, "Invalid or expired token.", origin);
        Refused::for_reason(answer, &unproven.into())
    };
    let replaced = || gone(Unproven::Token(Unusable::Replaced));
    // Clients send it as they got it, or percent-encoded once more.
    let token = percent_decode_str(&given).decode_utf8_lossy().into_owned();
    let settings = &isolate.settings;
    let read = BearerToken::read(settings.prefix(), &token);
    let (public, secret) = read.map_err(|error| gone(Unproven::Token(Unusable::Malformed(error))))?;
    if public.app_id != app_id {
        return Err(gone(Unproven::TokenOfOtherApp));
    }
    let verified = isolate.on_app(app_id, |app| verify_bearer(settings, &public, secret, app, isolate.now()));
    verified.ok_or_else(replaced)?.map_err(gone)?;
    let owner = isolate.owner_of(app_id).ok_or_else(replaced)?;
    let kind = CredentialKind::BearerToken;
    let call = DeveloperAccountCall::RevokeCredential { app_id, kind, which: Which::One(public.serial) };
    let source = isolate.source_of(request, request_id);
    let revoked: Result<AppView, PortalError> = isolate.ask_developer(owner, Caller::Internal, call, &source).await;
    match revoked {
        Ok(_) => Ok(protocol_answer(200, &json!({ "access_token": token }))),
        Err(PortalError::NotFound(_)) => Err(replaced()),
        Err(error) => {
            log_failure(&isolate.runtime, "invalidate_bearer_token", request_id, format_args!("{error:?}"));
            Err(over_capacity().into())
        }
    }
}
