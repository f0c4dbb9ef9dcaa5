use super::reply::Response;
use super::request::{Body, Request};
use crate::deployment::Deployment;
use crate::gate::{TokenRefusal, find_bearer_token, read_token_request};
use crate::ports::{EdgePorts, RateLimit, log_error};
use serde_json::{Value, json};

/// `POST /oauth2/token` with `grant_type=client_credentials`: the App's Bearer
/// Token, the same one every time until it is regenerated.
pub(super) async fn token_endpoint<R: EdgePorts>(deployment: &Deployment<R>, request: &Request) -> Response {
    let answer = |status, body: Value| Response::json(status, "application/json;charset=utf-8", body.to_string());
    let coded = |status, code: u32, message: &str| {
        answer(status, json!({ "errors": [{ "code": code, "message": message }] }))
            .with("x-gatehouse-request-id", deployment.request_id())
    };
    let refused = |refusal| match refusal {
        TokenRefusal::MissingGrantType => coded(403, 170, "Missing required parameter: grant_type"),
        TokenRefusal::NotVerified => answer(
            403,
            json!({ "errors": [{
                "code": 99,
                "message": "Unable to verify your credentials",
                "label": "authenticity_token_error",
            }] }),
        )
        .with("x-gatehouse-request-id", deployment.request_id()),
    };
    if request.method != "POST" {
        return coded(404, 34, "Sorry, that page does not exist.");
    }
    if let Some(client) = request.client()
        && !deployment.runtime.admit(RateLimit::Token, &client).await
    {
        return coded(429, 88, "Rate limit exceeded").with("retry-after", "60");
    }
    let Body::Read(body) = &request.body else { return coded(413, 170, "The request body is too large") };
    let settings = &deployment.settings;
    let token_request = match read_token_request(settings, request.header("authorization"), body) {
        Ok(token_request) => token_request,
        Err(refusal) => return refused(refusal),
    };
    let app_id = token_request.key.app_id;
    let found = deployment.with_app(app_id, |app| find_bearer_token(settings, &token_request, app)).await;
    match found {
        Ok(Some(Ok(token))) => answer(200, json!({ "token_type": "bearer", "access_token": token.reveal() }))
            .with("x-gatehouse-request-id", deployment.request_id()),
        Ok(Some(Err(refusal))) => refused(refusal),
        Ok(None) => refused(TokenRefusal::NotVerified),
        Err(error) => {
            log_error(&deployment.runtime, "create_bearer_token", "", &error.0);
            coded(503, 130, "Over capacity").with("retry-after", "1")
        }
    }
}
