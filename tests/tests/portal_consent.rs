//! Users who are asked by an App, and take back what they gave, in real Chromium.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, ENTER, by_testid};
use gatehouse_tests::{Client, OAuth2Client, PASSWORD, Signer, TestApp, TestDeployment, percent, unique};
use serde_json::json;

struct Scene {
    developer: Client,
    app: TestApp,
    client: OAuth2Client,
    user: Client,
    username: String,
    callback: String,
}

/// An App whose users come back to a page that the browser can show.
fn scene() -> Scene {
    let developer = Client::developer();
    let app = developer.create_project("read-write");
    let client = developer.turn_sign_in_on(&app, "web-app");
    let callback = format!("{}/docs?came=back", TestDeployment::url());
    let change = json!({
        "callback_urls": [callback], "website_url": "https://example.com", "organization_name": "Almanac makers",
        "terms_url": "https://example.com/terms", "privacy_url": "https://example.com/privacy",
    });
    developer.post(Route::UpdateApp, &[("app_id", &app.id)], change).expect(200);
    let username = unique("user");
    Scene { developer, app, client, user: Client::unapproved(&username), username, callback }
}

impl Scene {
    fn request_token(&self, callback: &str, more: &str) -> String {
        let signer = Signer::of(&self.app, "", "");
        let reply = signer.send("POST", &format!("/oauth/request_token?oauth_callback={}{more}", percent(callback)));
        assert_eq!(reply.status, 200, "{}", reply.text);
        let token = reply.text.split('&').find_map(|pair| pair.strip_prefix("oauth_token="));
        token.expect("a request token").to_owned()
    }

    fn oauth2_page(&self, redirect_uri: &str, scope: &str) -> String {
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        format!(
            "/i/oauth2/authorize?response_type=code&client_id={}&redirect_uri={}&scope={}&state=s%20t&\
             code_challenge={challenge}&code_challenge_method=S256",
            self.client.id,
            percent(redirect_uri),
            percent(scope)
        )
    }
}

/// The button that gives something, once it works.
const AUTHORIZE: &str = "[data-testid='consent-authorize']:not([aria-disabled])";

#[test]
fn a_user_signs_in_on_the_consent_page_and_agrees_by_keyboard() {
    let scene = scene();
    let browser = Browser::start();
    let token = scene.request_token(&scene.callback, "");
    browser.open(&format!("/oauth/authorize?oauth_token={token}&screen_name={}", scene.username), "consent");
    browser.see_text("[data-page='consent']", &scene.app.name);
    assert_eq!(browser.value("login"), scene.username);
    browser.look_at("consent-sign-in");
    browser.fill("password", PASSWORD);
    browser.press("submit");
    browser.see(&by_testid("consent-authorize"));
    browser.see_text("[data-page='consent']", &scene.username);
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
    let scene = scene();
    let browser = Browser::start();
    browser.borrow_session(&scene.user);
    let token = scene.request_token("oob", "&x_auth_access_type=read");
    browser.open(&format!("/oauth/authorize?oauth_token={token}"), "consent");
    browser.click(AUTHORIZE);
    browser.see(&by_testid("consent-pin"));
    let pin = browser.text(&by_testid("consent-pin"));
    assert!(pin.len() == 7 && pin.bytes().all(|byte| byte.is_ascii_digit()), "{pin}");
    browser.look_at("consent-pin");

    let token = scene.request_token(&scene.callback, "");
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
    let scene = scene();
    let browser = Browser::start();
    browser.borrow_session(&scene.user);
    let asked = scene.request_token(&scene.callback, "");
    let back = scene.user.answer(&format!("/oauth/authorize?oauth_token={asked}"), true);
    let verifier = back.rsplit('=').next().expect("a verifier").to_owned();
    // The grant stands once the App has redeemed it.
    let signer = Signer::of(&scene.app, &asked, "");
    let refused = signer.send("POST", &format!("/oauth/access_token?oauth_verifier={verifier}"));
    assert_eq!(refused.status, 401, "a signature without the request token's secret");
    let code = scene.user.answer(&scene.oauth2_page(&scene.callback, "notes.read"), true);
    assert!(code.contains("code="), "{code}");

    let token = scene.request_token(&scene.callback, "");
    browser.open(&format!("/oauth/authenticate?oauth_token={token}&force_login=true"), "consent");
    browser.see("[name='password']");
    browser.fill("login", &scene.username);
    browser.fill("password", PASSWORD);
    browser.press("submit");
    browser.see(&by_testid("consent-authorize"));
    browser.press("consent-switch");
    browser.see("[name='password']");
    browser.expect_quiet_console();
}

