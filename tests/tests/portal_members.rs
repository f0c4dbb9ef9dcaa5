//! Members of a developer account in the portal, in real Chromium: invited, at work, removed.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, by_testid, field};
use gatehouse_tests::{Client, PASSWORD, TestDeployment, unique};
use serde_json::json;

/// The name of every developer account of the tests.
const NAME: &str = "Almanac Ltd";

fn members_of(owner: &Client) -> String {
    format!("/developer-accounts/{}/members", owner.own_developer_account())
}

/// Somebody signed up who has applied for nothing.
fn somebody() -> (String, Client) {
    let username = unique("dev");
    let client = Client::unapproved(&username);
    (username, client)
}

/// The row of a member in the table.
fn row_of(member: &Client) -> String {
    by_testid(&format!("member-{}", member.account_id()))
}

#[test]
fn two_people_share_an_app() {
    let owner = Client::developer();
    let app = owner.create_project("read");
    let (username, second) = somebody();
    let first = Browser::with_session_of(&owner);
    first.open("/dashboard", "dashboard");
    first.press("members");
    first.expect_page("members");
    first.press("invite");
    first.fill("username", &username);
    first.press("confirm");
    first.see_text(&by_testid("invitations"), &username);

    let browser = Browser::with_session_of(&second);
    browser.open("/dashboard", "dashboard");
    let notice = by_testid(&format!("invitation-{}", owner.own_developer_account()));
    browser.see_text(&notice, NAME);
    browser.see_text(&notice, "Developer");
    browser.press("accept");
    browser.see_text(".heading", &format!("{NAME} · Developer"));
    browser.see_text(&by_testid("current-developer-account"), NAME);
    browser.see_gone(&notice);
    browser.click(&format!("{} a", by_testid(&format!("app-{}", app.id))));
    browser.expect_page("app");
    browser.fill("description", "Written by the second member");
    browser.press("submit");
    browser.see_text(".toasts", "Settings saved");
    assert!(!browser.has(&by_testid("delete-app")), "a Developer deletes no App");

    first.open(&format!("/apps/{}", app.id), "app");
    assert_eq!(first.value("description"), "Written by the second member");
    first.fill("description", "Written by the first member");
    first.press("submit");
    first.see_text(".toasts", "Settings saved");
    browser.reload();
    browser.expect_page("app");
    assert_eq!(browser.value("description"), "Written by the first member");
    first.expect_quiet_console();
    browser.expect_quiet_console();
}

#[test]
fn a_link_leads_through_the_sign_up_to_the_developer_account_and_works_once() {
    let owner = Client::developer();
    let inviting = Browser::with_session_of(&owner);
    inviting.open(&members_of(&owner), "members");
    inviting.press("invite");
    inviting.press("invite-by-link");
    inviting.press("role-viewer");
    inviting.press("confirm");
    let link = inviting.text(&by_testid("invitation-link"));
    inviting.press("copy-link");
    assert_eq!(inviting.clipboard(), link);
    inviting.press("link-done");
    inviting.see_text(&by_testid("invitations"), "Whoever has the link");
    inviting.expect_quiet_console();

    let path = link.strip_prefix(&TestDeployment::url()).expect("a link to this deployment");
    let username = unique("dev");
    let browser = Browser::start();
    browser.open(path, "invitation-signed-out");
    browser.press("to-sign-up");
    browser.expect_page("sign-up");
    browser.fill("username", &username);
    browser.fill("email", &format!("{username}@example.com"));
    browser.fill("password", PASSWORD);
    browser.press("submit");
    browser.expect_page("invitation");
    let inviter = owner.get(Route::FindSession, &[]).json["account"]["username"].as_str().unwrap().to_owned();
    for text in [&format!("Join {NAME}"), &inviter, "Viewer", "Sees no secret", &username] {
        browser.see_text("[data-page='invitation']", text);
    }
    browser.press("accept");
    browser.expect_page("dashboard");
    browser.see_text(".heading", &format!("{NAME} · Viewer"));
    browser.open(path, "invitation-closed");
    browser.see_text("h1", "already a member");

    let late = Browser::with_session_of(&somebody().1);
    late.open(path, "invitation-closed");
    late.see_text("h1", "no longer open");
    browser.expect_quiet_console();
    late.expect_quiet_console();
}

#[test]
fn an_invitation_is_declined_and_another_is_taken_back() {
    let owner = Client::developer();
    let (username, invited) = somebody();
    owner.invite(&username, "admin");
    let browser = Browser::with_session_of(&invited);
    browser.open("/dashboard", "dashboard");
    browser.press("decline");
    browser.see_text(".toasts", "Invitation declined");
    browser.reload();
    browser.expect_page("dashboard");
    assert!(!browser.has(&by_testid("accept")));

    owner.invite(&username, "viewer");
    let inviting = Browser::with_session_of(&owner);
    inviting.open(&members_of(&owner), "members");
    inviting.press("take-back");
    inviting.see_gone(&by_testid("take-back"));
    browser.reload();
    browser.expect_page("dashboard");
    assert!(!browser.has(&by_testid("accept")));
    browser.expect_quiet_console();
    inviting.expect_quiet_console();
}

/// What a user can press on the page, without what only copies or leads to the docs.
fn buttons(browser: &Browser) -> Vec<String> {
    let script = "return [...document.querySelectorAll('main :is(button, a.button:not([href^=\"/docs\"]))')] \
        .filter((button) => button.checkVisibility()).map((button) => button.dataset.testid ?? button.ariaLabel ?? button.textContent.trim())";
    let found = browser.run(script, json!([]));
    let names = found.as_array().expect("names").iter().filter_map(|name| name.as_str().map(str::to_owned));
    names.filter(|name| !name.starts_with("Copy ")).collect()
}

