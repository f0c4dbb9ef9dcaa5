//! Becoming a developer in the portal, in real Chromium: from the sign-up to the first checked call, or to a refusal.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, by_testid, error_of, field};
use gatehouse_tests::{Client, PASSWORD, TestDeployment, application, eventually, sentence, unique, use_case};
use serde_json::json;

#[test]
fn a_visitor_signs_up_once_every_field_keeps_its_rule() {
    let browser = Browser::start();
    let username = unique("dev");
    browser.open("/", "landing");
    browser.press("to-sign-up");
    browser.expect_page("sign-up");
    browser.fill("username", "a b");
    browser.fill("email", "nobody");
    browser.fill("password", "short");
    // A field that was left says so by itself; the button has its place once it does.
    browser.see(&error_of("email"));
    browser.press("submit");
    for name in ["username", "email", "password"] {
        browser.see(&error_of(name));
    }
    assert!(browser.has_focus(&field("username")), "the first wrong field has the focus");
    browser.fill("username", &username);
    browser.fill("email", &format!("{username}@example.com"));
    browser.fill("password", PASSWORD);
    browser.press("submit");
    browser.see(&by_testid("account-menu"));
    browser.expect_quiet_console();
}

#[test]
fn a_developer_without_approval_can_create_nothing_and_is_led_to_the_application() {
    let browser = Browser::with_session_of(&Client::unapproved(&unique("dev")));
    browser.open("/dashboard", "dashboard");
    browser.see(&by_testid("approval-banner"));
    browser.see(&format!("{}[aria-disabled='true']", by_testid("create-app")));
    browser.press("to-apply");
    browser.expect_page("apply");
    browser.expect_quiet_console();
}

#[test]
fn an_application_is_sent_once_it_keeps_the_rules() {
    let client = Client::unapproved(&unique("dev"));
    let browser = Browser::with_session_of(&client);
    browser.open("/apply", "apply");
    browser.fill("use_case", sentence());
    browser.press("submit");
    browser.see(&error_of("use_case"));
    browser.see(&error_of("accept_terms"));
    assert!(browser.text(&error_of("use_case")).contains("100"), "the rule is named");
    browser.fill("use_case", &use_case());
    browser.choose("purpose", "research");
    browser.fill("organization", "Almanac Ltd");
    browser.click(&field("accept_terms"));
    browser.press("submit");
    browser.see_text("[data-page='apply']", "in review");
    let sent = client.get(Route::FindApplication, &[]).expect(200);
    assert_eq!(sent["application"]["organization"], "Almanac Ltd");
    browser.expect_quiet_console();
}

#[test]
fn the_operator_signs_in_finds_an_applicant_by_name_and_asks_for_more_information() {
    let username = unique("dev");
    let client = Client::applicant(&username);
    let browser = Browser::start();
    browser.sign_in("operator", &TestDeployment::operator_password());
    browser.press("nav-review");
    browser.expect_page("review");
    browser.press("tab-accounts");
    browser.expect_page("review-accounts");
    browser.fill("username", &username);
    browser.press("submit");
    browser.see_text("[data-page='review-accounts'] .rows", &username);
    browser.click("[data-page='review-accounts'] .rows a");
    browser.expect_page("review-account");
    browser.click(&format!("{} a", by_testid(&format!("developer-{}", client.own_developer_account()))));
    browser.expect_page("review-developer-account");
    browser.see_text("[data-page='review-developer-account']", "Almanac Ltd");
    browser.press("request-information");
    browser.press("confirm");
    browser.see(&error_of("reason"));
    browser.fill("reason", QUESTION);
    browser.press("confirm");
    browser.see_text("[data-page='review-developer-account']", QUESTION);
    browser.expect_quiet_console();
}

/// What the operator wants to know of an applicant.
const QUESTION: &str = "Which calendar is it?";

/// A developer whom the operator has asked a question, and their developer account's id.
fn questioned_applicant() -> (Client, String) {
    let client = Client::applicant(&unique("dev"));
    let own = client.own_developer_account();
    Client::operator().decide(&own, "request-information", QUESTION).expect(200);
    (client, own)
}

/// The use case with the answer to the question.
fn answer() -> String {
    format!("{}The almanac's own calendar.", use_case())
}

#[test]
fn a_developer_reads_the_operators_question_and_answers_it() {
    let (client, _) = questioned_applicant();
    let browser = Browser::with_session_of(&client);
    browser.open("/apply", "apply");
    browser.see_text(&by_testid("reason-shown"), QUESTION);
    assert_eq!(browser.value("use_case").trim(), use_case().trim());
    browser.fill("use_case", &answer());
    browser.click(&field("accept_terms"));
    browser.press("submit");
    browser.see_text("[data-page='apply']", "in review");
    let sent = client.get(Route::FindApplication, &[]).expect(200);
    assert_eq!(sent["application"]["use_case"], answer());
    browser.expect_quiet_console();
}

