//! Looking after Projects and Apps in the portal, in real Chromium.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, ESCAPE, by_testid, error_of, field};
use gatehouse_tests::{Client, Signer, eventually, unique, unix_time, use_case};
use serde_json::json;

#[test]
fn an_apps_settings_are_read_and_changed() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::start();
    browser.borrow_session(&client);
    browser.open("/dashboard", "dashboard");
    browser.click(&format!("{} a", by_testid(&format!("app-{}", app.id))));
    browser.expect_page("app");
    assert_eq!(browser.value("name"), app.name);

    // A rule's error lands beside its line.
    browser.press("add-callback");
    browser.fill("callback_urls[0]", "https://example.com/callback");
    browser.press("add-callback");
    browser.fill("callback_urls[1]", "javascript:alert(1)");
    browser.fill("website_url", "nowhere");
    browser.see(&error_of("callback_urls[1]"));
    browser.press("submit");
    browser.see(&error_of("callback_urls[1]"));
    browser.see(&error_of("website_url"));
    browser.fill("callback_urls[1]", "com.example.almanac:/done");
    let renamed = unique("New");
    for (name, text) in [
        ("name", renamed.as_str()),
        ("description", "Another description"),
        ("website_url", "https://example.com"),
        ("terms_url", "https://example.com/terms"),
        ("privacy_url", "https://example.com/privacy"),
        ("organization_name", "Almanac Ltd"),
        ("organization_url", "https://example.org"),
        ("use_case", &use_case()),
    ] {
        browser.fill(name, text);
    }
    browser.choose("environment", "production");
    browser.press("submit");
    browser.see_text(".toasts", "Settings saved");

    // Another load shows what is kept.
    browser.reload();
    browser.expect_page("app");
    browser.see_text("h1", &renamed);
    for (name, text) in [
        ("name", renamed.as_str()),
        ("description", "Another description"),
        ("callback_urls[0]", "https://example.com/callback"),
        ("callback_urls[1]", "com.example.almanac:/done"),
        ("privacy_url", "https://example.com/privacy"),
        ("organization_name", "Almanac Ltd"),
        ("environment", "production"),
    ] {
        assert_eq!(browser.value(name), text, "{name}");
    }
    browser.press("remove-callback_urls-0-");
    browser.press("submit");
    browser.see_text(".toasts", "Settings saved");
    browser.reload();
    browser.expect_page("app");
    assert_eq!(browser.value("callback_urls[0]"), "com.example.almanac:/done");

    // A name that somebody else has is refused beside the field.
    let other = Client::developer().create_app("read");
    browser.fill("name", &other.name);
    browser.press("submit");
    browser.see(&error_of("name"));

    // It is not saved, so leaving it is asked about.
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
    let browser = Browser::start();
    browser.borrow_session(&client);
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
fn regenerated_credentials_are_shown_once_and_the_old_ones_are_refused() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::start();
    browser.borrow_session(&client);
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    browser.press("regenerate-bearer-token");
    // Escape leaves everything as it was, and gives the focus back.
    browser.see(&by_testid("confirm"));
    browser.keys(&ESCAPE.to_string());
    browser.see_gone(&by_testid("confirm"));
    eventually("the focus back on the button", || {
        if browser.has_focus(&by_testid("regenerate-bearer-token")) { Ok(()) } else { Err("elsewhere".to_owned()) }
    });
    Client::new().gate("GET", "/2/notes", &app.bearer_token).expect(200);

    browser.press("regenerate-bearer-token");
    browser.press("how-revoke");
    browser.press("confirm");
    let token = browser.text(&by_testid("bearer_token"));
    assert_ne!(token, app.bearer_token);
    assert!(!browser.has(&by_testid("api_key")), "only what was regenerated is shown");
    eventually("the old token is refused", || match Client::new().gate("GET", "/2/notes", &app.bearer_token).status {
        401 => Ok(()),
        status => Err(format!("the gate answers {status}")),
    });
    Client::new().gate("GET", "/2/notes", &token).expect(200);
    browser.press("credentials-done");
    browser.see_gone(&by_testid("credentials"));

    browser.press("regenerate-api-key");
    browser.press("confirm");
    let (key, secret) = (browser.text(&by_testid("api_key")), browser.text(&by_testid("api_key_secret")));
    assert!(key != app.api_key && secret != app.api_key_secret);
    browser.press("credentials-done");
    browser.see_text(&by_testid("credential-api-key"), &key[key.len() - 4..]);
    browser.reload();
    browser.expect_page("app");
    let page = browser.text("body");
    assert!(!page.contains(&key) && !page.contains(&secret), "shown twice");
    browser.expect_quiet_console();
}

