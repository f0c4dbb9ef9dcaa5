//! What a person does in the portal, in real Chromium, from the sign-up to the last deletion.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, ENTER, ESCAPE, by_testid, error_of, field};
use gatehouse_tests::{Client, Deployment, PASSWORD, application, eventually, sentence, unique, use_case};
use serde_json::json;

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
    operator.sign_in("operator", &Deployment::operator_password());
    operator.press("nav-office");
    operator.expect_page("office");
    open_account(&operator, &username);
    operator.see_text("[data-page='office-account']", "Almanac Ltd");
    operator.press("request-information");
    operator.press("confirm");
    operator.see(&error_of("reason"));
    operator.fill("reason", "Which calendar is it?");
    operator.press("confirm");
    operator.see_text("[data-page='office-account']", "Which calendar is it?");

    // The developer reads it and answers.
    developer.open("/apply", "apply");
    developer.see_text(&by_testid("reason-shown"), "Which calendar is it?");
    assert_eq!(developer.value("use_case").trim(), use_case().trim());
    developer.fill("use_case", &format!("{}The almanac's own calendar.", use_case()));
    developer.click(&field("accept_terms"));
    developer.press("submit");
    developer.see_text("[data-page='apply']", "in review");

    operator.reload();
    operator.see_text("[data-page='office-account']", "The almanac's own calendar.");
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

    // A link asks before it takes the credentials away.
    developer.press("nav-dashboard");
    developer.press("cancel");
    developer.see(&by_testid("credentials"));
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
    operator.expect_page("office-accounts");
    operator.fill("username", username);
    operator.press("submit");
    operator.see_text("[data-page='office-accounts'] .rows", username);
    operator.click("[data-page='office-accounts'] .rows a");
    operator.expect_page("office-account");
}

#[test]
fn the_operator_finds_an_application_in_the_queue_and_declines_it() {
    let username = unique("dev");
    let client = Client::unapproved(&username);
    client.post(Route::SubmitApplication, &[], application()).expect(200);
    let row = by_testid(&format!("application-{}", client.account_id()));

    let browser = Browser::start();
    browser.sign_in("operator", &Deployment::operator_password());
    browser.open("/office", "office");
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
    browser.expect_page("office-account");
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

    browser.press("tab-activity");
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
    operator.open(&format!("/office/accounts/{}", client.account_id()), "office-account");
    operator.press("set-status");
    operator.choose("status", "write-restricted");
    operator.fill("reason", "Too many writes at night.");
    operator.press("confirm");
    operator.see_text("[data-page='office-account']", "Too many writes at night.");

    browser.open(&format!("/apps/{}", app.id), "app");
    browser.see_text(&by_testid("status-banner"), "Too many writes at night.");
    eventually("the gate refuses writes", || match Client::new().gate("POST", "/2/echo", &app.bearer_token).status {
        403 => Ok(()),
        status => Err(format!("it answers {status}")),
    });
    browser.expect_quiet_console();
    operator.expect_quiet_console();
}

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

    // A session that ends under one's hands asks to sign in, and comes back.
    client
        .call(
            Route::ChangePassword,
            &[],
            Some(json!({ "current_password": PASSWORD, "new_password": "yet another battery" })),
        )
        .expect(200);
    browser.press("tab-activity");
    browser.expect_page("sign-in");
    browser.fill("login", &username);
    browser.fill("password", "yet another battery");
    browser.press("submit");
    browser.expect_page("app");
    browser.expect_quiet_console();
}

#[test]
fn an_address_that_leads_nowhere_says_so() {
    let client = Client::developer();
    let browser = Browser::start();
    browser.open("/no/such/page", "not-found");
    browser.borrow_session(&client);
    for path in ["/apps/1111111111111111111", "/projects/1111111111111111111"] {
        browser.go(path);
        browser.see("[data-ready='true']");
        browser.see_text("main", "no such");
    }
    for path in ["/apps/x", "/projects/x", "/apps/1111111111111111111/nothing"] {
        browser.open(path, "not-found");
    }
    // The desk is for operators.
    browser.open("/office", "not-operator");
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
    browser.keys(&gatehouse_tests::browser::TAB.to_string());
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
        eventually(theme, || {
            if browser.has(&format!("[data-theme-choice='{theme}']")) {
                return Ok(());
            }
            browser.press("theme-toggle");
            Err("not reached".to_owned())
        });
        scheme()
    };
    let (light, dark) = (choose("light"), choose("dark"));
    assert_ne!(light, dark);
    browser.reload();
    browser.expect_page("landing");
    assert_eq!(scheme(), dark);
    browser.expect_quiet_console();
}
