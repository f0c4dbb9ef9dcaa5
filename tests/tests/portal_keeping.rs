//! What is typed in the portal, and what it shows once, is lost and shown again to nobody by accident: Back, tabs, older
//! windows, sessions that end, and pages that the browser keeps in memory. In real Chromium.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, ESCAPE, by_testid, field};
use gatehouse_tests::{Client, PASSWORD, TestApp, eventually, unique, use_case};
use serde_json::json;

/// Opens an App's page by its link on the dashboard, so that Back has somewhere to go.
fn open_from_dashboard(browser: &Browser, app: &TestApp) {
    browser.open("/dashboard", "dashboard");
    browser.click(&format!("{} a", by_testid(&format!("app-{}", app.id))));
    browser.expect_page("app");
}

#[test]
fn the_browsers_back_asks_before_new_credentials_are_lost() {
    let browser = Browser::with_session_of(&Client::developer());
    let token = browser.create_standalone_app().bearer_token;
    for _ in 0..2 {
        browser.back();
        browser.see_text("#leave-dialog", "credentials");
        assert_eq!(browser.path(), "/apps/new", "the page keeps its address");
        browser.press("cancel");
        assert_eq!(browser.text(&by_testid("bearer_token")), token);
    }
    browser.back();
    browser.press("confirm");
    browser.expect_page("dashboard");
    assert_eq!(browser.path(), "/dashboard");
    assert!(!browser.text("body").contains(&token));
    browser.expect_quiet_console();
}

#[test]
fn downloaded_credentials_are_left_without_a_question() {
    let browser = Browser::with_session_of(&Client::developer());
    browser.create_standalone_app();
    browser.allow_downloads();
    browser.press("download-env");
    browser.downloaded(".env");
    browser.back();
    browser.expect_page("dashboard");
    browser.expect_quiet_console();
}

#[test]
fn a_tab_a_link_and_back_ask_before_unsaved_changes_are_lost() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    open_from_dashboard(&browser, &app);
    // Nothing was typed: nothing is asked.
    browser.press("tab-usage");
    browser.press("tab-settings");
    browser.fill("organization_name", "Almanac Ltd");
    for leave in ["tab-usage", "nav-docs"] {
        browser.press(leave);
        browser.see_text("#leave-dialog", "Your changes");
        browser.press("cancel");
        assert_eq!(browser.value("organization_name"), "Almanac Ltd");
    }
    browser.back();
    browser.see_text("#leave-dialog", "Your changes");
    browser.press("cancel");
    assert_eq!(browser.value("organization_name"), "Almanac Ltd");
    // What was saved is not asked about.
    browser.press("submit");
    browser.see_text(".toasts", "Settings saved");
    browser.press("tab-usage");
    browser.see("[data-testid='usage-empty']");
    browser.press("tab-settings");
    browser.fill("organization_name", "Another");
    browser.press("tab-usage");
    browser.press("confirm");
    browser.see("[data-testid='usage-empty']");
    browser.press("tab-settings");
    assert_eq!(browser.value("organization_name"), "Almanac Ltd");
    browser.expect_quiet_console();
}

#[test]
fn an_older_window_overwrites_nothing_and_keeps_what_was_typed_in_it() {
    let client = Client::developer();
    let app = client.create_project("read");
    let older = Browser::with_session_of(&client);
    older.open(&format!("/apps/{}", app.id), "app");
    older.fill("description", "Typed in an older window");
    older.fill("terms_url", "https://older.example.com/terms");

    let newer = Browser::with_session_of(&client);
    newer.open(&format!("/apps/{}", app.id), "app");
    newer.fill("organization_name", "Almanac Ltd");
    newer.fill("terms_url", "https://newer.example.com/terms");
    newer.press("submit");
    newer.see_text(".toasts", "Settings saved");

    older.press("submit");
    older.see_text(&by_testid("changed-meanwhile"), "Almanac Ltd");
    older.see_text(&by_testid("changed-meanwhile"), "https://newer.example.com/terms");
    // What was not edited here shows what was saved there, and what was typed is still there.
    for (name, text) in [
        ("organization_name", "Almanac Ltd"),
        ("description", "Typed in an older window"),
        ("terms_url", "https://older.example.com/terms"),
    ] {
        assert_eq!(older.value(name), text, "{name}");
    }
    let settings = || client.get(Route::FindApp, &[("app_id", app.id.as_str())]).expect(200)["settings"].clone();
    assert_eq!(settings()["terms_url"], "https://newer.example.com/terms", "nothing was saved yet");
    older.press("submit");
    older.see_text(".toasts", "Settings saved");
    older.see_gone(&by_testid("changed-meanwhile"));
    let saved = settings();
    for (name, text) in [
        ("organization_name", "Almanac Ltd"),
        ("description", "Typed in an older window"),
        ("terms_url", "https://older.example.com/terms"),
    ] {
        assert_eq!(saved[name], text, "{name}");
    }
    older.expect_quiet_console();
}

