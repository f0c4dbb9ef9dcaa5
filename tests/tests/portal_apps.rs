//! Looking after Projects and Apps in the portal, in real Chromium.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, by_testid, error_of, field};
use gatehouse_tests::{Client, TestApp, eventually, unique, use_case};
use serde_json::json;

/// A browser on the page of an App.
fn open_app(client: &Client, app: &TestApp) -> Browser {
    let browser = Browser::with_session_of(client);
    browser.open(&format!("/apps/{}", app.id), "app");
    browser
}

#[test]
fn every_setting_of_an_app_is_saved_and_read_again() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open("/dashboard", "dashboard");
    browser.click(&format!("{} a", by_testid(&format!("app-{}", app.id))));
    browser.expect_page("app");
    assert_eq!(browser.value("name"), app.name);

    browser.press("add-callback");
    browser.press("add-callback");
    let (renamed, use_case) = (unique("New"), use_case());
    let settings = [
        ("name", renamed.as_str()),
        ("description", "Another description"),
        ("callback_urls[0]", "https://example.com/callback"),
        ("callback_urls[1]", "com.example.almanac:/done"),
        ("website_url", "https://example.com"),
        ("terms_url", "https://example.com/terms"),
        ("privacy_url", "https://example.com/privacy"),
        ("organization_name", "Almanac Ltd"),
        ("organization_url", "https://example.org"),
        ("use_case", use_case.trim()),
    ];
    for (name, text) in settings {
        browser.fill(name, text);
    }
    browser.choose("environment", "production");
    browser.press("submit");
    browser.see_text(".toasts", "Settings saved");
    browser.reload();
    browser.expect_page("app");
    browser.see_text("h1", &renamed);
    for (name, text) in settings {
        assert_eq!(browser.value(name), text, "{name}");
    }
    assert_eq!(browser.value("environment"), "production");
    browser.expect_quiet_console();
}

#[test]
fn a_setting_that_breaks_a_rule_is_refused_beside_its_line() {
    let client = Client::developer();
    let browser = open_app(&client, &client.create_project("read"));
    browser.press("add-callback");
    browser.fill("callback_urls[0]", "https://example.com/callback");
    browser.press("add-callback");
    browser.fill("callback_urls[1]", "javascript:alert(1)");
    browser.fill("website_url", "nowhere");
    // Its line says so as soon as it was left.
    browser.see(&error_of("callback_urls[1]"));
    browser.press("submit");
    browser.see(&error_of("callback_urls[1]"));
    browser.see(&error_of("website_url"));
    browser.expect_quiet_console();
}

#[test]
fn a_callback_url_is_removed_and_the_other_one_stays() {
    let client = Client::developer();
    let app = client.create_project("read");
    let urls = json!({ "callback_urls": ["https://example.com/callback", "com.example.almanac:/done"] });
    client.post(Route::UpdateApp, &[("app_id", &app.id)], urls).expect(200);
    let browser = open_app(&client, &app);
    browser.press("remove-callback_urls-0-");
    browser.press("submit");
    browser.see_text(".toasts", "Settings saved");
    browser.reload();
    browser.expect_page("app");
    assert_eq!(browser.value("callback_urls[0]"), "com.example.almanac:/done");
    assert!(!browser.has(&field("callback_urls[1]")));
    browser.expect_quiet_console();
}

#[test]
fn a_name_that_another_app_has_is_refused_and_leaving_it_unsaved_is_asked_about() {
    let client = Client::developer();
    let browser = open_app(&client, &client.create_project("read"));
    let other = Client::developer().create_app("read");
    browser.fill("name", &other.name);
    browser.press("submit");
    browser.see(&error_of("name"));
    browser.press("tab-activity");
    browser.press("confirm");
    browser.see(&by_testid("activity"));
    browser.expect_quiet_console();
}

#[test]
fn a_higher_permission_lets_an_app_write() {
    let client = Client::developer();
    let app = client.create_project("read");
    let write = || Client::new().gate("POST", "/2/echo", &app.bearer_token).status;
    assert_eq!(write(), 403);
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}/permissions", app.id), "app");
    browser.press("permission-read-write");
    browser.press("submit");
    browser.see_text(".toasts", "Permission saved");
    browser.reload();
    browser.see(&format!("{}:checked", by_testid("permission-read-write")));
    eventually("the permission to write", || match write() {
        200 => Ok(()),
        status => Err(format!("the gate answers {status}")),
    });
    browser.expect_quiet_console();
}

