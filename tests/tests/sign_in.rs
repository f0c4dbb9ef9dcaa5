//! Acting for a user, on the real Worker and with unmodified clients of others.

use gatehouse_shared::api::Route;
use gatehouse_tests::{AskingApp, Client, Reply, Signer, at_once, eventually, node, python, run, run_with_user};
use serde_json::{Value, json};
use std::process::Command;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn program(mut command: Command, asking: &AskingApp, arguments: &[&str]) -> Command {
    command
        .arg(Client::new().url())
        .args(arguments)
        .env("API_KEY", &asking.app.api_key)
        .env("API_KEY_SECRET", &asking.app.api_key_secret)
        .env("CLIENT_ID", &asking.client.id)
        .env("CLIENT_SECRET", &asking.client.secret)
        .env("BEARER_TOKEN", &asking.app.bearer_token)
        .env("CALLBACK", &asking.callback)
        // The library insists on TLS, and loopback has none.
        .env("OAUTHLIB_INSECURE_TRANSPORT", "1");
    command
}

#[test]
fn requests_oauthlib_signs_a_user_in_by_callback_and_by_pin() {
    let asking = AskingApp::new("web-app");
    let mut tokens = Vec::new();
    for mode in ["callback", "pin"] {
        let mut client = program(python("sign_in_requests_oauthlib.py"), &asking, &[mode]);
        let said = run_with_user(&mut client, |address| {
            assert!(address.starts_with(&format!("{}/oauth/authorize?oauth_token=", Client::new().url())), "{address}");
            asking.user.answer(address, true)
        });
        assert_eq!(said["token"]["screen_name"], asking.username.as_str(), "{said}");
        assert_eq!(said["token"]["user_id"], asking.user.account_id().as_str());
        assert_eq!((&said["user"]["screen_name"], &said["note"]), (&json!(asking.username), &json!(200)), "{said}");
        tokens.push(said["token"]["oauth_token"].clone());
    }
    assert_eq!(tokens[0], tokens[1], "one token for each user and App");
    let apps = asking.user.get(Route::ListConnectedApps, &[]).expect(200);
    assert_eq!(apps["apps"][0]["app"]["id"], asking.app.id.as_str());
    let users = asking.developer.get(Route::FindAppUsers, &[("app_id", &asking.app.id)]).expect(200);
    assert_eq!(users, json!({ "count": 1 }));
}

#[test]
fn requests_oauthlib_signs_a_user_in_with_oauth_2() {
    let asking = AskingApp::new("web-app");
    let mut client = program(python("sign_in_requests_oauthlib.py"), &asking, &["oauth2"]);
    let said = run_with_user(&mut client, |address| asking.user.answer(address, true));
    assert_eq!((&said["user"]["data"]["username"], &said["again"]), (&json!(asking.username), &json!(200)), "{said}");
    assert_ne!(said["token"]["refresh_token"], said["refreshed"]["refresh_token"]);
}

#[test]
fn oauth4webapi_signs_a_user_in_as_a_confidential_and_as_a_public_client() {
    for client_type in ["web-app", "single-page-app"] {
        let asking = AskingApp::new(client_type);
        let mut client = program(node("sign_in_oauth4webapi.mjs"), &asking, &[]);
        let said = run_with_user(&mut client, |address| asking.user.answer(address, true));
        let expected = json!({
            "scope": "users.read notes.read offline.access",
            "username": asking.username,
            "usernameAgain": asking.username,
            "active": true,
            "replayed": "invalid_grant",
            "afterReplay": "invalid_grant",
            "activeAfterReplay": false,
            "callAfterReplay": 401,
            "codeAgain": "invalid_grant",
        });
        assert_eq!(said, expected, "{client_type}");
    }
}

#[test]
fn python_social_auth_signs_a_user_in_with_both_protocols() {
    let asking = AskingApp::new("web-app");
    for (mode, has_query, verifier_length) in [("twitter", true, 0), ("twitter-oauth2", false, 32)] {
        let mut client = program(python("sign_in_social_auth.py"), &asking, &[mode]);
        let said = run_with_user(&mut client, |address| asking.user.answer(address, true));
        let expected = json!({
            "id": asking.user.account_id(),
            "username": asking.username,
            "redirect_state": has_query,
            "verifier_length": verifier_length,
        });
        assert_eq!(said, expected, "{mode}");
    }
}

