//! Every page in both themes, wide and narrow: axe finds nothing, nothing sticks out, the console is quiet. Pictures
//! are kept for people to look at.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, NARROWEST, by_testid};
use gatehouse_tests::{Client, PASSWORD, TestApp, application, eventually, first_project, unique};
use serde_json::json;

/// An account with what the pictures should show: a Project with an App in each environment and a standalone App.
fn busy_developer() -> (Client, TestApp, TestApp) {
    let client = Client::developer();
    let mut project = first_project(&unique("Almanac "), "read");
    project["app"]["description"] = json!("Shows notes beside the calendar");
    let created = client.post(Route::CreateProject, &[], project).expect(200);
    let project_id = created["project"]["id"].as_str().unwrap();
    for environment in ["staging", "production"] {
        let body = json!({
            "name": unique("Almanac "), "description": "Shows notes beside the calendar", "permission": "read-write",
            "project_id": project_id, "environment": environment,
        });
        client.post(Route::CreateApp, &[], body).expect(200);
    }
    let attached = TestApp {
        id: created["app"]["app"]["id"].as_str().unwrap().to_owned(),
        project_id: project_id.to_owned(),
        name: created["app"]["app"]["settings"]["name"].as_str().unwrap().to_owned(),
        api_key: String::new(),
        api_key_secret: String::new(),
        bearer_token: String::new(),
    };
    let alone = client.create_app("read");
    (client, attached, alone)
}

#[test]
fn the_public_pages_look_right() {
    let browser = Browser::start();
    browser.open("/", "landing");
    browser.look_at("landing");
    browser.open("/docs", "docs");
    browser.look_at("docs");
    browser.open("/no/such/page", "not-found");
    browser.look_at("not-found");
    browser.open("/sign-in", "sign-in");
    browser.look_at("sign-in");
    browser.fill("login", "nobody");
    browser.fill("password", "wrong password here");
    browser.press("submit");
    browser.see("[data-page='sign-in'] [role='alert'] .notice");
    browser.look_at("sign-in-refused");
    browser.open("/sign-up", "sign-up");
    browser.look_at("sign-up");
    browser.press("submit");
    browser.see(&by_testid("error-summary"));
    browser.look_at("sign-up-errors");
}

#[test]
fn the_error_help_looks_right() {
    let browser = Browser::start();
    browser.go("/docs/errors");
    browser.see("[data-page][data-ready='true']");
    browser.look_at("error-list");
    browser.go("/docs/errors/invalid-fields");
    browser.see("[data-page][data-ready='true']");
    browser.look_at("error-help");
}

#[test]
fn the_pages_of_an_applicant_look_right() {
    let username = unique("dev");
    let client = Client::unapproved(&username);
    let browser = Browser::with_session_of(&client);
    browser.open("/dashboard", "dashboard");
    browser.look_at("dashboard-new");
    browser.open("/apply", "apply");
    browser.look_at("apply");
    browser.press("submit");
    browser.see(&by_testid("error-summary"));
    browser.look_at("apply-errors");
    client.post(Route::SubmitApplication, &[], application()).expect(200);
    browser.open("/apply", "apply");
    browser.look_at("apply-in-review");
    Client::operator()
        .decide(&client.own_developer_account(), "request-information", "Which calendar is it?")
        .expect(200);
    browser.open("/apply", "apply");
    browser.look_at("apply-question");
    browser.open("/projects/new", "new-project");
    browser.look_at("new-project-not-approved");
    browser.press("account-menu");
    browser.see(&by_testid("sign-out"));
    browser.look_at("account-menu");
}