#[test]
fn oauth_2_asks_with_its_scopes_and_shows_a_developer_what_is_wrong() {
    let scene = scene();
    let browser = Browser::start();
    browser.borrow_session(&scene.user);
    browser.open(&scene.oauth2_page(&scene.callback, "notes.read offline.access"), "consent");
    browser.see_text(&by_testid("consent-may"), "Read your notes.");
    browser.see_text(&by_testid("consent-may-not"), "Add notes for you.");
    browser.look_at("consent-oauth2");
    browser.click(AUTHORIZE);
    browser.expect_page("docs");
    let came = browser.path();
    assert!(came.contains("came=back&state=s+t&code=gh_code_") && came.contains("&iss="), "{came}");

    browser.open(&scene.oauth2_page(&scene.callback, "notes.read"), "consent");
    browser.press("consent-cancel");
    browser.expect_page("docs");
    assert!(browser.path().contains("error=access_denied"), "{}", browser.path());

    browser.open(&scene.oauth2_page("https://evil.example/cb", "notes.read"), "consent");
    browser.see_text(&by_testid("consent-problem"), "https://evil.example/cb");
    browser.see_text(&by_testid("consent-problem"), "exactly one of the App’s callback URLs");
    assert!(!browser.text(&by_testid("consent-problem")).contains(&scene.callback));
    assert!(!browser.has(&by_testid("consent-return")));
    browser.look_at("consent-wrong-redirect");
    // The App's own developer reads what is registered.
    browser.borrow_session(&scene.developer);
    browser.open(&scene.oauth2_page("https://evil.example/cb", "notes.read"), "consent");
    browser.see_text(&by_testid("consent-problem"), &scene.callback);
    browser.look_at("consent-wrong-redirect-developer");

    // Without sign-in the page says whose turn it is.
    scene.developer.post(Route::UpdateApp, &[("app_id", &scene.app.id)], json!({ "sign_in": false })).expect(200);
    browser.open(&scene.oauth2_page(&scene.callback, "notes.read"), "consent");
    browser.see_text(&by_testid("consent-problem"), "sign-in");
}

#[test]
fn a_click_before_the_page_was_in_front_for_a_moment_gives_nothing() {
    let scene = scene();
    let browser = Browser::start();
    browser.borrow_session(&scene.user);
    browser.open(&scene.oauth2_page(&scene.callback, "notes.read"), "consent");
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
    assert_eq!(scene.user.get(Route::ListConnectedApps, &[]).expect(200), json!({ "apps": [] }));
    // Later it is meant.
    browser.click(AUTHORIZE);
    browser.expect_page("docs");
    assert!(browser.path().contains("&code="), "{}", browser.path());
}

#[test]
fn a_request_that_changes_under_the_page_is_shown_again() {
    let scene = scene();
    let browser = Browser::start();
    browser.borrow_session(&scene.user);
    let token = scene.request_token(&scene.callback, "");
    browser.open(&format!("/oauth/authorize?oauth_token={token}"), "consent");
    browser.see_text(&by_testid("consent-may"), "Add, change, and delete");
    let permit = |permission: &str| {
        let change = json!({ "permission": permission });
        scene.developer.post(Route::UpdateApp, &[("app_id", &scene.app.id)], change).expect(200);
    };
    permit("read");
    browser.click(AUTHORIZE);
    browser.see(&by_testid("consent-changed"));
    browser.see_text(&by_testid("consent-may-not"), "Add, change, and delete");
    browser.look_at("consent-changed");
    browser.click(AUTHORIZE);
    browser.expect_page("docs");
    let connected = scene.user.get(Route::ListConnectedApps, &[]).expect(200);
    assert_eq!(connected["apps"][0]["pending"], json!(["Read everything you can read with this API."]));

    // What was agreed to and not collected can be revoked, and the next page says what there is already.
    scene.user.answer(&scene.oauth2_page(&scene.callback, "users.read"), true);
    browser.open(&scene.oauth2_page(&scene.callback, "notes.read"), "consent");
    browser.see_text(&by_testid("consent-already"), "See your username");
    browser.look_at("consent-already");
    browser.open("/account/apps", "connected-apps");
    browser.see_text(&by_testid(&format!("connected-app-{}", scene.app.id)), "hasn’t used it yet");
    browser.look_at("connected-apps-pending");
    browser.press(&format!("revoke-{}", scene.app.id));
    browser.press("confirm");
    browser.see_gone(&by_testid(&format!("connected-app-{}", scene.app.id)));
}

#[test]
fn the_question_is_put_anew_to_whoever_signs_in_in_another_tab() {
    let scene = scene();
    scene.user.answer(&scene.oauth2_page(&scene.callback, "users.read"), true);
    let browser = Browser::start();
    // Nobody, then an account that gave something before, then one that did not.
    browser.open(&scene.oauth2_page(&scene.callback, "notes.read"), "consent");
    browser.see("[name='password']");
    browser.borrow_session(&scene.user);
    browser.announce_other_session();
    browser.see_text("[data-page='consent'][data-ready]", &scene.username);
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
    let scene = scene();
    let back = scene.user.answer(&scene.oauth2_page(&scene.callback, "notes.read"), true);
    let code = back.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code");
    let body = format!(
        "grant_type=authorization_code&client_id={}&client_secret={}&redirect_uri={}&code={code}\
         &code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        scene.client.id,
        scene.client.secret,
        percent(&scene.callback)
    );
    let form = [("content-type", "application/x-www-form-urlencoded")];
    Client::new().send("POST", "/2/oauth2/token", &form, body.as_bytes()).expect(200);

    let browser = Browser::start();
    browser.borrow_session(&scene.user);
    browser.open("/account/apps", "connected-apps");
    let card = by_testid(&format!("connected-app-{}", scene.app.id));
    browser.see_text(&card, &scene.app.name);
    browser.see_text(&card, "Read your notes.");
    browser.look_at("connected-apps");
    browser.press(&format!("revoke-{}", scene.app.id));
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
