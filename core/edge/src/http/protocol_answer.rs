//! The answers of the credential protocol's own endpoints that clients of v1.1 expect.

use super::reply::Response;
use serde_json::{Value, json};

/// An answer of the credential protocol's own endpoints.
pub(super) fn protocol_answer(status: u16, body: &Value) -> Response {
    Response::new(status, "application/json;charset=utf-8", body.to_string())
}

/// An error with a code: `{"errors":[{"code":…,"message":…}]}`.
pub(super) fn coded(status: u16, code: u32, message: &str) -> Response {
    protocol_answer(status, &json!({ "errors": [{ "code": code, "message": message }] }))
}

/// Unknown key, wrong secret, another grant type, a suspended App: one answer
/// on the wire.
pub(super) fn not_verified() -> Response {
    let error = json!({
        "code": 99,
        "message": "Unable to verify your credentials",
        "label": "authenticity_token_error",
    });
    protocol_answer(403, &json!({ "errors": [error] }))
}

pub(super) fn over_capacity() -> Response {
    coded(503, 130, "Over capacity").with("retry-after", "1")
}

/// The answer to who called too often, in the form of OAuth 1.0a.
pub(super) fn too_many() -> Response {
    coded(429, 88, "Rate limit exceeded").with("retry-after", "60")
}

/// An error with a code. A 401 says how to authenticate (RFC 9110 §15.5.2).
pub(super) fn coded_with_challenge(status: u16, code: u32, message: &str, origin: &str) -> Response {
    let answer = coded(status, code, message);
    match status {
        401 => answer.with("www-authenticate", format!("OAuth realm=\"{origin}\", api_error_code={code}")),
        _ => answer,
    }
}