#[test]
fn the_pages_of_a_developer_look_right() {
    let (client, app, alone) = busy_developer();
    let browser = Browser::with_session_of(&client);
    browser.open("/dashboard", "dashboard");
    browser.see_text(&by_testid(&format!("month-{}", app.project_id)), "this month");
    browser.look_at("dashboard");
    browser.open(&format!("/projects/{}", app.project_id), "project");
    browser.see(&by_testid("month"));
    browser.look_at("project");
    browser.open("/apps/new", "new-app");
    browser.look_at("new-app");
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.press("add-callback");
    browser.look_at("app");
    browser.open(&format!("/apps/{}", alone.id), "app");
    browser.see(&by_testid("attach"));
    browser.look_at("app-standalone");
    browser.press("delete-app");
    browser.see(&by_testid("confirm"));
    browser.look_at("app-delete");
    let login =
        json!({ "login": client.get(Route::FindSession, &[]).json["account"]["username"], "password": PASSWORD });
    Client::new().post(Route::SignIn, &[], login).expect(200);
    browser.open("/account", "account");
    browser.look_at("account");
}

#[test]
fn the_pages_of_an_app_look_right() {
    let (client, app, _) = busy_developer();
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}/permissions", app.id), "app");
    browser.look_at("app-permissions");
    browser.open(&format!("/apps/{}/activity", app.id), "app");
    browser.see(&by_testid("activity"));
    browser.look_at("app-activity");
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    browser.look_at("app-keys");
    browser.press("regenerate-bearer-token");
    browser.see(&by_testid("confirm"));
    browser.look_at("app-regenerate");
    browser.press("confirm");
    browser.see(&by_testid("credentials"));
    browser.look_at("credentials");
}

#[test]
fn the_empty_pages_of_a_developer_look_right() {
    let client = Client::developer();
    let browser = Browser::with_session_of(&client);
    browser.open("/dashboard", "dashboard");
    browser.look_at("dashboard-empty");
    browser.open("/projects/new", "new-project");
    browser.look_at("new-project");
    browser.press("submit");
    browser.see(&by_testid("error-summary"));
    browser.look_at("new-project-errors");
}

#[test]
fn the_pages_of_the_operator_look_right() {
    let applicant = Client::applicant(&unique("dev"));
    let (developer, app, _) = busy_developer();
    let operator = Client::operator();
    let own = developer.own_developer_account();
    let status = json!({ "status": "write-restricted", "reason": "Too many writes at night." });
    let params = [("developer_account_id", own.as_str()), ("app_id", app.id.as_str())];
    operator.call(Route::SetAppStatus, &params, Some(status)).expect(200);

    let browser = Browser::with_session_of(&operator);
    browser.open("/review", "review");
    browser.look_at("review");
    browser.open("/review/accounts", "review-accounts");
    browser.look_at("review-accounts");
    browser.open("/review/developer-accounts", "review-developer-accounts");
    browser.look_at("review-developer-accounts");
    let applied = applicant.own_developer_account();
    browser.open(&format!("/review/developer-accounts/{applied}"), "review-developer-account");
    browser.look_at("review-applicant");
    browser.press("request-information");
    browser.see(&by_testid("confirm"));
    browser.look_at("review-decision");
    browser.open(&format!("/review/developer-accounts/{own}"), "review-developer-account");
    browser.look_at("review-developer-account");
    browser.open(&format!("/review/accounts/{}", developer.account_id()), "review-account");
    browser.look_at("review-account");
    browser.open(&format!("/review/search?q={}", app.id), "review-search");
    browser.see(&by_testid("hits"));
    browser.look_at("review-search");
    browser.open(&format!("/review/audit?subject={}", app.id), "review-audit");
    browser.look_at("review-audit");
    browser.open(&format!("/review/apps/{}", app.id), "review-app");
    browser.look_at("review-app");
    browser.open("/review/operators", "review-operators");
    browser.look_at("review-operators");

    let developer = Browser::with_session_of(&developer);
    developer.open(&format!("/apps/{}", app.id), "app");
    developer.see(&by_testid("status-banner"));
    developer.look_at("app-restricted");
}

