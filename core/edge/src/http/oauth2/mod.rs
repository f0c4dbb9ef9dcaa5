//! The endpoints of OAuth 2.0: token, revocation, introspection, metadata.

mod client;
mod introspect;
mod metadata;
mod revoke;
mod token;

pub(super) use metadata::metadata;

use super::headers::api_headers;
use super::refused::Refused;
use super::reply::Response;
use super::request::{Body, Request};
use crate::isolate::Isolate;
use gatehouse_domain::gate::RefusalText;
use gatehouse_domain::oauth2::{ErrorCode, Parameters, TokenError};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, log_failure};
use gatehouse_shared::model::AppId;
use serde_json::json;
use std::cell::Cell;

/// One call to an endpoint of OAuth 2.0.
pub(super) struct OAuth2Call<'a, R> {
    isolate: &'a Isolate<R>,
    request: &'a Request,
    request_id: &'a str,
    params: Parameters,
    /// The App that the client ID names, once that is read.
    app_id: Cell<Option<AppId>>,
    /// Whether it proved to be that App, by its secret.
    is_proven: Cell<bool>,
}

/// Which endpoint is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    Token,
    Revoke,
    Introspect,
}

/// Answers a call to one of the endpoints; `OPTIONS` is a browser that asks
/// whether a page elsewhere may call (public clients run there).
pub(super) async fn call<R: EdgePorts>(
    isolate: &Isolate<R>,
    request: &Request,
    request_id: &str,
    endpoint: Endpoint,
) -> Response {
    let answer = match request.method.as_str() {
        "OPTIONS" => preflight(request, "POST"),
        "POST" => answer(isolate, request, request_id, endpoint).await,
        _ => {
            let answer = Response { status: 405, ..refusal(&TokenError::invalid_request("Use POST.")) };
            let refused = answer.with("allow", "POST, OPTIONS").into();
            isolate.refuse_call(request, request_id, refused, too_many).await
        }
    };
    for_any_origin(answer)
}

async fn answer<R: EdgePorts>(
    isolate: &Isolate<R>,
    request: &Request,
    request_id: &str,
    endpoint: Endpoint,
) -> Response {
    let params = match read_parameters(request, isolate.settings.query_secrets) {
        Ok(params) => params,
        Err(error) => return isolate.refuse_call(request, request_id, refusal(&error).into(), too_many).await,
    };
    let (app_id, is_proven) = Default::default();
    let call = OAuth2Call { isolate, request, request_id, params, app_id, is_proven };
    let answered = match endpoint {
        Endpoint::Token => call.token().await,
        Endpoint::Revoke => call.revoke().await,
        Endpoint::Introspect => call.introspect().await,
    };
    match answered {
        Ok(body) => no_store(Response::new(200, "application/json;charset=utf-8", body.to_string())),
        Err(error) => {
            let refused = match why(&error) {
                Some(why) => Refused::new(refusal(&error), why),
                None => refusal(&error).into(),
            };
            let refused = refused.of(call.app_id.get()).proven(call.is_proven.get());
            isolate.refuse_call(request, request_id, refused, too_many).await
        }
    }
}

/// What the App's owner is told of a refused call, where it is one to be kept.
fn why(error: &TokenError) -> Option<RefusalText> {
    let (reason, help) = match error.code {
        ErrorCode::InvalidClient => (
            "invalid-client",
            "Compare client ID, client secret and App type with “Keys and tokens”. If nobody of yours sent this, \
             somebody is guessing.",
        ),
        ErrorCode::InvalidGrant => ("invalid-grant", "If the client has no tokens that work, ask the user again."),
        ErrorCode::InvalidScope => {
            ("invalid-scope", "Leave scope out, or ask the user for the scopes that are missing.")
        }
        ErrorCode::UnsupportedGrantType => ("unsupported-grant-type", "Send another grant_type."),
        ErrorCode::InvalidRequest | ErrorCode::UnsupportedResponseType => {
            ("invalid-request", "Correct the parameter that is named, and send the request again.")
        }
        ErrorCode::TemporarilyUnavailable => ("storage-failed", "Try again. Nothing is wrong with the request."),
        ErrorCode::SlowDown => return None,
    };
    let why = RefusalText::new(reason, error.description.clone(), help);
    Some(error.evidence.iter().fold(why, |why, (name, value)| why.with(name, value.clone())))
}

