//! Serves the metadata of the authorization server (RFC 8414).

use super::super::paths::{INTROSPECT, REVOKE, TOKEN};
use super::super::reply::Response;
use super::super::request::Request;
use super::{for_any_origin, preflight};
use crate::isolate::Isolate;
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::description::OFFLINE_SCOPE;
use serde_json::json;

/// `GET /.well-known/oauth-authorization-server` (RFC 8414).
pub(in crate::http) fn metadata<R: EdgePorts>(isolate: &Isolate<R>, request: &Request) -> Response {
    if request.method == "OPTIONS" {
        return for_any_origin(preflight(request, "GET"));
    }
    if request.method != "GET" && request.method != "HEAD" {
        let answer = Response::new(405, "application/json", json!({ "error": "invalid_request" }).to_string());
        return for_any_origin(answer).with("allow", "GET, HEAD, OPTIONS");
    }
    let issuer = isolate.settings.origin(request.origin());
    let scopes = isolate.settings.api.scopes.iter().map(|scope| scope.name.as_str()).chain([OFFLINE_SCOPE]);
    let methods = ["client_secret_basic", "client_secret_post", "none"];
    let body = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/i/oauth2/authorize"),
        "token_endpoint": format!("{issuer}{TOKEN}"),
        "revocation_endpoint": format!("{issuer}{REVOKE}"),
        "introspection_endpoint": format!("{issuer}{INTROSPECT}"),
        "scopes_supported": scopes.collect::<Vec<_>>(),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "service_documentation": format!("{issuer}/docs"),
    });
    for_any_origin(Response::new(200, "application/json", body.to_string()))
}
