//! `cargo xtask demo`: what it prints works.

use base64ct::{Base64, Encoding};
use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, TestDeployment, run};
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
    for person in ["operator", "developer"] {
        let body = json!({ "login": made[person]["username"], "password": made[person]["password"] });
        Client::new().post(Route::SignIn, &[], body).expect(200);
    }
}
