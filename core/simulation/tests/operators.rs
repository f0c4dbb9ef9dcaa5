//! Several operators: who gives them their role, what it allows, and how it ends.

use crate::support::audit::audit_log;
use crate::support::sign_in::text;
use crate::support::{Client, TestDeployment, application};
use futures::executor::block_on;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};

async fn set_role(by: &Client, of: &Client, role: &str) -> crate::support::Reply {
    let account = of.account_id().await;
    by.call(Route::SetOperatorRole, &[("account_id", account.as_str())], Some(json!({ "role": role }))).await
}

async fn role_of(client: &Client) -> Value {
    client.get(Route::FindSession, &[]).await.expect(200)["account"]["operator"].clone()
}

#[test]
fn a_role_is_given_changed_and_taken_and_holds_from_the_next_call_on() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let (alice, administrator) = (stage.developer("alice").await, stage.operator().await);
        assert_eq!((role_of(&alice).await, role_of(&administrator).await), (Value::Null, json!("administrator")));
        alice.get(Route::ListAccounts, &[]).await.refused(403, "not-operator");
        set_role(&alice, &alice, "administrator").await.refused(403, "not-operator");
        set_role(&administrator, &alice, "support").await.expect(200);
        assert_eq!(role_of(&alice).await, "support");
        alice.get(Route::ListAccounts, &[]).await.expect(200);
        let refused = set_role(&alice, &alice, "administrator").await.refused(403, "role-too-low");
        assert!(refused["detail"].as_str().unwrap().contains("Support"), "{refused}");
        set_role(&administrator, &alice, "administrator").await.expect(200);
        stage.world.settle().await;
        let listed = alice.get(Route::ListOperators, &[]).await.expect(200);
        let names: Vec<&Value> = listed["operators"].as_array().unwrap().iter().map(|one| &one["username"]).collect();
        assert_eq!(names, ["alice", "operator"]);
        // She may take her own role back, and it is gone at once.
        let account = alice.account_id().await;
        let params = [("account_id", account.as_str())];
        alice.call(Route::RemoveOperator, &params, None).await.expect(200);
        alice.get(Route::ListOperators, &[]).await.refused(403, "not-operator");
        stage.world.settle().await;
        let listed = administrator.get(Route::ListOperators, &[]).await.expect(200);
        assert_eq!(listed["operators"].as_array().unwrap().len(), 1);
        // She is a developer all the while.
        alice.get(Route::FindDashboard, &[]).await.expect(200);
    });
}

#[test]
fn an_operator_signs_in_again_each_working_day_and_goes_on_as_a_developer_meanwhile() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let chris = stage.operator_as("chris", "support").await;
        stage.world.advance_seconds(8 * 3600 - 60);
        chris.get(Route::ListAccounts, &[]).await.expect(200);
        stage.world.advance_seconds(120);
        chris.get(Route::ListAccounts, &[]).await.refused(401, "not-signed-in");
        chris.get(Route::FindDashboard, &[]).await.expect(200);
        let body = json!({ "login": "chris", "password": crate::support::PASSWORD });
        chris.post(Route::SignIn, &[], body).await.expect(200);
        chris.get(Route::ListAccounts, &[]).await.expect(200);
    });
}

#[test]
fn who_reviews_approves_and_does_not_suspend() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let reviewer = stage.operator_as("rita", "reviewer").await;
        let bob = stage.unapproved("bob").await;
        bob.post(Route::SubmitApplication, &[], application()).await.expect(200);
        reviewer.decide(&bob, "approve").await.expect(200);
        let developer = bob.own_developer_account().await;
        let params = [("developer_account_id", developer.as_str())];
        let decide = async |client: &Client, decision: &str| {
            let body = json!({ "decision": decision, "reason": "For tests" });
            client.post(Route::DecideApplication, &params, body).await
        };
        decide(&reviewer, "suspend").await.refused(403, "role-too-low");
        let (app, _) = bob.create_app("Weather").await;
        let of_app = [params[0], ("app_id", app.as_str())];
        let status = json!({ "status": "suspended", "reason": "For tests" });
        reviewer.call(Route::SetAppStatus, &of_app, Some(status.clone())).await.refused(403, "role-too-low");
        let account = bob.account_id().await;
        let of_bob = [("account_id", account.as_str())];
        reviewer.call(Route::SetAccountStatus, &of_bob, Some(status)).await.refused(403, "role-too-low");
        let administrator = stage.operator_as("anna", "administrator").await;
        decide(&administrator, "suspend").await.expect(200);
        decide(&reviewer, "reinstate").await.refused(403, "role-too-low");
    });
}

