//! WebSockets end when the credential does that opened them.

use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, Signer, TestApp, TestDeployment, websocket::WebSocket};
use serde_json::json;

/// How often the gate looks at an open connection, which docs/security.md states, and some time for a busy machine. What an
/// isolate did itself it knows at once.
const LOOK_SECONDS: u64 = 10 + 20;

fn open(authorization: &str) -> WebSocket {
    let credential = [("authorization", authorization)];
    let mut socket = WebSocket::open(&TestDeployment::authority(), "/2/echo", &credential).expect("it opens");
    assert!(socket.receive().starts_with("app "));
    socket.send("hello");
    assert_eq!(socket.receive(), "hello");
    socket
}

#[test]
fn a_websocket_is_closed_after_its_bearer_token_was_revoked() {
    let developer = Client::developer();
    let (app, other): (TestApp, TestApp) =
        (developer.create_project("read-write"), Client::developer().create_project("read"));
    let mut socket = open(&format!("Bearer {}", app.bearer_token));
    let mut untouched = open(&format!("Bearer {}", other.bearer_token));
    let params = [("app_id", app.id.as_str()), ("kind", "bearer-token")];
    developer.call(Route::RevokeCredential, &params, None).expect(200);
    assert_eq!(socket.closed_within(LOOK_SECONDS), (1008, "the credential is no longer valid".to_owned()));
    untouched.send("still here");
    assert_eq!(untouched.receive(), "still here");
}

#[test]
fn a_signed_websocket_is_closed_after_its_app_was_suspended() {
    let developer = Client::developer();
    let app = developer.create_project("read-write");
    let mut socket = open(&Signer::generate(&developer, &app).header("GET", "/2/echo", None));
    let own = developer.own_developer_account();
    let params = [("developer_account_id", own.as_str()), ("app_id", app.id.as_str())];
    let suspended = json!({ "status": "suspended", "reason": "It sends too much." });
    Client::operator().call(Route::SetAppStatus, &params, Some(suspended)).expect(200);
    assert_eq!(socket.closed_within(LOOK_SECONDS).0, 1008);
}

#[test]
fn whoever_closes_a_websocket_closes_the_other_side_too() {
    let app = Client::developer().create_project("read-write");
    let mut socket = open(&format!("Bearer {}", app.bearer_token));
    socket.close(4001, "done");
    assert_eq!(socket.closed_within(10), (4001, "done".to_owned()), "the sample API gives back what it is closed with");
}