#[test]
fn the_pages_of_members_look_right() {
    let (owner, app, _) = busy_developer();
    let (admin, viewer, invited) = (Client::developer(), Client::unapproved(&unique("dev")), unique("dev"));
    owner.add_member(&admin, "admin");
    owner.add_member(&viewer, "viewer");
    let guest = Client::unapproved(&invited);
    owner.invite(&invited, "developer");
    let (developer, code) = (owner.own_developer_account(), owner.invite_by_link("viewer"));

    let browser = Browser::with_session_of(&owner);
    browser.open(&format!("/developer-accounts/{developer}/members"), "members");
    browser.look_at("members");
    browser.press("invite");
    browser.see(&by_testid("confirm"));
    browser.look_at("members-invite");
    browser.press("invite-by-link");
    browser.press("confirm");
    browser.see(&by_testid("invitation-link"));
    browser.look_at("members-link");
    browser.press("link-done");
    browser.press("change-role");
    browser.see(&by_testid("confirm"));
    browser.look_at("members-role");
    browser.press("cancel");
    browser.press("remove");
    browser.see(&by_testid("confirm"));
    browser.look_at("members-remove");

    // What the Owner offers waits on the Admin's own dashboard.
    browser.open(&format!("/projects/{}", app.project_id), "project");
    browser.press("offer");
    browser.see(&by_testid("confirm"));
    browser.look_at("project-offer");
    browser.fill("developer_account_id", &admin.own_developer_account());
    browser.press("confirm");
    browser.see(&by_testid("open-offer"));
    browser.look_at("project-offered");
    let browser = Browser::with_session_of(&admin);
    browser.open("/dashboard", "dashboard");
    browser.see(&by_testid("accept-transfer"));
    browser.look_at("dashboard-offered");
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.see(&by_testid("current-developer-account"));
    browser.press("account-menu");
    browser.see(&by_testid("sign-out"));
    browser.look_at("account-menu-of-several");

    let browser = Browser::with_session_of(&guest);
    browser.open("/dashboard", "dashboard");
    browser.see(&by_testid("accept"));
    browser.look_at("dashboard-invited");
    let link = format!("/invitations/{developer}/{code}");
    browser.open(&link, "invitation");
    browser.look_at("invitation");
    browser.open(&format!("/invitations/{developer}/none"), "invitation-closed");
    browser.look_at("invitation-closed");
    let browser = Browser::start();
    browser.open(&link, "invitation-signed-out");
    browser.look_at("invitation-signed-out");
}

#[test]
fn the_pages_of_a_viewer_among_members_look_right() {
    let (owner, app, _) = busy_developer();
    let viewer = Client::unapproved(&unique("dev"));
    owner.add_member(&viewer, "viewer");
    let browser = Browser::with_session_of(&viewer);
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.see(&by_testid("settings-facts"));
    browser.look_at("viewer-app");
    browser.open("/dashboard", "dashboard");
    browser.look_at("viewer-dashboard");
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    browser.look_at("viewer-keys");
    owner.remove_member(&viewer);
    browser.press("tab-usage");
    browser.see("#demotion[open]");
    browser.look_at("viewer-removed");
}

/// A check that finds nothing has to be one that could.
#[test]
fn what_is_looked_for_would_be_found() {
    let browser = Browser::start();
    browser.open("/", "landing");
    let inline = "const script = document.createElement('script'); script.textContent = 'window.ran = true'; \
        document.body.append(script); return window.ran ?? false";
    assert_eq!(browser.run(inline, json!([])), json!(false), "an inline script ran");
    eventually("the breach on the console", || {
        let complaints = browser.complaints().join("\n");
        if complaints.contains("Content Security Policy") { Ok(()) } else { Err(format!("it says “{complaints}”")) }
    });
    browser.run("document.querySelector('main').append(document.createElement('button'))", json!([]));
    assert!(browser.axe().iter().any(|violation| violation.starts_with("button-name")));
    let wide = "const wide = document.createElement('p'); wide.textContent = 'x '.repeat(400); \
        wide.style.whiteSpace = 'nowrap'; document.querySelector('main').append(wide)";
    browser.resize(NARROWEST);
    assert!(browser.overflow().is_empty());
    browser.run(wide, json!([]));
    assert!(!browser.overflow().is_empty());
}
