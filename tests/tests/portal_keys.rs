//! The credentials of an App in the portal: regenerated, replaced with an overlap, expired, revoked. In real Chromium.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, ESCAPE, by_testid};
use gatehouse_tests::{Client, Signer, TestApp, eventually, unix_time};
use serde_json::json;

/// A developer with a new App in a Project, and a browser on the page of its keys.
fn open_keys() -> (Client, TestApp, Browser) {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    (client, app, browser)
}

#[test]
fn escape_leaves_a_credential_as_it_was_and_gives_the_focus_back() {
    let (_, app, browser) = open_keys();
    browser.press("regenerate-bearer-token");
    browser.see(&by_testid("confirm"));
    browser.keys(&ESCAPE.to_string());
    browser.see_gone(&by_testid("confirm"));
    eventually("the focus back on the button", || {
        if browser.has_focus(&by_testid("regenerate-bearer-token")) { Ok(()) } else { Err("elsewhere".to_owned()) }
    });
    Client::new().gate("GET", "/2/notes", &app.bearer_token).expect(200);
    browser.expect_quiet_console();
}

#[test]
fn a_regenerated_bearer_token_passes_and_the_old_one_is_refused() {
    let (_, app, browser) = open_keys();
    browser.press("regenerate-bearer-token");
    browser.press("how-revoke");
    browser.press("confirm");
    let token = browser.text(&by_testid("bearer_token"));
    assert_ne!(token, app.bearer_token);
    assert!(!browser.has(&by_testid("api_key")), "only what was regenerated is shown");
    Client::new().expect_gate(&app.bearer_token, 401);
    Client::new().gate("GET", "/2/notes", &token).expect(200);
    browser.press("credentials-done");
    browser.see_gone(&by_testid("credentials"));
    browser.expect_quiet_console();
}

#[test]
fn a_regenerated_api_key_is_shown_once() {
    let (_, app, browser) = open_keys();
    browser.press("regenerate-api-key");
    browser.press("confirm");
    let (key, secret) = (browser.text(&by_testid("api_key")), browser.text(&by_testid("api_key_secret")));
    assert!(key != app.api_key && secret != app.api_key_secret);
    browser.press("credentials-done");
    browser.see_text(&by_testid("credential-api-key"), &key[key.len() - 4..]);
    browser.reload();
    browser.expect_page("app");
    let page = browser.text("body");
    assert!(!page.contains(&key) && !page.contains(&secret), "shown twice");
    browser.expect_quiet_console();
}

#[test]
fn a_token_made_with_an_older_permission_is_marked_and_regenerated_there() {
    let (_, app, browser) = open_keys();
    browser.press("generate-access-token");
    browser.press("confirm");
    let shown = |browser: &Browser| {
        Signer::of(&app, &browser.text(&by_testid("access_token")), &browser.text(&by_testid("access_token_secret")))
    };
    let first = shown(&browser);
    browser.press("credentials-done");
    let level = |signer: &Signer| signer.send("GET", "/2/users/me").header("x-access-level").map(str::to_owned);
    assert_eq!(level(&first).as_deref(), Some("read"));

    browser.press("tab-permissions");
    assert!(!browser.has(&by_testid("stale-token")));
    browser.press("permission-read-write");
    browser.press("submit");
    browser.see_text(&by_testid("stale-token"), &first.credentials.token[first.credentials.token.len() - 4..]);
    assert_eq!(level(&first).as_deref(), Some("read"), "the token keeps its level");
    browser.press("regenerate-access-token");
    browser.press("how-revoke");
    browser.press("confirm");
    let second = shown(&browser);
    assert_ne!(second.credentials.token, first.credentials.token);
    browser.press("credentials-done");
    browser.see_gone(&by_testid("stale-token"));
    eventually("the new token has the new level", || match level(&second).as_deref() {
        Some("read-write") => Ok(()),
        other => Err(format!("{other:?}")),
    });
    eventually("the old token is refused", || match first.send("GET", "/2/users/me").status {
        401 => Ok(()),
        status => Err(status.to_string()),
    });
    browser.expect_quiet_console();
}

#[test]
fn a_replaced_token_works_until_its_overlap_is_ended() {
    let (_, app, browser) = open_keys();
    browser.press("regenerate-bearer-token");
    browser.press("how-overlap");
    browser.choose("overlap", "168");
    browser.press("confirm");
    let token = browser.text(&by_testid("bearer_token"));
    browser.press("credentials-done");
    browser.see(&by_testid("previous-bearer-token"));
    for token in [&app.bearer_token, &token] {
        Client::new().gate("GET", "/2/notes", token).expect(200);
    }
    // While it runs there is no second one.
    browser.press("regenerate-bearer-token");
    browser.see(&by_testid("confirm"));
    assert!(!browser.has(&by_testid("how-overlap")));
    browser.press("cancel");
    browser.press("end-overlap-bearer-token");
    browser.press("confirm");
    browser.see_gone(&by_testid("previous-bearer-token"));
    Client::new().expect_gate(&app.bearer_token, 401);
    browser.expect_quiet_console();
}

#[test]
fn an_expiry_date_is_shown_announced_when_it_is_near_and_taken_back() {
    let (client, app, browser) = open_keys();
    browser.press("expiry-bearer-token");
    browser.choose("expiry", "30");
    browser.press("confirm");
    browser.see_text(&by_testid("credential-bearer-token"), "Expires on");
    let soon = unix_time().as_secs() + 2 * 86_400;
    let params = [("app_id", app.id.as_str()), ("kind", "bearer-token")];
    client.post(Route::UpdateCredential, &params, json!({ "expires_at": soon })).expect(200);
    browser.open("/dashboard", "dashboard");
    browser.see_text(&by_testid("expiry-notice"), "within 2 days");
    browser.click(&format!("{} a", by_testid("expiry-notice")));
    browser.expect_page("app");
    browser.see(&by_testid("expiry-notice"));
    browser.press("expiry-bearer-token");
    browser.choose("expiry", "never");
    browser.press("confirm");
    browser.see_gone(&by_testid("expiry-notice"));
    browser.expect_quiet_console();
}

#[test]
fn a_revoked_token_is_refused_and_another_one_is_offered() {
    let (_, app, browser) = open_keys();
    browser.press("revoke-bearer-token");
    browser.press("confirm");
    browser.see(&by_testid("generate-bearer-token"));
    Client::new().expect_gate(&app.bearer_token, 401);
    browser.expect_quiet_console();
}