#[test]
fn a_token_made_with_an_older_permission_is_marked_and_regenerated_there() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::start();
    browser.borrow_session(&client);
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    browser.press("generate-access-token");
    browser.press("confirm");
    let shown = |browser: &Browser| {
        Signer::of(&app, &browser.text(&by_testid("access_token")), &browser.text(&by_testid("access_token_secret")))
    };
    let first = shown(&browser);
    browser.press("credentials-done");
    let level = |signer: &Signer| signer.send("GET", "/2/users/me").header("x-access-level").map(str::to_owned);
    assert_eq!(level(&first).as_deref(), Some("read"));

    browser.press("tab-permissions");
    assert!(!browser.has(&by_testid("stale-token")));
    browser.press("permission-read-write");
    browser.press("submit");
    browser.see_text(&by_testid("stale-token"), &first.credentials.token[first.credentials.token.len() - 4..]);
    assert_eq!(level(&first).as_deref(), Some("read"), "the token keeps its level");
    browser.press("regenerate-access-token");
    browser.press("how-revoke");
    browser.press("confirm");
    let second = shown(&browser);
    assert_ne!(second.credentials.token, first.credentials.token);
    browser.press("credentials-done");
    browser.see_gone(&by_testid("stale-token"));
    eventually("the new token has the new level", || match level(&second).as_deref() {
        Some("read-write") => Ok(()),
        other => Err(format!("{other:?}")),
    });
    eventually("the old token is refused", || match first.send("GET", "/2/users/me").status {
        401 => Ok(()),
        status => Err(status.to_string()),
    });
    browser.expect_quiet_console();
}

#[test]
fn a_credential_overlaps_expires_and_is_revoked_in_the_portal() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::start();
    browser.borrow_session(&client);
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    browser.press("regenerate-bearer-token");
    browser.press("how-overlap");
    browser.choose("overlap", "168");
    browser.press("confirm");
    let token = browser.text(&by_testid("bearer_token"));
    browser.press("credentials-done");
    browser.see(&by_testid("previous-bearer-token"));
    for token in [&app.bearer_token, &token] {
        Client::new().gate("GET", "/2/notes", token).expect(200);
    }
    // While it runs there is no second one.
    browser.press("regenerate-bearer-token");
    browser.see(&by_testid("confirm"));
    assert!(!browser.has(&by_testid("how-overlap")));
    browser.press("cancel");
    browser.press("end-overlap-bearer-token");
    browser.press("confirm");
    browser.see_gone(&by_testid("previous-bearer-token"));
    eventually("the old token is refused", || match Client::new().gate("GET", "/2/notes", &app.bearer_token).status {
        401 => Ok(()),
        status => Err(status.to_string()),
    });

    // An expiry date, told at once where it is near.
    browser.press("expiry-bearer-token");
    browser.choose("expiry", "30");
    browser.press("confirm");
    browser.see_text(&by_testid("credential-bearer-token"), "Expires on");
    let soon = unix_time().as_secs() + 2 * 86_400;
    let params = [("app_id", app.id.as_str()), ("kind", "bearer-token")];
    client.post(Route::UpdateCredential, &params, json!({ "expires_at": soon })).expect(200);
    browser.open("/dashboard", "dashboard");
    browser.see_text(&by_testid("expiry-notice"), "within 2 days");
    browser.click(&format!("{} a", by_testid("expiry-notice")));
    browser.expect_page("app");
    browser.see(&by_testid("expiry-notice"));
    browser.press("expiry-bearer-token");
    browser.choose("expiry", "never");
    browser.press("confirm");
    browser.see_gone(&by_testid("expiry-notice"));

    browser.press("revoke-bearer-token");
    browser.press("confirm");
    browser.see(&by_testid("generate-bearer-token"));
    eventually("the revoked token is refused", || match Client::new().gate("GET", "/2/notes", &token).status {
        401 => Ok(()),
        status => Err(status.to_string()),
    });
    browser.expect_quiet_console();
}