#[test]
fn an_older_window_overwrites_nothing_of_a_project() {
    let client = Client::developer();
    let app = client.create_project("read");
    let older = Browser::with_session_of(&client);
    older.open(&format!("/projects/{}", app.project_id), "project");
    older.fill("description", "Typed in an older window");
    let params = [("project_id", app.project_id.as_str())];
    client.post(Route::UpdateProject, &params, json!({ "name": "Almanac Two" })).expect(200);
    older.press("submit");
    older.see_text(&by_testid("changed-meanwhile"), "Almanac Two");
    older.press("submit");
    older.see_text(".toasts", "Project saved");
    let saved = client.get(Route::FindProject, &params).expect(200)["settings"].clone();
    assert_eq!((&saved["name"], &saved["description"]), (&json!("Almanac Two"), &json!("Typed in an older window")));
    older.expect_quiet_console();
}

#[test]
fn a_session_that_ends_takes_nothing_that_was_typed() {
    let username = unique("dev");
    let client = Client::unapproved(&username);
    let browser = Browser::with_session_of(&client);
    browser.open("/apply", "apply");
    browser.fill("use_case", &use_case());
    browser.fill("organization", "Almanac Ltd");
    browser.click(&field("accept_terms"));
    browser.forget_session();
    browser.press("submit");
    browser.see_text("#sign-in-again", "Your session has ended");
    browser.fill("password", PASSWORD);
    browser.click("#sign-in-again [data-testid='submit']");
    browser.see_gone("#sign-in-again");
    assert_eq!(browser.path(), "/apply");
    assert_eq!(browser.value("organization"), "Almanac Ltd");
    browser.press("submit");
    browser.see_text("[data-page='apply']", "in review");

    // Nothing of it was written to where it would stay.
    let kept = "return JSON.stringify([Object.values(localStorage), Object.values(sessionStorage)])";
    let kept = browser.run(kept, json!([])).to_string();
    assert!(!kept.contains("Almanac") && !kept.contains(PASSWORD), "{kept}");
    browser.expect_quiet_console();
}

#[test]
fn whoever_does_not_sign_in_again_is_told_why_they_have_to() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.fill("organization_name", "Almanac Ltd");
    browser.forget_session();
    browser.press("submit");
    browser.see("#sign-in-again[open]");
    assert!(!browser.text("body").contains(&app.name), "nothing of the page is seen");
    // What was typed is lost on purpose only.
    for _ in 0..3 {
        browser.keys(&ESCAPE.to_string());
    }
    browser.see("#sign-in-again[open]");
    browser.click("#sign-in-again [data-testid='cancel']");
    browser.see_text("#leave-dialog", "Your changes");
    browser.click("#leave-dialog [data-testid='cancel']");
    browser.see("#sign-in-again[open]");
    browser.click("#sign-in-again [data-testid='cancel']");
    browser.click("#leave-dialog [data-testid='confirm']");
    browser.expect_page("sign-in");
    browser.see_text(&by_testid("session-ended"), "session has ended");
    assert!(browser.path().contains(&format!("/apps/{}", app.id).replace('/', "%2F")), "{}", browser.path());
    assert!(!browser.text("body").contains(&app.name), "nothing of the page is left");
    browser.expect_quiet_console();
}

#[test]
fn back_after_signing_out_shows_no_credentials_and_no_personal_data() {
    let username = unique("dev");
    let client = Client::developer_named(&username);
    let browser = Browser::with_session_of(&client);
    let token = browser.create_standalone_app().bearer_token;
    browser.allow_downloads();
    browser.press("download-env");
    browser.downloaded(".env");
    // Left for another document, which is when a browser keeps the page in memory.
    browser.go("/account");
    browser.expect_page("account");
    browser.sign_out();
    for _ in 0..2 {
        browser.back();
        browser.expect_page("sign-in");
        let page = browser.run("return document.documentElement.outerHTML", json!([])).to_string();
        assert!(!page.contains(&token) && !page.contains(&format!("{username}@example.com")), "{page}");
        browser.see("[data-page='sign-in']");
    }
}

