//! Users who let Apps act for them, through the portal's API.

use crate::{Client, TestApp};
use gatehouse_shared::api::Route;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Command, Stdio},
};

/// Where the users of test Apps are sent back to. Nothing listens there.
pub const CALLBACK: &str = "http://127.0.0.1:9/callback?from=test";

/// A text with every byte percent-encoded, to be a parameter of an address.
pub fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// What an App needs for OAuth 2.0.
#[derive(Debug, Clone)]
pub struct OAuth2Client {
    pub id: String,
    /// Empty for a public client.
    pub secret: String,
}

impl Client {
    /// Lets an App ask users; gives what it needs for OAuth 2.0.
    #[track_caller]
    pub fn turn_sign_in_on(&self, app: &TestApp, client_type: &str) -> OAuth2Client {
        let params = [("app_id", app.id.as_str())];
        let body = json!({ "sign_in": true, "client_type": client_type, "callback_urls": [CALLBACK] });
        let view = self.post(Route::UpdateApp, &params, body).expect(200);
        let id = view["client_id"].as_str().expect("a client id").to_owned();
        if client_type != "web-app" {
            return OAuth2Client { id, secret: String::new() };
        }
        let params = [("app_id", app.id.as_str()), ("kind", "client-secret")];
        let issued = self.post(Route::RegenerateCredential, &params, json!({})).expect(200);
        OAuth2Client { id, secret: issued["client_secret"].as_str().expect("a secret").to_owned() }
    }

    /// Answers the page that an App sends its users to; gives the outcome's content: an address or a PIN.
    #[track_caller]
    pub fn answer(&self, address: &str, approve: bool) -> String {
        let outcome = self.decide_consent(address, approve);
        outcome["content"].as_str().unwrap_or_else(|| panic!("{outcome}")).to_owned()
    }

    /// What the page that an App sends its users to shows that they agree to; `null` where it asks for nothing.
    #[track_caller]
    pub fn consent_terms(&self, address: &str) -> Value {
        let (page, query) = address.split_once('?').expect("an address with a query");
        let protocol = if page.contains("oauth2") { "oauth2" } else { "oauth1" };
        let shown = self.send("GET", &format!("/api/{protocol}/consent?{query}"), &[], b"").expect(200);
        shown["content"]["terms"].clone()
    }

    #[track_caller]
    pub fn decide_consent(&self, address: &str, approve: bool) -> Value {
        let (page, query) = address.split_once('?').expect("an address with a query");
        let route = if page.contains("oauth2") { Route::DecideOAuth2Consent } else { Route::DecideOAuth1Consent };
        let body = json!({
            "query": query, "account_id": self.account_id(), "approve": approve, "terms": self.consent_terms(address),
        });
        self.post(route, &[], body).expect(200)
    }
}

/// Runs a program that prints an address, reads what its user brings back, and prints a JSON object at its end.
#[track_caller]
pub fn run_with_user(command: &mut Command, user: impl FnOnce(&str) -> String) -> Value {
    let mut child = match command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => panic!("{command:?}: {error}"),
    };
    let mut output = BufReader::new(child.stdout.take().expect("piped"));
    let mut address = String::new();
    output.read_line(&mut address).expect("readable");
    if !address.trim().is_empty() {
        let brought = user(address.trim());
        writeln!(child.stdin.take().expect("piped"), "{brought}").expect("the program listens");
    }
    let mut printed = String::new();
    output.read_to_string(&mut printed).expect("readable");
    let mut complaint = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut complaint).expect("readable");
    let status = child.wait().expect("it ran");
    assert!(status.success(), "{address}{complaint}");
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}{complaint}"))
}
