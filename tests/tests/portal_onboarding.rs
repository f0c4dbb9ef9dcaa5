//! Becoming a developer in the portal, in real Chromium: from the sign-up to the first checked call, or to a refusal.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, by_testid, error_of, field};
use gatehouse_tests::{Client, PASSWORD, TestDeployment, application, eventually, sentence, unique, use_case};

#[test]
fn a_developer_signs_up_applies_is_approved_and_calls_the_api() {
    let (developer, operator) = (Browser::start(), Browser::start());
    let username = unique("dev");

    // Signing up, with every rule's error beside its field first.
    developer.open("/", "landing");
    developer.press("to-sign-up");
    developer.expect_page("sign-up");
    developer.fill("username", "a b");
    developer.fill("email", "nobody");
    developer.fill("password", "short");
    // A field that was left says so by itself; the button has its place once it does.
    developer.see(&error_of("email"));
    developer.press("submit");
    for name in ["username", "email", "password"] {
        developer.see(&error_of(name));
    }
    assert!(developer.has_focus(&field("username")), "the first wrong field has the focus");
    developer.fill("username", &username);
    developer.fill("email", &format!("{username}@example.com"));
    developer.fill("password", PASSWORD);
    developer.press("submit");
    developer.see(&by_testid("account-menu"));

    // Without approval nothing can be created, and the dashboard says why.
    developer.open("/dashboard", "dashboard");
    developer.see(&by_testid("approval-banner"));
    developer.see(&format!("{}[aria-disabled='true']", by_testid("create-app")));
    developer.press("to-apply");
    developer.expect_page("apply");
    developer.fill("use_case", sentence());
    developer.press("submit");
    developer.see(&error_of("use_case"));
    developer.see(&error_of("accept_terms"));
    assert!(developer.text(&error_of("use_case")).contains("100"), "the rule is named");
    developer.fill("use_case", &use_case());
    developer.choose("purpose", "research");
    developer.fill("organization", "Almanac Ltd");
    developer.click(&field("accept_terms"));
    developer.press("submit");
    developer.see_text("[data-page='apply']", "in review");

    // The operator asks for more.
    operator.sign_in("operator", &TestDeployment::operator_password());
    operator.press("nav-review");
    operator.expect_page("review");
    open_account(&operator, &username);
    operator.see_text("[data-page='review-account']", "Almanac Ltd");
    operator.press("request-information");
    operator.press("confirm");
    operator.see(&error_of("reason"));
    operator.fill("reason", "Which calendar is it?");
    operator.press("confirm");
    operator.see_text("[data-page='review-account']", "Which calendar is it?");

    // The developer reads it and answers.
    developer.open("/apply", "apply");
    developer.see_text(&by_testid("reason-shown"), "Which calendar is it?");
    assert_eq!(developer.value("use_case").trim(), use_case().trim());
    developer.fill("use_case", &format!("{}The almanac's own calendar.", use_case()));
    developer.click(&field("accept_terms"));
    developer.press("submit");
    developer.see_text("[data-page='apply']", "in review");

    operator.reload();
    operator.see_text("[data-page='review-account']", "The almanac's own calendar.");
    operator.press("approve");
    operator.press("confirm");
    operator.see_gone(&by_testid("approve"));

    // A Project with its first App, and its credentials, once.
    developer.open("/apply", "apply");
    developer.press("to-dashboard");
    developer.expect_page("dashboard");
    developer.press("create-project");
    developer.expect_page("new-project");
    developer.press("submit");
    developer.see(&error_of("name"));
    developer.see(&error_of("app.name"));
    let app_name = unique("App");
    developer.fill("name", "Almanac");
    developer.fill("description", "Notes beside the calendar");
    developer.fill("use_case", &use_case());
    developer.fill("app.name", "Gatehouse itself");
    developer.fill("app.description", "Shows notes beside the calendar");
    developer.press("submit");
    developer.see(&error_of("app.name"));
    developer.fill("app.name", &app_name);
    developer.press("submit");
    developer.see(&by_testid("credentials"));
    let shown = |name: &str| developer.text(&by_testid(name));
    let (key, secret, token) = (shown("api_key"), shown("api_key_secret"), shown("bearer_token"));
    developer.press("copy-bearer_token");
    developer.see_text(&by_testid("copy-bearer_token"), "Copied");
    assert_eq!(developer.clipboard(), token);
    // A link asks before it takes the credentials away.
    developer.press("nav-dashboard");
    developer.press("cancel");
    developer.see(&by_testid("credentials"));
    developer.allow_downloads();
    developer.press("download-env");
    let file = developer.downloaded(".env");
    for line in [format!("API_KEY={key}"), format!("API_KEY_SECRET={secret}"), format!("BEARER_TOKEN={token}")] {
        assert!(file.lines().any(|known| known == line), "{file}");
    }
    let first = file.lines().next().unwrap_or_default();
    assert!(first.starts_with('#') && first.contains(&app_name), "{first}");

    // The token works as shown.
    Client::new().gate("GET", "/2/notes", &token).expect(200);

    developer.press("credentials-done");
    developer.expect_page("app");
    assert!(!developer.text("body").contains(&token));
    developer.press("tab-keys");
    developer.see_text(&by_testid("credential-bearer-token"), &token[token.len() - 4..]);
    let id = developer.text(&by_testid("app-id"));
    assert!(first.contains(&id), "{first}");
    developer.press("nav-dashboard");
    developer.expect_page("dashboard");
    developer.see_text(&by_testid(&format!("app-{id}")), &app_name);

    developer.expect_quiet_console();
    operator.expect_quiet_console();
}