#[test]
fn the_operator_of_the_settings_keeps_the_role_and_a_suspended_operator_loses_the_session() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let (administrator, settings) = (stage.operator_as("anna", "administrator").await, stage.operator().await);
        set_role(&administrator, &settings, "support").await.refused(409, "conflict");
        let account = settings.account_id().await;
        administrator.call(Route::RemoveOperator, &[("account_id", &account)], None).await.refused(409, "conflict");
        let chris = stage.operator_as("chris", "support").await;
        let account = chris.account_id().await;
        let of_chris = [("account_id", account.as_str())];
        let status = json!({ "status": "suspended", "reason": "For tests" });
        administrator.call(Route::SetAccountStatus, &of_chris, Some(status)).await.expect(200);
        chris.get(Route::ListAccounts, &[]).await.refused(401, "not-signed-in");
        // Nobody is made an operator while they are suspended.
        let role = json!({ "role": "reviewer" });
        administrator.call(Route::SetOperatorRole, &of_chris, Some(role)).await.refused(403, "account-suspended");
    });
}

#[test]
fn nobody_decides_as_an_operator_about_a_developer_account_of_their_own() {
    block_on(async {
        let stage = TestDeployment::new(8);
        let ada = stage.operator_as("ada", "administrator").await;
        let (app, _) = ada.create_app("Ada's").await;
        let own = ada.own_developer_account().await;
        let of_app = [("developer_account_id", own.as_str()), ("app_id", app.as_str())];
        let suspend = json!({ "decision": "suspend", "reason": "For tests" });
        let stop = json!({ "status": "suspended", "reason": "For tests" });
        ada.post(Route::DecideApplication, &of_app[..1], suspend.clone()).await.refused(409, "conflict");
        ada.call(Route::SetAppStatus, &of_app, Some(stop.clone())).await.refused(409, "conflict");
        let other = stage.operator_as("eve", "administrator").await;
        other.call(Route::SetAppStatus, &of_app, Some(stop)).await.expect(200);
        stage.operator().await.post(Route::DecideApplication, &of_app[..1], suspend).await.expect(200);
    });
}