#[test]
fn xdk_signs_a_user_in_and_reads_the_usage() {
    let asking = AskingApp::new("web-app");
    let mut client = program(python("sign_in_xdk.py"), &asking, &[]);
    let said = run_with_user(&mut client, |address| asking.user.answer(address, true));
    assert_eq!(said, json!({ "username": asking.username, "cap": "500000", "resets": 1 }));
}

#[test]
fn twitter_api_v2_signs_a_user_in_with_both_protocols() {
    let asking = AskingApp::new("web-app");
    let sign_in = |mode| {
        let mut client = program(node("sign_in_twitter_api_v2.mjs"), &asking, &[mode]);
        run_with_user(&mut client, |address| asking.user.answer(address, true))
    };
    let picture = format!("{}/profile_images/default_normal.png", Client::new().url());
    let expected = json!({ "username": asking.username, "picture": picture, "from": "x" });
    assert_eq!(sign_in("oauth1"), expected);
    let expected = json!({ "username": asking.username, "same": true, "cap": "string", "resets": "number" });
    assert_eq!(sign_in("oauth2"), expected);
    // The picture is there, and so is the large one, for which clients take the size off; other sites may show both.
    for path in ["/profile_images/default_normal.png", "/profile_images/default.png"] {
        let reply = Client::new().send("GET", path, &[], &[]);
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/png")), "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), Some("cross-origin"), "{path}");
    }
}

#[test]
fn auth_js_signs_a_user_in_with_the_issuer_as_an_option() {
    let asking = AskingApp::new("web-app");
    let callback = "http://127.0.0.1:9/auth/callback/twitter";
    let body = json!({ "callback_urls": [callback] });
    asking.developer.call(Route::UpdateApp, &[("app_id", &asking.app.id)], Some(body)).expect(200);
    let mut client = program(node("sign_in_auth_js.mjs"), &asking, &[]);
    client.env("CALLBACK", callback);
    let said = run_with_user(&mut client, |address| asking.user.answer(address, true));
    assert_eq!(said, json!({ "leadsTo": "http://127.0.0.1:9", "name": asking.username }));
}

#[test]
fn a_refused_token_request_is_found_by_its_request_id() {
    let asking = AskingApp::new("web-app");
    let form = format!("grant_type=refresh_token&refresh_token=x&client_id={}&client_secret=wrong", asking.client.id);
    let reply = post("/2/oauth2/token", &form);
    assert_eq!(reply.status, 401, "{}", reply.text);
    let id = reply.header("x-gatehouse-request-id").expect("a request id").to_owned();
    let path = format!("{}?request_id={id}", Route::ListRefusals.path(&[("app_id", &asking.app.id)]));
    // It is written down after the answer.
    let reason = eventually("the refusal", || {
        let list = asking.developer.send("GET", &path, &[], &[]).expect(200);
        list["refusals"][0]["reason"].as_str().map(str::to_owned).ok_or_else(|| list.to_string())
    });
    assert_eq!(reason, "invalid-client");
}

#[test]
fn a_client_written_for_another_api_works_by_its_base_url_alone() {
    let asking = AskingApp::new("web-app");
    let signer = Signer::generate(&asking.developer, &asking.app);
    let mut client = program(python("verify_python_twitter.py"), &asking, &[]);
    client.env("ACCESS_TOKEN", &signer.credentials.token).env("ACCESS_TOKEN_SECRET", &signer.credentials.token_secret);
    let said: Value = serde_json::from_str(&run(&mut client)).expect("JSON");
    assert_eq!(said["id"].to_string(), asking.developer.account_id());
    assert!(said["created_at"].as_str().is_some_and(|date| date.contains(" +0000 ")), "{said}");
}

fn successes(replies: &[Reply]) -> usize {
    replies.iter().filter(|reply| reply.status == 200).count()
}

