//! Several operators in the portal, in real Chromium: each does what their role lets them, and sees no button that would refuse.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, by_testid, field};
use gatehouse_tests::{Client, TestDeployment, eventually, unique};
use serde_json::json;

/// A developer who is an operator as well.
fn operator_as(role: &str) -> Client {
    let client = Client::developer();
    let account = client.account_id();
    let body = json!({ "role": role });
    Client::operator().call(Route::SetOperatorRole, &[("account_id", &account)], Some(body)).expect(200);
    client
}

fn page_of(developer: &Client) -> String {
    format!("/review/developer-accounts/{}", developer.own_developer_account())
}

#[test]
fn an_administrator_makes_a_reviewer_who_approves_and_cannot_suspend() {
    let (chris, applicant) = (Client::developer(), Client::applicant(&unique("dev")));
    let administrator = Browser::start();
    administrator.sign_in("operator", &TestDeployment::operator_password());
    administrator.open(&format!("/review/accounts/{}", chris.account_id()), "review-account");
    administrator.press("operator-role-reviewer");
    administrator.press("save-role");
    administrator.see_text(".toasts", "Reviewer");
    administrator.open("/review", "review");
    administrator.press("tab-operators");
    administrator.expect_page("review-operators");
    administrator.see(&format!("main a[href='/review/accounts/{}']", chris.account_id()));

    let browser = Browser::with_session_of(&chris);
    browser.open("/review", "review");
    assert!(!browser.has(&by_testid("tab-operators")), "only Administrators see the operators");
    browser.open(&page_of(&applicant), "review-developer-account");
    browser.press("approve");
    browser.press("confirm");
    browser.see_text(&by_testid("application"), "Approved");
    assert!(!browser.has(&by_testid("suspend")), "a Reviewer suspends nobody");
    let developer = Client::developer();
    developer.create_project("read");
    browser.open(&page_of(&developer), "review-developer-account");
    browser.see(&by_testid("members"));
    assert!(!browser.has(&by_testid("set-status")) && !browser.has(&by_testid("suspend")));
    administrator.open(&page_of(&developer), "review-developer-account");
    administrator.see(&by_testid("set-status"));
    administrator.see(&by_testid("suspend"));
    administrator.expect_quiet_console();
    browser.expect_quiet_console();
}

#[test]
fn support_finds_an_app_by_its_key_leaves_a_note_and_decides_nothing() {
    let (support, developer) = (operator_as("support"), Client::developer());
    let app = developer.create_project("read");
    let reply = Client::new().gate("POST", "/1.1/notes.json", &app.bearer_token);
    let refused = reply.header("x-gatehouse-request-id").expect("a request id").to_owned();
    eventually("the refusal", || {
        let list = developer.get(Route::ListRefusals, &[("app_id", &app.id)]).text;
        list.contains(&refused).then_some(()).ok_or(list)
    });
    let browser = Browser::with_session_of(&support);
    browser.open("/review", "review");
    browser.press("tab-search");
    browser.expect_page("review-search");
    browser.fill("q", &app.api_key);
    browser.press("submit");
    browser.click(&format!("{} a", by_testid(&format!("hit-{}", app.id))));
    browser.expect_page("review-app");
    browser.see_text(&by_testid("app-facts"), &app.id);
    browser.see_text(&by_testid("refusals"), &refused);
    browser.click(&format!("{} a", by_testid("app-facts")));
    browser.expect_page("review-developer-account");
    browser.see_text("[data-page='review-developer-account']", &app.id);
    for decision in ["approve", "decline", "suspend", "set-status"] {
        assert!(!browser.has(&by_testid(decision)), "{decision}");
    }
    browser.fill("text", "Asked for a higher limit.");
    browser.press("add-note");
    browser.see_text(&by_testid("notes"), "Asked for a higher limit.");
    assert_eq!(browser.value("text"), "");
    assert!(browser.has(&field("text")));
    // The developer reads nothing of it.
    let seen = developer.get(Route::FindDashboard, &[("developer_account_id", &developer.own_developer_account())]);
    assert!(!seen.text.contains("higher limit"));
    browser.expect_quiet_console();
}

#[test]
fn an_auditor_finds_what_was_done_exports_it_and_changes_nothing() {
    let (auditor, developer) = (operator_as("auditor"), Client::developer());
    let app = developer.create_app("read");
    let browser = Browser::with_session_of(&auditor);
    // They land where they have something to do.
    browser.open("/review", "review-audit");
    assert!(!browser.has(&by_testid("tab-queue")) && !browser.has(&by_testid("tab-operators")));
    browser.fill("subject", &app.id);
    browser.press("submit");
    browser.see_text("[data-page='review-audit'] .rows", &app.name);
    assert!(!browser.has("[data-page='review-audit'] .row-title a"), "an Auditor may not open the pages");
    let months = browser.text(&by_testid("audit-months"));
    assert!(months.contains("NDJSON") && months.contains("CSV"), "{months}");
    let listed = auditor.get(Route::ListAuditMonths, &[]).expect(200);
    let month = listed["months"].as_array().unwrap().last().unwrap()["month"].as_str().unwrap().to_owned();
    let export = auditor.get(Route::ExportAuditLog, &[("month", &month)]);
    assert_eq!(export.status, 200);
    assert!(export.text.lines().any(|line| line.contains("create_app") && line.contains(&app.id)));
    assert!(!export.text.contains(&app.bearer_token) && !export.text.contains(&app.api_key_secret));
    let own = developer.own_developer_account();
    let status = json!({ "status": "suspended", "reason": "For tests" });
    for (route, params) in [
        (Route::SetAppStatus, vec![("developer_account_id", own.as_str()), ("app_id", app.id.as_str())]),
        (Route::FindDeveloperAccount, vec![("developer_account_id", own.as_str())]),
    ] {
        let body = (route == Route::SetAppStatus).then(|| status.clone());
        assert_eq!(auditor.call(route, &params, body).status, 403, "{route:?}");
    }
    browser.expect_quiet_console();
}