#[test]
fn support_finds_what_anything_names() {
    block_on(async {
        let stage = TestDeployment::new(5);
        let alice = stage.developer("alice").await;
        let (project, app, created) = alice.create_project("Almanac", "read").await;
        let developer = alice.own_developer_account().await;
        let account = alice.account_id().await;
        let client_id = crate::support::sign_in::turn_on(&alice, &app).await;
        stage.world.settle().await;
        let support = stage.operator_as("chris", "support").await;
        let found = async |wanted: &str| -> Vec<(String, String)> {
            let query: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
            let path = format!("/api/review/search?q={query}");
            let reply = support.send(gatehouse_shared::api::Method::Get, &path, &[], b"").await.expect(200);
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            reply["hits"].as_array().unwrap().iter().map(|hit| (text(&hit["kind"]), text(&hit["id"]))).collect()
        };
        let one = |kind: &str, id: &str| vec![(kind.to_owned(), id.to_owned())];
        let credentials = &created["app"]["credentials"];
        // A token is a secret, and names nothing here.
        assert_eq!(found(text(&credentials["bearer_token"])).await, []);
        for named in [&app, text(&credentials["api_key"]), &client_id, "almanac", "ALMANAC "] {
            assert_eq!(found(named).await, one("app", &app), "{named}");
        }
        assert_eq!(found(&project).await, one("project", &project));
        assert_eq!(found(&developer).await, one("developer-account", &developer));
        assert_eq!(found(&account).await, one("account", &account));
        assert_eq!(found("Alice@example.com").await, one("account", &account));
        assert_eq!(found("ali").await.len(), 2, "a developer account and a person");
        // Its page has what it uses and what was refused.
        assert_eq!(stage.gate_status("/2/limited", text(&credentials["bearer_token"])).await, 200);
        stage.world.advance_seconds(30);
        stage.isolate.settle().await;
        let shown = support.get(Route::FindReviewedApp, &[("app_id", &app)]).await.expect(200);
        assert_eq!((&shown["app"]["id"], &shown["developer_account_id"]), (&json!(app), &json!(developer)));
        assert!(shown["usage"]["month"]["used"].as_u64().unwrap() > 0, "{shown}");
        assert_eq!(shown["refusals"]["refusals"], json!([]));
        let nobodys = [("app_id", "1234567890123456789")];
        support.get(Route::FindReviewedApp, &nobodys).await.refused(404, "not-found");
        // What a request changed.
        let body = json!({ "description": "Changed by a request" });
        alice.call(Route::UpdateApp, &[("app_id", &app)], Some(body)).await.expect(200);
        let log = audit_log(&stage).await;
        let change = log.iter().rfind(|entry| entry.facts.operation == "update_app").unwrap();
        assert_eq!(found(&change.facts.request_id).await, one("app", &app));
        for nothing in ["", "nobody", "0000000000000000", "nobody@example.com", "1234567890123456789"] {
            assert_eq!(found(nothing).await, [], "{nothing}");
        }
        let long = format!("/api/review/search?q={}", "x".repeat(201));
        support.send(gatehouse_shared::api::Method::Get, &long, &[], b"").await.refused(422, "invalid-fields");
        let counts = support.get(Route::CountApplications, &[]).await.expect(200);
        assert_eq!(counts["states"], json!([{ "state": "approved", "count": 2 }]));
    });
}

#[test]
fn operators_see_notes_and_the_submission_before_and_nobody_else_does() {
    block_on(async {
        let stage = TestDeployment::new(6);
        let (bob, support) = (stage.unapproved("bob").await, stage.operator_as("chris", "support").await);
        bob.post(Route::SubmitApplication, &[], application()).await.expect(200);
        let developer = bob.own_developer_account().await;
        let params = [("developer_account_id", developer.as_str())];
        let record = support.get(Route::FindDeveloperAccount, &params).await.expect(200);
        assert_eq!((&record["previous_application"], &record["notes"]), (&Value::Null, &json!([])));
        let question = json!({ "decision": "request-information", "reason": "Which calendar is it?" });
        stage.operator().await.post(Route::DecideApplication, &params, question).await.expect(200);
        let mut again = application();
        again["organization"] = json!("Almanac and Sons");
        bob.post(Route::SubmitApplication, &[], again).await.expect(200);
        let note = json!({ "text": " Called them on Monday. " });
        support.post(Route::CreateDeveloperAccountNote, &params, note.clone()).await.expect(200);
        let record = support.get(Route::FindDeveloperAccount, &params).await.expect(200);
        assert_eq!(record["previous_application"]["organization"], application()["organization"]);
        assert_eq!(record["application"]["application"]["organization"], "Almanac and Sons");
        assert_eq!(
            (&record["notes"][0]["text"], &record["notes"][0]["by"]),
            (&json!("Called them on Monday."), &json!("chris"))
        );
        for route in [Route::FindDashboard, Route::FindApplication, Route::ListDeveloperActivity] {
            let text = bob.get(route, &params).await.text;
            assert!(!text.contains("Called them") && !text.contains("create_note"), "{text}");
        }
        let account = bob.account_id().await;
        let of_bob = [("account_id", account.as_str())];
        support.post(Route::CreateAccountNote, &of_bob, note).await.expect(200);
        assert_eq!(support.get(Route::FindAccount, &of_bob).await.expect(200)["notes"].as_array().unwrap().len(), 1);
        let empty = support.post(Route::CreateAccountNote, &of_bob, json!({ "text": " " })).await;
        assert_eq!(empty.refused(422, "invalid-fields")["errors"][0]["field"], "text");
    });
}
