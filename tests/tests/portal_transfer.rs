//! Handing an App or a Project to another developer account in the portal, in real Chromium.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, by_testid, error_of};
use gatehouse_tests::{Client, TestApp, eventually};

/// A browser on the page of an App of the giver, and one on the dashboard of the receiver.
fn both(giver: &Client, receiver: &Client, path: &str, page: &str) -> (Browser, Browser) {
    let (giving, receiving) = (Browser::with_session_of(giver), Browser::with_session_of(receiver));
    giving.open(path, page);
    receiving.open("/dashboard", "dashboard");
    (giving, receiving)
}

/// Offers what the page shows to the developer account whose dashboard the other browser shows.
fn offer(giving: &Browser, receiving: &Browser) {
    let id = receiving.text(&by_testid("developer-account-id"));
    giving.press("offer");
    giving.see_text(
        "#transfer-dialog",
        "Access Tokens that members of Almanac Ltd generated for themselves stop working.",
    );
    giving.fill("developer_account_id", &id);
    giving.press("confirm");
    giving.see_text(&by_testid("open-offer"), "Almanac Ltd");
    receiving.reload();
    receiving.expect_page("dashboard");
}

/// Waits until the receiver has the App.
fn expect_arrival(receiver: &Client, app: &TestApp) {
    eventually("the App at the receiver", || match receiver.get(Route::FindApp, &[("app_id", &app.id)]).status {
        200 => Ok(()),
        status => Err(format!("the portal answers {status}")),
    });
}

#[test]
fn an_app_goes_to_another_developer_account_with_its_keys() {
    let (giver, receiver) = (Client::developer(), Client::developer());
    let app = giver.create_app("read");
    let (giving, receiving) = both(&giver, &receiver, &format!("/apps/{}", app.id), "app");
    offer(&giving, &receiving);
    receiving.press("accept-transfer");
    expect_arrival(&receiver, &app);
    receiving.reload();
    receiving.see(&by_testid(&format!("app-{}", app.id)));
    Client::new().gate("GET", "/1.1/notes.json", &app.bearer_token).expect(200);
    giving.open(&format!("/apps/{}", app.id), "not-found");
    giving.expect_quiet_console();
    receiving.expect_quiet_console();
}

#[test]
fn a_project_goes_with_its_apps() {
    let (giver, receiver) = (Client::developer(), Client::developer());
    let app = giver.create_project("read");
    let (giving, receiving) = both(&giver, &receiver, &format!("/projects/{}", app.project_id), "project");
    offer(&giving, &receiving);
    receiving.press("accept-transfer");
    expect_arrival(&receiver, &app);
    receiving.open(&format!("/projects/{}", app.project_id), "project");
    receiving.see(&by_testid(&format!("app-{}", app.id)));
    Client::new().gate("GET", "/2/notes", &app.bearer_token).expect(200);
    giving.expect_quiet_console();
    receiving.expect_quiet_console();
}

#[test]
fn an_offer_is_declined_and_another_is_taken_back() {
    let (giver, receiver) = (Client::developer(), Client::developer());
    let app = giver.create_app("read");
    let (giving, receiving) = both(&giver, &receiver, &format!("/apps/{}", app.id), "app");
    giving.press("offer");
    giving.fill("developer_account_id", "nobody");
    giving.press("confirm");
    giving.see(&error_of("developer_account_id"));
    giving.press("cancel");
    offer(&giving, &receiving);
    receiving.press("decline-transfer");
    receiving.see_gone(&by_testid("decline-transfer"));
    giving.reload();
    giving.expect_page("app");
    offer(&giving, &receiving);
    receiving.see(&by_testid("accept-transfer"));
    giving.press("withdraw");
    giving.see_gone(&by_testid("open-offer"));
    receiving.reload();
    receiving.expect_page("dashboard");
    assert!(!receiving.has(&by_testid("accept-transfer")), "an offer that was taken back is still shown");
    giving.expect_quiet_console();
    receiving.expect_quiet_console();
}
