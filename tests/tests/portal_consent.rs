//! Users who are asked by an App, and take back what they gave, in real Chromium.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, ENTER, by_testid};
use gatehouse_tests::{AskingApp, Client, PASSWORD, Signer, TestDeployment, unique};
use serde_json::json;

/// An App whose consent page has something to show everywhere, and whose users come back to a page that the browser can
/// show.
fn asking_app() -> AskingApp {
    let callback = format!("{}/docs?came=back", TestDeployment::url());
    let asking = AskingApp { callback: callback.clone(), ..AskingApp::new("web-app") };
    let change = json!({
        "callback_urls": [callback], "website_url": "https://example.com", "organization_name": "Almanac makers",
        "terms_url": "https://example.com/terms", "privacy_url": "https://example.com/privacy",
    });
    asking.developer.post(Route::UpdateApp, &[("app_id", &asking.app.id)], change).expect(200);
    asking
}

/// The button that gives something, once it works.
const AUTHORIZE: &str = "[data-testid='consent-authorize']:not([aria-disabled])";

#[test]
fn a_user_signs_in_on_the_consent_page_and_agrees_by_keyboard() {
    let asking = asking_app();
    let browser = Browser::start();
    let token = asking.request_token(&asking.callback, "").credentials.token;
    browser.open(&format!("/oauth/authorize?oauth_token={token}&screen_name={}", asking.username), "consent");
    browser.see_text("[data-page='consent']", &asking.app.name);
    assert_eq!(browser.value("login"), asking.username);
    browser.look_at("consent-sign-in");
    browser.fill("password", PASSWORD);
    browser.press("submit");
    browser.see(&by_testid("consent-authorize"));
    browser.see_text("[data-page='consent']", &asking.username);
    browser.see_text(&by_testid("consent-may"), "Add, change, and delete");
    // The sample API has no Direct Messages.
    browser.see_text(&by_testid("consent-may-not"), "See your password");
    assert!(!browser.text("[data-page='consent']").contains("Direct Messages"));
    browser.see_text("[data-page='consent']", "Almanac makers");
    browser.see_text(&by_testid("consent-unverified"), "hasn’t verified");
    browser.look_at("consent-oauth1");
    browser.see(AUTHORIZE);
    browser.tab_to(&by_testid("consent-authorize"));
    browser.keys(&ENTER.to_string());
    browser.expect_page("docs");
    let came = browser.path();
    assert!(came.contains(&format!("came=back&oauth_token={token}&oauth_verifier=")), "{came}");

    // The token was answered: the page says so to whoever comes again.
    browser.open(&format!("/oauth/authorize?oauth_token={token}"), "consent");
    browser.see_text(&by_testid("consent-expired"), "Go back to the App");
    browser.see_text("[data-page='consent']", "15 minutes");
    browser.look_at("consent-expired");
    browser.open("/oauth/authorize", "consent");
    browser.see_text(&by_testid("consent-problem"), "oauth_token");
    browser.look_at("consent-problem");
}

#[test]
fn a_user_gets_a_pin_and_another_says_no() {
    let asking = asking_app();
    let browser = Browser::start();
    browser.borrow_session(&asking.user);
    let token = asking.request_token("oob", "&x_auth_access_type=read").credentials.token;
    browser.open(&format!("/oauth/authorize?oauth_token={token}"), "consent");
    browser.click(AUTHORIZE);
    browser.see(&by_testid("consent-pin"));
    let pin = browser.text(&by_testid("consent-pin"));
    assert!(pin.len() == 7 && pin.bytes().all(|byte| byte.is_ascii_digit()), "{pin}");
    browser.look_at("consent-pin");

    let token = asking.request_token(&asking.callback, "").credentials.token;
    browser.open(&format!("/oauth/authenticate?oauth_token={token}"), "consent");
    browser.press("consent-cancel");
    browser.see(&by_testid("consent-denied"));
    browser.look_at("consent-denied");
    browser.press("consent-return");
    browser.expect_page("docs");
    assert!(browser.path().ends_with(&format!("&denied={token}")), "{}", browser.path());
    browser.expect_quiet_console();
}