#[test]
fn a_viewer_sees_no_secret_and_no_button_that_would_refuse() {
    let owner = Client::developer();
    let app = owner.create_project("read");
    let (_, viewer) = somebody();
    owner.add_member(&viewer, "viewer");
    let browser = Browser::with_session_of(&viewer);
    let app_page = |tab: &str| format!("/apps/{}{tab}", app.id);
    browser.open(&app_page(""), "app");
    for (path, page, seen, wanted) in [
        (app_page(""), "app", "settings-facts", &[][..]),
        (app_page("/keys"), "app", "credential-bearer-token", &[]),
        (app_page("/permissions"), "app", "permission-facts", &[]),
        (format!("/projects/{}", app.project_id), "project", "settings-facts", &[]),
        ("/dashboard".to_owned(), "dashboard", "activity", &["members"]),
        ("/apps/new".to_owned(), "new-app", "role-note", &[]),
        ("/projects/new".to_owned(), "new-project", "role-note", &[]),
        ("/apply".to_owned(), "apply", "role-note", &[]),
        (members_of(&owner), "members", "roles", &["leave"]),
    ] {
        browser.open(&path, page);
        browser.see(&by_testid(seen));
        assert_eq!(buttons(&browser), wanted, "{path}");
        assert!(!browser.has("main :is(input, textarea, select:not(#activity-group))"), "a field at {path}");
        let shown = browser.text("body");
        for secret in [&app.api_key, &app.api_key_secret, &app.bearer_token] {
            assert!(!shown.contains(secret), "{secret} at {path}");
        }
    }
    browser.expect_quiet_console();
}

#[test]
fn a_removed_members_next_click_says_so() {
    let owner = Client::developer();
    let app = owner.create_project("read");
    let (_, member) = somebody();
    owner.add_member(&member, "developer");
    let browser = Browser::with_session_of(&member);
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.fill("description", "Too late for this");

    let removing = Browser::with_session_of(&owner);
    removing.open(&members_of(&owner), "members");
    removing.click(&format!("{} {}", row_of(&member), by_testid("remove")));
    removing.see_text("#removal-dialog", "Access Tokens that they generated for its Apps stop working");
    removing.press("confirm");
    removing.see_gone(&row_of(&member));

    browser.press("submit");
    browser.see_text("#demotion[open]", &format!("no longer a member of {NAME}"));
    browser.press("demotion-done");
    browser.expect_page("dashboard");
    browser.see(&by_testid("approval-banner"));
    browser.open(&format!("/apps/{}", app.id), "not-found");
    browser.see_text("[data-page='not-found']", "aren’t a member");
    browser.expect_quiet_console();
    removing.expect_quiet_console();
}

#[test]
fn a_member_with_a_lower_role_is_told_at_the_next_click() {
    let owner = Client::developer();
    let app = owner.create_project("read");
    let (_, member) = somebody();
    owner.add_member(&member, "developer");
    let browser = Browser::with_session_of(&member);
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    browser.press("regenerate-bearer-token");
    browser.see(&by_testid("confirm"));
    owner.change_role(&member, "viewer");
    browser.press("confirm");
    browser.see_text("#demotion[open]", &format!("Your role in {NAME} is now Viewer"));
    browser.press("demotion-done");
    browser.see_gone(&by_testid("regenerate-bearer-token"));
    Client::new().expect_gate(&app.bearer_token, 200);
    browser.expect_quiet_console();
}

#[test]
fn the_last_owner_stays_until_another_member_is_an_owner() {
    let owner = Client::developer();
    let (_, member) = somebody();
    owner.add_member(&member, "viewer");
    let browser = Browser::with_session_of(&owner);
    let members = members_of(&owner);
    browser.open(&members, "members");
    let (own, other) = (row_of(&owner), row_of(&member));
    browser.see(&format!("{own} {}", by_testid("last-owner")));
    assert!(!browser.has(&format!("{own} button")), "the last Owner has nothing to press");
    browser.click(&format!("{other} {}", by_testid("change-role")));
    browser.press("role-owner");
    browser.press("confirm");
    browser.see_text(&other, "Owner");

    browser.click(&format!("{own} {}", by_testid("leave")));
    browser.see_text("#removal-dialog", &format!("Leave {NAME}?"));
    browser.press("confirm");
    browser.expect_page("dashboard");
    browser.see_text("[data-page='dashboard']", "No developer account");
    let left = Browser::with_session_of(&member);
    left.open(&members, "members");
    left.see(&by_testid("last-owner"));
    assert!(!left.has(&own), "whoever left is still listed");
    browser.expect_quiet_console();
    left.expect_quiet_console();
}

#[test]
fn a_person_with_two_developer_accounts_chooses_in_the_header() {
    let owner = Client::developer();
    let app = owner.create_app("read");
    let second = Client::developer();
    second.create_app("read");
    owner.add_member(&second, "admin");
    let browser = Browser::with_session_of(&second);
    browser.open("/dashboard", "dashboard");
    assert!(!browser.has(&by_testid(&format!("app-{}", app.id))), "the own one comes first");
    browser.press("account-menu");
    browser.press(&format!("developer-{}", owner.own_developer_account()));
    browser.see(&by_testid(&format!("app-{}", app.id)));
    browser.see_text(".heading", &format!("{NAME} · Admin"));
    browser.press("account-menu");
    browser.press("nav-members");
    browser.expect_page("members");
    browser.see(&row_of(&owner));
    // An Admin gives no role above their own, and none to an Owner.
    assert!(!browser.has(&format!("{} button", row_of(&owner))));
    browser.press("invite");
    browser.see(&field("username"));
    assert!(!browser.has(&by_testid("role-owner")));
    browser.expect_quiet_console();
}
