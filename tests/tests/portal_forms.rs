//! What a form of the portal saves and shows, also while it saves and after somebody else has saved, in real Chromium.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, by_testid};
use gatehouse_tests::{Client, TestApp, eventually};
use serde_json::{Value, json};

fn settings_of(client: &Client, app: &TestApp) -> Value {
    client.get(Route::FindApp, &[("app_id", app.id.as_str())]).expect(200)["settings"].clone()
}

fn update(client: &Client, app: &TestApp, change: Value) {
    client.post(Route::UpdateApp, &[("app_id", app.id.as_str())], change).expect(200);
}

/// Waits until a setting is saved.
#[track_caller]
fn expect_saved(client: &Client, app: &TestApp, setting: &str, value: Value) {
    eventually(&format!("{setting} saved"), || match settings_of(client, app)[setting].clone() {
        saved if saved == value => Ok(()),
        saved => Err(saved.to_string()),
    });
}

#[test]
fn a_callback_url_that_is_edited_after_a_save_is_saved() {
    let client = Client::developer();
    let app = client.create_project("read");
    update(&client, &app, json!({ "callback_urls": ["https://example.com/first"] }));
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.fill("description", "Another description");
    browser.press("submit");
    browser.see_text(".toasts", "Settings saved");
    browser.fill("callback_urls[0]", "https://example.com/second");
    browser.press("add-callback");
    browser.fill("callback_urls[1]", "https://example.com/third");
    browser.press("submit");
    expect_saved(&client, &app, "callback_urls", json!(["https://example.com/second", "https://example.com/third"]));
    browser.see("form[aria-busy='false']");

    // The same after a change from elsewhere.
    update(&client, &app, json!({ "callback_urls": ["https://example.com/elsewhere"] }));
    browser.fill("description", "A third description");
    browser.press("submit");
    browser.see_text(&by_testid("changed-meanwhile"), "https://example.com/elsewhere");
    browser.see_gone("[name='callback_urls[1]']");
    browser.fill("callback_urls[0]", "https://example.com/fourth");
    browser.press("submit");
    expect_saved(&client, &app, "callback_urls", json!(["https://example.com/fourth"]));
    browser.expect_quiet_console();
}

#[test]
fn text_that_is_typed_while_a_form_saves_stays_and_is_not_taken_for_saved() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.hold("PATCH");
    browser.fill("description", "Sent with the first save  ");
    browser.press("submit");
    browser.see("form[aria-busy='true']");
    browser.fill("organization_name", "Typed meanwhile");
    browser.let_go();
    browser.see_text(".toasts", "Settings saved");
    assert_eq!(browser.value("description"), "Sent with the first save", "as it is kept");
    assert_eq!(browser.value("organization_name"), "Typed meanwhile");
    browser.press("tab-usage");
    browser.see_text("#leave-dialog", "Your changes");
    browser.press("cancel");
    browser.press("submit");
    browser.let_go();
    expect_saved(&client, &app, "organization_name", json!("Typed meanwhile"));
    expect_saved(&client, &app, "description", json!("Sent with the first save"));
    browser.see("form[aria-busy='false']");
    browser.press("tab-usage");
    browser.see(&by_testid("usage-empty"));
    browser.expect_quiet_console();
}

#[test]
fn an_app_that_is_detached_and_attached_is_not_said_to_be_changed_meanwhile() {
    let client = Client::developer();
    let app = client.create_project("read");
    update(&client, &app, json!({ "environment": "production" }));
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}", app.id), "app");
    assert_eq!(browser.value("environment"), "production");
    browser.press("detach");
    browser.press("confirm");
    browser.see(&by_testid("standalone-note"));
    browser.see_gone("[name='environment']");
    assert!(!browser.has(&by_testid("changed-meanwhile")));
    browser.press("attach");
    browser.choose("environment", "staging");
    browser.press("confirm");
    browser.see(&by_testid("app-project"));
    assert_eq!(browser.value("environment"), "staging");
    assert!(!browser.has(&by_testid("changed-meanwhile")));
    // Nothing was edited.
    browser.press("tab-usage");
    browser.see(&by_testid("usage-empty"));
    browser.expect_quiet_console();
}

#[test]
fn what_was_changed_meanwhile_is_told_in_the_words_of_the_form() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}/permissions", app.id), "app");
    update(&client, &app, json!({ "permission": "read-write", "omit_iss": true }));
    browser.click("[name='sign_in']");
    browser.press("submit-sign-in");
    browser.see_text(&by_testid("changed-meanwhile"), "Permission level is now “Read and write”");
    browser.see_text("[aria-labelledby='sign-in-title']", "Omit iss is now “on”. This form now shows it.");
    browser.expect_quiet_console();
}

#[test]
fn an_app_and_a_project_that_keep_to_older_rules_can_still_be_changed() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    // A word was reserved after the App got its name, and use cases have to be longer by now.
    browser.emulate_rules(&json!({ "reserved_words": [app.name.to_lowercase()], "use_case_minimum": 1999 }));
    browser.open(&format!("/projects/{}", app.project_id), "project");
    browser.fill("description", "Another description");
    browser.press("submit");
    browser.see_text(".toasts", "Project saved");
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.fill("description", "Another description");
    browser.press("submit");
    expect_saved(&client, &app, "description", json!("Another description"));
    // What is edited has to keep the rules.
    browser.fill("name", &format!("{} 2", app.name));
    browser.press("submit");
    browser.see_text(&by_testid("error-summary"), "reserved");
}
