//! Small things on the way to an App and its keys, in real Chromium.

use gatehouse_tests::browser::{Browser, ENTER, by_testid, field};
use gatehouse_tests::{Client, eventually};
use serde_json::json;

#[track_caller]
fn expect_focus(browser: &Browser, css: &str) {
    eventually(&format!("the focus on {css}"), || {
        if browser.has_focus(css) { Ok(()) } else { Err("it is elsewhere".to_owned()) }
    });
}

#[test]
fn the_focus_goes_back_to_the_credential_that_was_dealt_with() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    browser.press("regenerate-bearer-token");
    browser.press("confirm");
    browser.press("credentials-done");
    browser.see_gone(&by_testid("credentials"));
    expect_focus(&browser, &by_testid("regenerate-bearer-token"));
    browser.expect_quiet_console();
}

#[test]
fn a_dialog_begins_at_its_first_field_and_without_one_at_cancel() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.press("delete-app");
    expect_focus(&browser, &field("confirm_name"));
    browser.press("cancel");
    browser.press("tab-keys");
    browser.press("revoke-api-key");
    expect_focus(&browser, &format!("#credential-dialog {}", by_testid("cancel")));
    // Enter there leaves everything as it was.
    browser.keys(&ENTER.to_string());
    browser.see_gone("#credential-dialog");
    browser.see(&by_testid("revoke-api-key"));
    browser.expect_quiet_console();
}

#[test]
fn an_unknown_app_or_project_is_not_found() {
    let client = Client::developer();
    let app = client.create_project("read");
    let other = Browser::with_session_of(&Client::developer());
    for path in [format!("/apps/{}", app.id), format!("/apps/{}/keys", app.id), format!("/projects/{}", app.project_id)]
    {
        other.open(&path, "not-found");
        assert!(!other.has(".tabs") && !other.text("body").contains(&app.id), "{path}");
    }
    other.expect_quiet_console();
}

#[test]
fn a_new_app_is_in_the_one_project_that_there_is() {
    let client = Client::developer();
    let project = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open("/dashboard", "dashboard");
    browser.press("create-app");
    browser.expect_page("new-app");
    assert_eq!(browser.value("project_id"), project.project_id);
    browser.expect_quiet_console();
}

#[test]
fn only_levels_that_the_api_asks_for_are_offered() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}/permissions", app.id), "app");
    browser.see(&by_testid("permission-read-write"));
    assert!(!browser.has(&by_testid("permission-read-write-directmessages")));
    assert!(!browser.text("body").to_lowercase().contains("direct message"));
    browser.expect_quiet_console();
}

#[test]
fn an_expiry_date_is_the_end_of_that_day_and_is_shown_as_the_same_day_again() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    let expires_at = || {
        let view = client.get(gatehouse_shared::api::Route::FindApp, &[("app_id", app.id.as_str())]).expect(200);
        let credentials = view["credentials"].as_array().unwrap().clone();
        credentials.iter().find(|c| c["kind"] == "bearer-token").unwrap()["expires_at"].clone()
    };
    let set = |choice: &str| {
        browser.press("expiry-bearer-token");
        browser.choose("expiry", choice);
        browser.press("confirm");
        browser.see_gone("#credential-dialog");
    };
    set("30");
    let first = expires_at();
    // By the browser's own clock and zone.
    let script =
        "const day = new Date(Date.now() + 30 * 86400000); day.setHours(23, 59, 59, 0); return day.getTime() / 1000";
    assert_eq!(browser.run(script, json!([])), first, "the end of the day");
    set("date");
    assert_eq!(expires_at(), first, "opened and saved again, it stays as it was");
    browser.expect_quiet_console();
}

#[test]
fn a_revocation_is_promised_within_the_deployments_own_bound() {
    let client = Client::developer();
    let app = client.create_project("read");
    let described = client.get(gatehouse_shared::api::Route::DescribeApi, &[]).expect(200);
    let seconds = described["freshness_seconds"].as_u64().expect("a bound");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    browser.press("revoke-bearer-token");
    browser.see_text("#credential-dialog", &format!("within {seconds} seconds"));
    browser.press("cancel");
    browser.press("tab-settings");
    browser.see_text("[aria-labelledby='danger-title']", &format!("within {seconds} seconds"));
    browser.expect_quiet_console();
}