#[test]
fn a_page_that_comes_back_from_memory_asks_who_is_signed_in_and_has_no_secret() {
    let client = Client::developer();
    let browser = Browser::with_session_of(&client);
    let token = browser.create_standalone_app().bearer_token;
    // What the browser does to a page that it keeps in memory and brings back.
    let event = |name: &str| {
        browser.run("dispatchEvent(new PageTransitionEvent(arguments[0], { persisted: true }))", json!([name]));
    };
    event("pagehide");
    eventually("the page hidden and the token gone", || {
        let script = "return [document.body.hidden, document.documentElement.outerHTML.includes(arguments[0])]";
        let found = browser.run(script, json!([token]));
        if found == json!([true, false]) { Ok(()) } else { Err(found.to_string()) }
    });
    event("pageshow");
    browser.see(&by_testid("credentials-gone"));
    browser.forget_session();
    event("pagehide");
    event("pageshow");
    browser.expect_page("sign-in");
    browser.expect_quiet_console();
}

#[test]
fn signing_out_in_another_tab_hides_what_is_typed_here_and_takes_none_of_it() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.fill("organization_name", "Almanac Ltd");
    client.call(Route::SignOut, &[], None).expect(200);
    browser.announce_other_session();
    browser.see("#sign-in-again[open]");
    assert!(!browser.text("body").contains(&app.name) && !browser.title().contains(&app.name));
    assert!(!browser.has(&by_testid("account-menu")));
    browser.fill("password", PASSWORD);
    browser.click("#sign-in-again [data-testid='submit']");
    browser.see_gone("#sign-in-again");
    assert_eq!(browser.value("organization_name"), "Almanac Ltd");
    browser.see_text("h1", &app.name);
    browser.expect_quiet_console();
}

#[test]
fn signing_out_asks_before_what_is_typed_is_lost() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.fill("organization_name", "Almanac Ltd");
    browser.press("account-menu");
    browser.press("sign-out");
    browser.see_text("#leave-dialog", "Your changes");
    browser.press("cancel");
    client.get(Route::FindDashboard, &[]).expect(200);
    assert_eq!(browser.value("organization_name"), "Almanac Ltd");
    browser.press("account-menu");
    browser.press("sign-out");
    browser.press("confirm");
    browser.expect_page("landing");
    client.get(Route::FindDashboard, &[]).refused(401, "not-signed-in");
    browser.expect_quiet_console();
}

#[test]
fn new_credentials_come_with_the_app_as_it_is_now_and_need_no_second_read() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    browser.fail_once(&format!("/api/apps/{}", app.id));
    browser.press("regenerate-bearer-token");
    browser.press("how-revoke");
    browser.press("confirm");
    browser.see(&by_testid("bearer_token"));
    let shown = browser.text(&by_testid("bearer_token"));
    assert_ne!(shown, app.bearer_token);
    // The row behind them tells the new token by its last characters.
    let hint = shown.get(shown.len() - 4..).unwrap();
    browser.see_text(&by_testid("credential-bearer-token"), hint);
    assert!(!browser.has(".toast-error"), "the App's address can't be read, and is not");
    browser.expect_quiet_console();
}

#[test]
fn an_application_in_review_is_asked_for_again_after_a_failure() {
    let client = Client::applicant(&unique("dev"));
    let browser = Browser::with_session_of(&client);
    browser.open("/dashboard", "dashboard");
    browser.see_text(&by_testid("approval-banner"), "in review");
    // As when the person comes back to the tab.
    let look = || browser.run("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))", json!([]));
    let path = Route::FindDashboard.path(&[("developer_account_id", &client.own_developer_account())]);
    browser.fail_once(&path);
    look();
    browser.expect_failed();
    Client::operator().decide(&client.own_developer_account(), "approve", "").expect(200);
    look();
    browser.see(&format!("a{}", by_testid("create-app")));
    assert!(!browser.has(".toast-error"), "it is asked again by itself");
    browser.expect_quiet_console();
}

#[test]
fn a_page_is_not_left_while_new_credentials_are_on_their_way() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    open_from_dashboard(&browser, &app);
    browser.press("tab-keys");
    browser.hold("POST");
    browser.press("regenerate-bearer-token");
    browser.press("how-revoke");
    browser.press("confirm");
    browser.see("#credential-dialog form[aria-busy='true']");
    browser.back();
    browser.see_text("#leave-dialog", "credentials");
    browser.let_go();
    browser.click("#leave-dialog [data-testid='cancel']");
    assert_ne!(browser.text(&by_testid("bearer_token")), app.bearer_token);

    // Dropped as the page was left, and said to be.
    for event in ["pagehide", "pageshow"] {
        browser.run("dispatchEvent(new PageTransitionEvent(arguments[0], { persisted: true }))", json!([event]));
    }
    browser.see(&by_testid("credentials-gone"));
    assert!(!browser.has(&by_testid("bearer_token")));
    browser.expect_quiet_console();
}