#[test]
fn apps_are_made_alone_and_in_a_project_attached_detached_and_deleted() {
    let client = Client::developer();
    let first = client.create_project("read");
    let browser = Browser::start();
    browser.borrow_session(&client);

    // A second App in the Project.
    browser.open(&format!("/projects/{}", first.project_id), "project");
    browser.press("create-app");
    browser.expect_page("new-app");
    assert_eq!(browser.value("project_id"), first.project_id);
    let (second_name, alone_name) = (unique("App"), unique("Solo"));
    browser.fill("name", &second_name);
    browser.fill("description", "The staging App");
    browser.click(&format!("{}[value='staging']", field("environment")));
    browser.press("submit");
    browser.see(&by_testid("credentials"));
    browser.press("credentials-done");
    browser.expect_page("app");
    browser.see_text(".meta", "Staging");

    // A standalone App, attached and detached with the same keys.
    browser.press("nav-dashboard");
    browser.expect_page("dashboard");
    browser.press("create-app");
    browser.expect_page("new-app");
    browser.choose("project_id", "");
    browser.fill("name", &alone_name);
    browser.fill("description", "An App that stands alone");
    browser.press("submit");
    let token = browser.text(&by_testid("bearer_token"));
    browser.press("credentials-done");
    browser.expect_page("app");
    let alone = browser.text(&by_testid("app-id"));
    let status = || Client::new().gate("GET", "/2/notes", &token).status;
    let becomes = |wanted: u16| {
        eventually(&format!("{wanted} from the gate"), || match status() {
            found if found == wanted => Ok(()),
            found => Err(format!("{found}")),
        });
    };
    becomes(403);
    browser.see(&by_testid("standalone-note"));
    browser.press("attach");
    browser.choose("environment", "production");
    browser.press("confirm");
    browser.see(&by_testid("app-project"));
    becomes(200);
    browser.press("detach");
    browser.press("confirm");
    browser.see(&by_testid("standalone-note"));
    becomes(403);

    // Deleting asks for the exact name.
    delete_by_name(&browser, "app", &alone_name);
    browser.expect_page("dashboard");
    assert!(!browser.has(&by_testid(&format!("app-{alone}"))), "it is still listed");
    becomes(401);

    // A Project with Apps can't be deleted; without any it can.
    browser.open(&format!("/projects/{}", first.project_id), "project");
    browser.see(&format!("{}:disabled", by_testid("delete-project")));
    for _ in 0..2 {
        browser.open(&format!("/projects/{}", first.project_id), "project");
        browser.click("[data-page='project'] .rows a");
        browser.expect_page("app");
        let name = browser.text("h1");
        delete_by_name(&browser, "app", &name);
        browser.expect_page("dashboard");
    }
    browser.open(&format!("/projects/{}", first.project_id), "project");
    delete_by_name(&browser, "project", "Almanac");
    browser.expect_page("dashboard");
    assert!(!browser.has(&by_testid(&format!("project-{}", first.project_id))));
    browser.expect_quiet_console();
}

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
fn a_project_is_renamed_and_an_app_restricted_by_the_operator_says_why() {
    let client = Client::developer();
    let app = client.create_project("read-write");
    let browser = Browser::start();
    browser.borrow_session(&client);
    browser.open(&format!("/projects/{}", app.project_id), "project");
    browser.fill("name", "Almanac Two");
    browser.press("submit");
    browser.see_text("h1", "Almanac Two");

    let operator = Browser::start();
    operator.borrow_session(&Client::operator());
    operator.open(&format!("/review/accounts/{}", client.account_id()), "review-account");
    operator.press("set-status");
    operator.choose("status", "write-restricted");
    operator.fill("reason", "Too many writes at night.");
    operator.press("confirm");
    operator.see_text("[data-page='review-account']", "Too many writes at night.");

    browser.open(&format!("/apps/{}", app.id), "app");
    browser.see_text(&by_testid("status-banner"), "Too many writes at night.");
    eventually("the gate refuses writes", || match Client::new().gate("POST", "/2/echo", &app.bearer_token).status {
        403 => Ok(()),
        status => Err(format!("it answers {status}")),
    });
    browser.expect_quiet_console();
    operator.expect_quiet_console();
}