#[test]
fn whoever_agreed_before_is_sent_back_at_once_or_asked_to_sign_in_anew() {
    let asking = asking_app();
    let browser = Browser::start();
    browser.borrow_session(&asking.user);
    let asked = asking.request_token(&asking.callback, "").credentials.token;
    let back = asking.user.answer(&format!("/oauth/authorize?oauth_token={asked}"), true);
    let verifier = back.rsplit('=').next().expect("a verifier").to_owned();
    // The grant stands once the App has redeemed it.
    let signer = Signer::of(&asking.app, &asked, "");
    let refused = signer.send("POST", &format!("/oauth/access_token?oauth_verifier={verifier}"));
    assert_eq!(refused.status, 401, "a signature without the request token's secret");
    let code = asking.user.answer(&asking.oauth2_page(&asking.callback, "notes.read"), true);
    assert!(code.contains("code="), "{code}");

    let token = asking.request_token(&asking.callback, "").credentials.token;
    browser.open(&format!("/oauth/authenticate?oauth_token={token}&force_login=true"), "consent");
    browser.see("[name='password']");
    browser.fill("login", &asking.username);
    browser.fill("password", PASSWORD);
    browser.press("submit");
    browser.see(&by_testid("consent-authorize"));
    browser.press("consent-switch");
    browser.see("[name='password']");
    browser.expect_quiet_console();
}

#[test]
fn oauth_2_asks_with_its_scopes_and_shows_a_developer_what_is_wrong() {
    let asking = asking_app();
    let browser = Browser::start();
    browser.borrow_session(&asking.user);
    browser.open(&asking.oauth2_page(&asking.callback, "notes.read offline.access"), "consent");
    browser.see_text(&by_testid("consent-may"), "Read your notes.");
    browser.see_text(&by_testid("consent-may-not"), "Add notes for you.");
    browser.look_at("consent-oauth2");
    browser.click(AUTHORIZE);
    browser.expect_page("docs");
    let came = browser.path();
    assert!(came.contains("came=back&state=s+t&code=gh_code_") && came.contains("&iss="), "{came}");

    browser.open(&asking.oauth2_page(&asking.callback, "notes.read"), "consent");
    browser.press("consent-cancel");
    browser.expect_page("docs");
    assert!(browser.path().contains("error=access_denied"), "{}", browser.path());

    browser.open(&asking.oauth2_page("https://evil.example/cb", "notes.read"), "consent");
    browser.see_text(&by_testid("consent-problem"), "https://evil.example/cb");
    browser.see_text(&by_testid("consent-problem"), "exactly one of the App’s callback URLs");
    assert!(!browser.text(&by_testid("consent-problem")).contains(&asking.callback));
    assert!(!browser.has(&by_testid("consent-return")));
    browser.look_at("consent-wrong-redirect");
    // The App's own developer reads what is registered.
    browser.borrow_session(&asking.developer);
    browser.open(&asking.oauth2_page("https://evil.example/cb", "notes.read"), "consent");
    browser.see_text(&by_testid("consent-problem"), &asking.callback);
    browser.look_at("consent-wrong-redirect-developer");

    // Without sign-in the page says whose turn it is.
    asking.developer.post(Route::UpdateApp, &[("app_id", &asking.app.id)], json!({ "sign_in": false })).expect(200);
    browser.open(&asking.oauth2_page(&asking.callback, "notes.read"), "consent");
    browser.see_text(&by_testid("consent-problem"), "sign-in");
}

