//! `cargo xtask demo`: what it prints works.

use base64ct::{Base64, Encoding};
use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, TestDeployment, run, unique};
use serde_json::{Value, json};
use std::{env, process::Command};

#[test]
fn the_credentials_of_the_demonstration_work() {
    let mut demo = Command::new(env::var("GATEHOUSE_XTASK").expect("GATEHOUSE_XTASK: run by cargo xtask test"));
    demo.args(["demo", "--json", "--url", &TestDeployment::url()])
        .env("GATEHOUSE_OPERATOR_PASSWORD", TestDeployment::operator_password());
    let made: Value = serde_json::from_str(&run(&mut demo)).expect("JSON alone");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let client = Client::new();
    for app in made["apps"].as_array().expect("Apps") {
        let bearer = format!("Bearer {}", text(&app["bearer_token"]));
        let get = |path: &str| client.send("GET", path, &[("authorization", &bearer)], b"").status;
        assert_eq!(get("/1.1/notes.json"), 200, "{app}");
        assert_eq!(get("/2/notes"), if app["project_id"].is_null() { 403 } else { 200 }, "{app}");
        let basic =
            Base64::encode_string(format!("{}:{}", text(&app["api_key"]), text(&app["api_key_secret"])).as_bytes());
        let headers =
            [("authorization", &*format!("Basic {basic}")), ("content-type", "application/x-www-form-urlencoded")];
        let token = client.send("POST", "/oauth2/token", &headers, b"grant_type=client_credentials").expect(200);
        assert_eq!(token["access_token"], app["bearer_token"]);
    }
    let members = made["members"].as_array().expect("members");
    assert_eq!(members.iter().map(|member| text(&member["role"])).collect::<Vec<_>>(), ["owner", "developer"]);
    assert_eq!(members[0]["username"], made["developer"]["username"]);
    let second = Client::new();
    let body = json!({ "login": members[1]["username"], "password": members[1]["password"] });
    second.post(Route::SignIn, &[], body).expect(200);
    for app in made["apps"].as_array().expect("Apps") {
        second.get(Route::FindApp, &[("app_id", &text(&app["app_id"]))]).expect(200);
        assert!(text(&app["callback_url"]).starts_with("http://127.0.0.1"), "{app}");
    }
    assert!(made["scopes"].as_array().is_some_and(|scopes| scopes.contains(&json!("offline.access"))), "{made}");
    let invitation = text(&made["invitation_url"]);
    let (rest, code) = invitation.rsplit_once('/').expect("an address");
    let developer = rest.rsplit('/').next().expect("a developer account");
    let params = [("developer_account_id", developer), ("invitation_code", code)];
    let newcomer = Client::unapproved(&unique("dev"));
    assert_eq!(newcomer.get(Route::FindInvitation, &params).expect(200)["role"], "viewer");
    for person in ["operator", "developer"] {
        let body = json!({ "login": made[person]["username"], "password": made[person]["password"] });
        Client::new().post(Route::SignIn, &[], body).expect(200);
    }
}