#[test]
fn the_operator_reads_the_answer_and_approves_the_developer() {
    let (client, own) = questioned_applicant();
    let browser = Browser::with_session_of(&Client::operator());
    browser.open(&format!("/review/developer-accounts/{own}"), "review-developer-account");
    let mut again = application();
    again["use_case"] = json!(answer());
    client.post(Route::SubmitApplication, &[], again).expect(200);
    browser.reload();
    browser.see_text("[data-page='review-developer-account']", "The almanac's own calendar.");
    browser.press("approve");
    browser.press("confirm");
    browser.see_gone(&by_testid("approve"));
    let session = client.get(Route::FindSession, &[]).expect(200);
    assert_eq!(session["developer_accounts"][0]["application_state"], "approved");
    browser.expect_quiet_console();
}

#[test]
fn a_project_that_breaks_a_rule_is_refused_beside_the_field() {
    let browser = Browser::with_session_of(&Client::developer());
    browser.open("/projects/new", "new-project");
    browser.press("submit");
    browser.see(&error_of("name"));
    browser.see(&error_of("app.name"));
    browser.fill("name", "Almanac");
    browser.fill("description", "Notes beside the calendar");
    browser.fill("use_case", &use_case());
    browser.fill("app.name", "Gatehouse itself");
    browser.fill("app.description", "Shows notes beside the calendar");
    browser.press("submit");
    browser.see_text(&error_of("app.name"), "reserved");
    browser.expect_quiet_console();
}

#[test]
fn an_approved_developer_creates_a_project_whose_app_passes_the_gate() {
    let browser = Browser::with_session_of(&Client::developer());
    browser.open("/apply", "apply");
    browser.press("to-dashboard");
    browser.expect_page("dashboard");
    browser.press("create-project");
    browser.expect_page("new-project");
    let app_name = unique("App");
    browser.fill("name", "Almanac");
    browser.fill("description", "Notes beside the calendar");
    browser.fill("use_case", &use_case());
    browser.fill("app.name", &app_name);
    browser.fill("app.description", "Shows notes beside the calendar");
    browser.press("submit");
    browser.see(&by_testid("credentials"));
    let token = browser.text(&by_testid("bearer_token"));
    Client::new().gate("GET", "/2/notes", &token).expect(200);
    browser.press("credentials-done");
    browser.expect_page("app");
    let id = browser.text(&by_testid("app-id"));
    browser.press("nav-dashboard");
    browser.expect_page("dashboard");
    browser.see_text(&by_testid(&format!("app-{id}")), &app_name);
    browser.expect_quiet_console();
}

#[test]
fn new_credentials_are_copied_and_downloaded_as_shown() {
    let browser = Browser::with_session_of(&Client::developer());
    let shown = browser.create_standalone_app();
    browser.press("copy-bearer_token");
    browser.see_text(&by_testid("copy-bearer_token"), "Copied");
    assert_eq!(browser.clipboard(), shown.bearer_token);
    browser.allow_downloads();
    browser.press("download-env");
    let file = browser.downloaded(".env");
    for line in [
        format!("API_KEY={}", shown.api_key),
        format!("API_KEY_SECRET={}", shown.api_key_secret),
        format!("BEARER_TOKEN={}", shown.bearer_token),
    ] {
        assert!(file.lines().any(|known| known == line), "{file}");
    }
    browser.press("credentials-done");
    browser.expect_page("app");
    let id = browser.text(&by_testid("app-id"));
    let first = file.lines().next().unwrap_or_default();
    assert!(first.starts_with('#') && first.contains(&shown.app_name) && first.contains(&id), "{first}");
    browser.expect_quiet_console();
}

#[test]
fn new_credentials_stay_until_they_are_put_away_and_are_not_shown_again() {
    let browser = Browser::with_session_of(&Client::developer());
    let token = browser.create_standalone_app().bearer_token;
    // A link asks before it takes the credentials away.
    browser.press("nav-dashboard");
    browser.press("cancel");
    browser.see(&by_testid("credentials"));
    browser.press("credentials-done");
    browser.expect_page("app");
    assert!(!browser.text("body").contains(&token));
    browser.press("tab-keys");
    browser.see_text(&by_testid("credential-bearer-token"), &token[token.len() - 4..]);
    browser.expect_quiet_console();
}

#[test]
fn the_operator_finds_an_application_in_the_queue_and_declines_it() {
    let username = unique("dev");
    let client = Client::applicant(&username);
    let row = by_testid(&format!("row-{}", client.own_developer_account()));

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
    browser.expect_page("review-developer-account");
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