#[test]
fn a_click_before_the_page_was_in_front_for_a_moment_gives_nothing() {
    let asking = asking_app();
    let browser = Browser::start();
    browser.borrow_session(&asking.user);
    browser.open(&asking.oauth2_page(&asking.callback, "notes.read"), "consent");
    browser.see(AUTHORIZE);
    // The page comes to the front, and the second click of a double-click lands on it.
    let clicked = browser.run_async(
        "const done = arguments[arguments.length - 1];
         const button = document.querySelector(\"[data-testid='consent-authorize']\");
         window.dispatchEvent(new Event('focus'));
         button.click();
         requestAnimationFrame(() => requestAnimationFrame(() =>
             done([button.getAttribute('aria-disabled'), button.querySelector('.spinner') === null])));",
        json!([]),
    );
    assert_eq!(clicked, json!(["true", true]));
    assert_eq!(asking.user.get(Route::ListConnectedApps, &[]).expect(200), json!({ "apps": [] }));
    // Later it is meant.
    browser.click(AUTHORIZE);
    browser.expect_page("docs");
    assert!(browser.path().contains("&code="), "{}", browser.path());
}

#[test]
fn a_request_that_changes_under_the_page_is_shown_again() {
    let asking = asking_app();
    let browser = Browser::start();
    browser.borrow_session(&asking.user);
    let token = asking.request_token(&asking.callback, "").credentials.token;
    browser.open(&format!("/oauth/authorize?oauth_token={token}"), "consent");
    browser.see_text(&by_testid("consent-may"), "Add, change, and delete");
    let permit = |permission: &str| {
        let change = json!({ "permission": permission });
        asking.developer.post(Route::UpdateApp, &[("app_id", &asking.app.id)], change).expect(200);
    };
    permit("read");
    browser.click(AUTHORIZE);
    browser.see(&by_testid("consent-changed"));
    browser.see_text(&by_testid("consent-may-not"), "Add, change, and delete");
    browser.look_at("consent-changed");
    browser.click(AUTHORIZE);
    browser.expect_page("docs");
    let connected = asking.user.get(Route::ListConnectedApps, &[]).expect(200);
    assert_eq!(connected["apps"][0]["pending"], json!(["Read everything you can read with this API."]));

    // What was agreed to and not collected can be revoked, and the next page says what there is already.
    asking.user.answer(&asking.oauth2_page(&asking.callback, "users.read"), true);
    browser.open(&asking.oauth2_page(&asking.callback, "notes.read"), "consent");
    browser.see_text(&by_testid("consent-already"), "See your username");
    browser.look_at("consent-already");
    browser.open("/account/apps", "connected-apps");
    browser.see_text(&by_testid(&format!("connected-app-{}", asking.app.id)), "hasn’t used it yet");
    browser.look_at("connected-apps-pending");
    browser.press(&format!("revoke-{}", asking.app.id));
    browser.press("confirm");
    browser.see_gone(&by_testid(&format!("connected-app-{}", asking.app.id)));
}

#[test]
fn the_question_is_put_anew_to_whoever_signs_in_in_another_tab() {
    let asking = asking_app();
    asking.user.answer(&asking.oauth2_page(&asking.callback, "users.read"), true);
    let browser = Browser::start();
    // Nobody, then an account that gave something before, then one that did not.
    browser.open(&asking.oauth2_page(&asking.callback, "notes.read"), "consent");
    browser.see("[name='password']");
    browser.borrow_session(&asking.user);
    browser.announce_other_session();
    browser.see_text("[data-page='consent'][data-ready]", &asking.username);
    browser.see_text(&by_testid("consent-already"), "See your username");

    let other = unique("user");
    browser.borrow_session(&Client::unapproved(&other));
    browser.announce_other_session();
    browser.see_text("[data-page='consent'][data-ready]", &other);
    assert!(!browser.has(&by_testid("consent-already")), "what another account gave");
    browser.expect_quiet_console();
}

#[test]
fn a_user_sees_connected_apps_and_takes_one_back() {
    let asking = asking_app();
    let back = asking.user.answer(&asking.oauth2_page(&asking.callback, "notes.read"), true);
    let code = back.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    Client::new().send("POST", "/2/oauth2/token", &form, asking.redemption(code).as_bytes()).expect(200);

    let browser = Browser::start();
    browser.borrow_session(&asking.user);
    browser.open("/account/apps", "connected-apps");
    let card = by_testid(&format!("connected-app-{}", asking.app.id));
    browser.see_text(&card, &asking.app.name);
    browser.see_text(&card, "Read your notes.");
    browser.look_at("connected-apps");
    browser.press(&format!("revoke-{}", asking.app.id));
    browser.see(&by_testid("confirm"));
    browser.look_at("connected-apps-revoke");
    browser.press("confirm");
    browser.see_gone(&card);
    browser.look_at("connected-apps-empty");
}

#[test]
fn a_developer_turns_sign_in_on_and_gets_a_client() {
    let developer = Client::developer();
    let app = developer.create_project("read");
    let browser = Browser::start();
    browser.borrow_session(&developer);
    browser.open(&format!("/apps/{}/permissions", app.id), "app");
    browser.see(&by_testid("app-users"));
    browser.click("[name='sign_in']");
    browser.press("client-type-web-app");
    browser.press("submit-sign-in");
    browser.see(&by_testid("client-id"));
    browser.look_at("app-sign-in");
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    browser.press("generate-client-secret");
    browser.press("confirm");
    browser.see(&by_testid("credentials"));
    let (id, secret) = (browser.text(&by_testid("client_id")), browser.text(&by_testid("client_secret")));
    assert!(id.starts_with("gh_client_") && secret.starts_with("gh_clientsecret_"), "{id} {secret}");
    browser.look_at("app-client-secret");
    browser.press("credentials-done");
    browser.look_at("app-keys-client");
}