/// Reads the parameters: clients send a form, JSON or a query.
fn read_parameters(request: &Request, query_secrets: bool) -> Result<Parameters, TokenError> {
    let Body::Read(body) = &request.body else {
        return Err(TokenError::invalid_request("The body is too large. Send at most 64 KiB."));
    };
    let query = request.url.split_once('?').map_or("", |(_, query)| query);
    let query = Parameters::from_form(query.split('#').next().unwrap_or_default().as_bytes());
    if !query_secrets && query.find("client_secret") != Ok(None) {
        let text = "client_secret must not be in the query, where it is logged. Send it with HTTP Basic.";
        return Err(TokenError::invalid_request(text));
    }
    let essence = request.header("content-type").and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    let in_body = match essence {
        _ if body.is_empty() => Parameters::default(),
        essence if essence.eq_ignore_ascii_case("application/json") => Parameters::from_json(body)?,
        _ if request.is_form() => Parameters::from_form(body),
        _ => {
            let text = "Send the body as application/x-www-form-urlencoded or application/json.";
            return Err(TokenError::invalid_request(text));
        }
    };
    Ok(in_body.and(query))
}

/// The answer to a refused call (RFC 6749 §5.2).
fn refusal(error: &TokenError) -> Response {
    let status = match error.code {
        ErrorCode::InvalidClient => 401,
        ErrorCode::SlowDown => 429,
        ErrorCode::TemporarilyUnavailable => 503,
        _ => 400,
    };
    let body = json!({ "error": error.code.as_str(), "error_description": error.description });
    let answer = no_store(Response::new(status, "application/json;charset=utf-8", body.to_string()));
    match status {
        401 => answer.with("www-authenticate", "Basic realm=\"OAuth 2.0 client\", charset=\"UTF-8\""),
        429 => answer.with("retry-after", "60"),
        503 => answer.with("retry-after", "1"),
        _ => answer,
    }
}

/// The answer to who was refused too often.
fn too_many() -> Response {
    refusal(&TokenError::new(ErrorCode::SlowDown, "Too many refused calls. Wait a minute, then try again."))
}

/// The answer where a part of the deployment does not work.
pub(super) fn unavailable() -> Response {
    for_any_origin(refusal(&TokenError::unavailable()))
}

/// Old caches know only this (RFC 6749 §5.1).
fn no_store(answer: Response) -> Response {
    answer.with("pragma", "no-cache")
}

/// Lets pages of every origin read an answer: no cookie is looked at here.
pub(super) fn for_any_origin(mut answer: Response) -> Response {
    answer.headers.retain(|(name, _)| name != "cross-origin-resource-policy");
    answer
        .with("cross-origin-resource-policy", "cross-origin")
        .with("access-control-allow-origin", "*")
        .with("access-control-expose-headers", "x-gatehouse-request-id, retry-after, www-authenticate")
}

/// Answers a browser that asks whether a page may call. The headers that it
/// asks for are allowed: monitoring tools add theirs to every request of a
/// page, and none that is unknown means anything here.
pub(super) fn preflight(request: &Request, method: &str) -> Response {
    let is_list = |text: &&str| text.len() <= 1024 && text.bytes().all(|byte| is_token(byte) || b", ".contains(&byte));
    let asked = request.header("access-control-request-headers").filter(is_list);
    Response { status: 204, headers: api_headers(), body: String::new() }
        .with("access-control-allow-methods", method)
        .with("access-control-allow-headers", asked.unwrap_or("authorization, content-type"))
        .with("access-control-max-age", "86400")
        .with("vary", "access-control-request-headers")
}

/// Whether a byte may be in a header's name (RFC 9110 §5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

impl<R: EdgePorts> OAuth2Call<'_, R> {
    /// A part of the deployment did not answer.
    fn fail(&self, error: impl std::fmt::Display) -> TokenError {
        log_failure(&self.isolate.runtime, "oauth2", self.request_id, error);
        TokenError::unavailable()
    }

    fn fail_on(&self, refusal: &PortalError) -> TokenError {
        self.fail(format!("{refusal:?}"))
    }
}