/// A parameter of an address.
fn parameter(address: &str, name: &str) -> String {
    let (_, query) = address.split_once('?').expect("a query");
    let found = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    found.unwrap_or_else(|| panic!("{name} in {address}")).to_owned()
}

#[test]
fn of_64_redemptions_of_one_request_token_all_give_the_same() {
    let asking = AskingApp::new("web-app");
    let asked = asking.request_token(&asking.callback, "");
    let page = format!("/oauth/authorize?oauth_token={}", asked.credentials.token);
    let verifier = parameter(&asking.user.answer(&page, true), "oauth_verifier");
    let path = format!("/oauth/access_token?oauth_verifier={verifier}");
    let replies = at_once(64, |_| asked.send("POST", &path));
    assert_eq!(successes(&replies), 64);
    assert!(replies.iter().all(|reply| reply.text == replies[0].text));
}

fn post(path: &str, body: &str) -> Reply {
    Client::new().send("POST", path, &[FORM], body.as_bytes())
}

#[test]
fn of_64_redemptions_of_one_code_one_succeeds_and_64_refreshes_give_the_same() {
    let asking = AskingApp::new("web-app");
    let scope = "notes.read offline.access";
    let code = parameter(&asking.user.answer(&asking.oauth2_page(&asking.callback, scope), true), "code");
    let body = asking.redemption(&code);
    let replies = at_once(64, |_| post("/2/oauth2/token", &body));
    assert_eq!(successes(&replies), 1);
    assert_eq!(replies.iter().filter(|reply| reply.json["error"] == "invalid_grant").count(), 63);

    let code = parameter(&asking.user.answer(&asking.oauth2_page(&asking.callback, scope), true), "code");
    let tokens = post("/2/oauth2/token", &asking.redemption(&code)).expect(200);
    let refresh = format!(
        "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
        asking.client.id,
        asking.client.secret,
        tokens["refresh_token"].as_str().expect("a refresh token")
    );
    let replies = at_once(64, |_| post("/2/oauth2/token", &refresh));
    assert_eq!(successes(&replies), 64);
    assert!(replies.iter().all(|reply| reply.json["refresh_token"] == replies[0].json["refresh_token"]));
    assert!(replies.iter().all(|reply| reply.json["access_token"] == replies[0].json["access_token"]));
}

#[test]
fn an_access_token_passes_within_its_scopes_until_the_user_takes_it_back() {
    let asking = AskingApp::new("web-app");
    let code = parameter(&asking.user.answer(&asking.oauth2_page(&asking.callback, "notes.read"), true), "code");
    let reply = post("/2/oauth2/token", &asking.redemption(&code));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    let tokens = reply.expect(200);
    let token = tokens["access_token"].as_str().expect("an access token");
    let reply = asking.user.gate("GET", "/2/notes", token);
    assert_eq!((reply.status, reply.header("x-access-level")), (200, Some("read")), "{}", reply.text);
    let reply = asking.user.gate("POST", "/2/notes", token);
    assert_eq!((reply.status, &reply.json["type"]), (403, &json!("about:blank")), "{}", reply.text);
    let reply = asking.user.gate("GET", "/2/echo", token);
    assert_eq!((reply.status, &reply.json["title"]), (403, &json!("Unsupported Authentication")), "{}", reply.text);
    asking.user.call(Route::RevokeConnectedApp, &[("app_id", &asking.app.id)], None).expect(200);
    // The local server has one isolate: it knows at once.
    assert_eq!(asking.user.gate("GET", "/2/notes", token).status, 401);
}

#[test]
fn the_pages_are_the_portals_and_cannot_be_framed() {
    for path in ["/oauth/authorize", "/oauth/authenticate", "/i/oauth2/authorize", "/2/oauth2/authorize"] {
        let reply = Client::new().send("GET", &format!("{path}?x=1"), &[], &[]);
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/html; charset=utf-8")), "{path}");
        let policy = reply.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        // An App's window gets its visitor back.
        assert_eq!(reply.header("cross-origin-opener-policy"), Some("unsafe-none"), "{path}");
    }
    let preflight = Client::new().send("OPTIONS", "/2/oauth2/token", &[("origin", "https://app.example")], &[]);
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, Some("*")));
}