#[test]
fn a_second_app_is_created_in_the_project_where_it_was_asked_for() {
    let client = Client::developer();
    let first = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/projects/{}", first.project_id), "project");
    browser.press("create-app");
    browser.expect_page("new-app");
    assert_eq!(browser.value("project_id"), first.project_id);
    browser.fill("name", &unique("App"));
    browser.fill("description", "The staging App");
    browser.click(&format!("{}[value='staging']", field("environment")));
    browser.press("submit");
    browser.see(&by_testid("credentials"));
    browser.press("credentials-done");
    browser.expect_page("app");
    browser.see_text(".meta", "Staging");
    browser.expect_quiet_console();
}

#[test]
fn an_app_that_is_created_in_no_project_is_standalone() {
    let client = Client::developer();
    client.create_project("read");
    let browser = Browser::with_session_of(&client);
    let token = browser.create_standalone_app().bearer_token;
    browser.press("credentials-done");
    browser.expect_page("app");
    browser.see(&by_testid("standalone-note"));
    Client::new().expect_gate(&token, 403);
    browser.expect_quiet_console();
}

#[test]
fn an_app_is_attached_to_a_project_and_detached_and_keeps_its_keys() {
    let client = Client::developer();
    client.create_project("read");
    let app = client.create_app("read");
    let browser = open_app(&client, &app);
    browser.press("attach");
    browser.choose("environment", "production");
    browser.press("confirm");
    browser.see(&by_testid("app-project"));
    Client::new().expect_gate(&app.bearer_token, 200);
    browser.press("detach");
    browser.press("confirm");
    browser.see(&by_testid("standalone-note"));
    Client::new().expect_gate(&app.bearer_token, 403);
    browser.expect_quiet_console();
}

/// Deletes what the page shows; its exact name alone is taken.
#[track_caller]
fn delete_by_name(browser: &Browser, what: &str, name: &str) {
    browser.press(&format!("delete-{what}"));
    browser.fill("confirm_name", &name.to_lowercase().replace(' ', "_"));
    if name.to_lowercase() != name {
        browser.see(&format!("{}:disabled", by_testid("confirm")));
    }
    browser.fill("confirm_name", name);
    browser.press("confirm");
}

#[test]
fn an_app_is_deleted_by_its_exact_name_and_its_keys_with_it() {
    let client = Client::developer();
    let app = client.create_app("read");
    let browser = open_app(&client, &app);
    delete_by_name(&browser, "app", &app.name);
    browser.expect_page("dashboard");
    assert!(!browser.has(&by_testid(&format!("app-{}", app.id))), "it is still listed");
    Client::new().expect_gate(&app.bearer_token, 401);
    browser.expect_quiet_console();
}

#[test]
fn a_project_is_deleted_once_it_has_no_apps() {
    let client = Client::developer();
    let app = client.create_project("read");
    let project = format!("/projects/{}", app.project_id);
    let browser = Browser::with_session_of(&client);
    browser.open(&project, "project");
    browser.see(&format!("{}:disabled", by_testid("delete-project")));
    browser.click("[data-page='project'] .rows a");
    browser.expect_page("app");
    delete_by_name(&browser, "app", &app.name);
    browser.expect_page("dashboard");
    browser.open(&project, "project");
    delete_by_name(&browser, "project", "Almanac");
    browser.expect_page("dashboard");
    assert!(!browser.has(&by_testid(&format!("project-{}", app.project_id))), "it is still listed");
    browser.expect_quiet_console();
}

#[test]
fn a_project_is_renamed() {
    let client = Client::developer();
    let app = client.create_project("read-write");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/projects/{}", app.project_id), "project");
    browser.fill("name", "Almanac Two");
    browser.press("submit");
    browser.see_text("h1", "Almanac Two");
    browser.expect_quiet_console();
}

#[test]
fn an_app_that_the_operator_restricts_says_why_and_may_no_longer_write() {
    let client = Client::developer();
    let app = client.create_project("read-write");
    let operator = Browser::with_session_of(&Client::operator());
    operator
        .open(&format!("/review/developer-accounts/{}", client.own_developer_account()), "review-developer-account");
    operator.press("set-status");
    operator.choose("status", "write-restricted");
    operator.fill("reason", "Too many writes at night.");
    operator.press("confirm");
    operator.see_text("[data-page='review-developer-account']", "Too many writes at night.");

    let browser = open_app(&client, &app);
    browser.see_text(&by_testid("status-banner"), "Too many writes at night.");
    eventually("the gate refuses writes", || match Client::new().gate("POST", "/2/echo", &app.bearer_token).status {
        403 => Ok(()),
        status => Err(format!("it answers {status}")),
    });
    browser.expect_quiet_console();
    operator.expect_quiet_console();
}
