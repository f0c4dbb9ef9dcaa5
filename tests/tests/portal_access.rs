//! Coming into the portal and finding one's way, in real Chromium.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, ENTER, TAB, by_testid, field};
use gatehouse_tests::{Client, PASSWORD, eventually, unique};
use serde_json::json;

#[test]
fn sessions_are_listed_ended_and_left() {
    let username = unique("dev");
    let elsewhere = Client::unapproved(&username);
    let browser = Browser::start();
    browser.sign_in_developer(&username);
    browser.press("account-menu");
    browser.press("nav-account");
    browser.expect_page("account");
    browser.see_text("[data-page='account']", &format!("{username}@example.com"));
    browser.see_text("[data-page='account']", "This browser");
    browser.press("revoke-session");
    browser.see_gone(&by_testid("revoke-session"));
    elsewhere.get(Route::FindDashboard, &[]).refused(401, "not-signed-in");

    // Changing the password, wrongly first.
    browser.fill("current_password", "not my password");
    browser.fill("new_password", "another horse battery");
    browser.press("submit");
    browser.see("[data-page='account'] [role='alert'] *, [id='current_password-error']");
    browser.fill("current_password", PASSWORD);
    browser.press("submit");
    browser.see_text(".toasts", "Password changed");
    browser.sign_out();
    browser.expect_page("landing");
    browser.go("/account");
    browser.expect_page("sign-in");
    browser.sign_in(&username, "another horse battery");
    browser.expect_quiet_console();
}

#[test]
fn a_deep_link_leads_through_the_sign_in_and_back() {
    let username = unique("dev");
    let client = Client::developer_named(&username);
    let app = client.create_project("read");
    let path = format!("/apps/{}/keys", app.id);
    let browser = Browser::start();
    browser.go(&path);
    browser.expect_page("sign-in");
    browser.fill("login", &format!("{username}@example.com"));
    browser.fill("password", "wrong password here");
    browser.press("submit");
    browser.see("[data-page='sign-in'] [role='alert'] .notice");
    browser.fill("password", PASSWORD);
    browser.press("submit");
    browser.expect_page("app");
    assert_eq!(browser.path(), path);
    browser.see(&by_testid("regenerate-bearer-token"));

    // A session that ends under one's hands asks to sign in over the page, which stays.
    client
        .call(
            Route::ChangePassword,
            &[],
            Some(json!({ "current_password": PASSWORD, "new_password": "yet another battery" })),
        )
        .expect(200);
    browser.press("tab-activity");
    browser.see("#sign-in-again[open]");
    browser.fill("password", "yet another battery");
    browser.click("#sign-in-again [data-testid='submit']");
    browser.see_gone("#sign-in-again");
    browser.see(&by_testid("activity"));
    browser.expect_quiet_console();
}

#[test]
fn whoever_signs_out_after_the_session_has_ended_is_signed_out() {
    let client = Client::developer();
    let browser = Browser::start();
    browser.borrow_session(&client);
    for (path, page) in [("/docs", "docs"), ("/dashboard", "dashboard")] {
        browser.borrow_session(&client);
        browser.open(path, page);
        browser.see(&by_testid("account-menu"));
        browser.forget_session();
        browser.sign_out();
        browser.expect_page("landing");
    }
    browser.expect_quiet_console();
}

#[test]
fn an_address_that_leads_nowhere_says_so() {
    let client = Client::developer();
    let browser = Browser::start();
    browser.open("/no/such/page", "not-found");
    browser.borrow_session(&client);
    for path in ["/apps/1111111111111111111", "/projects/1111111111111111111"] {
        browser.open(path, "not-found");
    }
    for path in ["/apps/x", "/projects/x", "/apps/1111111111111111111/nothing"] {
        browser.open(path, "not-found");
    }
    // The review page is for operators.
    browser.open("/review", "not-operator");
    browser.expect_quiet_console();
}

#[test]
fn one_signs_in_with_the_keyboard_alone() {
    let username = unique("dev");
    Client::unapproved(&username);
    let browser = Browser::start();
    browser.open("/", "landing");
    browser.tab_to(&by_testid("nav-sign-in"));
    browser.keys(&ENTER.to_string());
    browser.expect_page("sign-in");
    browser.tab_to(&field("login"));
    browser.keys(&username);
    browser.tab_to(&field("password"));
    browser.keys(PASSWORD);
    browser.tab_to(&by_testid("submit"));
    browser.keys(&ENTER.to_string());
    browser.expect_page("dashboard");
    // The first Tab of a page leads past its header.
    browser.open("/dashboard", "dashboard");
    browser.keys(&TAB.to_string());
    assert!(browser.has_focus(".skip-link"));
    browser.keys(&ENTER.to_string());
    assert!(browser.has_focus("#main"));
    browser.tab_to(&by_testid("to-apply"));
    browser.keys(&ENTER.to_string());
    browser.expect_page("apply");
    assert!(browser.title().starts_with("Developer application"), "{}", browser.title());
    eventually(
        "the focus on the heading",
        || {
            if browser.has_focus("h1") { Ok(()) } else { Err("elsewhere".to_owned()) }
        },
    );
    browser.expect_quiet_console();
}

#[test]
fn the_theme_that_one_chooses_stays() {
    let browser = Browser::start();
    browser.open("/", "landing");
    let scheme = || browser.run("return getComputedStyle(document.body).backgroundColor", json!([]));
    let choose = |theme: &str| {
        browser.press("theme-toggle");
        browser.click(&format!("[data-theme-choice='{theme}']"));
        scheme()
    };
    let (light, dark) = (choose("light"), choose("dark"));
    assert_ne!(light, dark);
    browser.reload();
    browser.expect_page("landing");
    assert_eq!(scheme(), dark);
    browser.expect_quiet_console();
}