/// As an operator, opens an account that waits for review; others may wait as well.
#[track_caller]
fn open_account(operator: &Browser, username: &str) {
    operator.press("tab-accounts");
    operator.expect_page("review-accounts");
    operator.fill("username", username);
    operator.press("submit");
    operator.see_text("[data-page='review-accounts'] .rows", username);
    operator.click("[data-page='review-accounts'] .rows a");
    operator.expect_page("review-account");
}

#[test]
fn the_operator_finds_an_application_in_the_queue_and_declines_it() {
    let username = unique("dev");
    let client = Client::unapproved(&username);
    client.post(Route::SubmitApplication, &[], application()).expect(200);
    let row = by_testid(&format!("application-{}", client.account_id()));

    let browser = Browser::start();
    browser.sign_in("operator", &TestDeployment::operator_password());
    browser.open("/review", "review");
    // The queue is long where many tests ran: its end comes with the button for more.
    eventually("the application in the queue", || {
        if browser.has(&row) {
            return Ok(());
        }
        if browser.has(&by_testid("more")) {
            browser.press("more");
        }
        Err("not there yet".to_owned())
    });
    browser.click(&format!("{row} a"));
    browser.expect_page("review-account");
    browser.press("decline");
    browser.fill("reason", "We can't offer this.");
    browser.press("confirm");
    browser.see_gone(&by_testid("decline"));
    browser.sign_out();

    browser.sign_in_developer(&username);
    browser.open("/dashboard", "dashboard");
    browser.see_text(&by_testid("approval-banner"), "declined");
    browser.open("/apply", "apply");
    browser.see_text(&by_testid("reason-shown"), "We can't offer this.");
    browser.expect_quiet_console();
}

#[test]
fn the_operator_suspends_an_account_that_never_applied_and_its_owner_reads_why() {
    let username = unique("dev");
    let client = Client::unapproved(&username);
    let owner = Browser::start();
    owner.borrow_session(&client);
    owner.open("/dashboard", "dashboard");

    let operator = Browser::start();
    operator.borrow_session(&Client::operator());
    operator.open(&format!("/review/accounts/{}", client.account_id()), "review-account");
    operator.press("set-account-status");
    operator.fill("reason", "Sells access to other people's notes.");
    operator.press("confirm");
    operator.see_text(&by_testid("account"), "Suspended");
    operator.see_text(&by_testid("account"), "Sells access to other people's notes.");

    owner.open("/account", "sign-in");
    owner.fill("login", &username);
    owner.fill("password", PASSWORD);
    owner.press("submit");
    owner.see_text("[data-page='sign-in']", "Sells access to other people's notes.");

    operator.press("set-account-status");
    operator.press("confirm");
    operator.see_text(&by_testid("account"), "Active");
    owner.press("submit");
    owner.expect_page("account");
    operator.expect_quiet_console();
}
