//! The activity logs: who did what, from what to what, and what of it is shown.

use crate::support::{Client, PASSWORD, TestDeployment, invite};
use futures::executor::block_on;
use gatehouse_shared::api::{Method, Route};
use serde_json::{Value, json};

async fn activity(client: &Client, route: Route, id: (&str, &str), query: &str) -> Vec<Value> {
    let reply = client.send(Method::Get, &format!("{}?{query}", route.path(&[id])), &[], b"").await;
    reply.expect(200)["entries"].as_array().unwrap().clone()
}

fn operations(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["operation"].as_str().unwrap()).collect()
}

#[test]
fn an_entry_shows_who_did_it_and_what_changed_over_all_repeats() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let (alice, bob) = (stage.developer("alice").await, stage.unapproved("bob").await);
        let developer = alice.own_developer_account().await;
        let (app, _) = alice.create_app("Weather").await;
        invite(&stage, &alice, &developer, &bob, "bob", "developer").await;
        let describe = async |client: &Client, description: &str| {
            let body = json!({ "description": description });
            client.call(Route::UpdateApp, &[("app_id", &app)], Some(body)).await.expect(200);
        };
        describe(&alice, "The first description").await;
        describe(&alice, "The second description").await;
        describe(&bob, "The third description").await;
        let entries = activity(&alice, Route::ListAppActivity, ("app_id", &app), "").await;
        assert_eq!(operations(&entries), ["update_app", "update_app", "create_app"]);
        let change = |from: &str, to: &str| json!([{ "field": "description", "from": from, "to": to }]);
        assert_eq!(entries[0]["changes"], change("The second description", "The third description"));
        assert_eq!(
            (&entries[0]["actor"]["username"], &entries[0]["actor"]["role"]),
            (&json!("bob"), &json!("developer"))
        );
        assert_eq!(entries[1]["changes"], change("An App for tests", "The second description"));
        assert_eq!((&entries[1]["actor"]["username"], &entries[1]["count"]), (&json!("alice"), &json!(2)));
        // What was put back is no change.
        describe(&alice, "The first description").await;
        describe(&alice, "An App for tests").await;
        let entries = activity(&alice, Route::ListAppActivity, ("app_id", &app), "").await;
        assert_eq!((&entries[0]["changes"], &entries[0]["count"]), (&json!([]), &json!(4)));
        // Of an operator the people learn only that it was one.
        let entries = activity(&alice, Route::ListDeveloperActivity, ("developer_account_id", &developer), "").await;
        let decided = entries.iter().find(|entry| entry["operation"] == "decide_application").unwrap();
        let operator = json!({ "kind": "operator", "account_id": null, "username": "", "role": "" });
        assert_eq!(decided["actor"], operator);
        assert_eq!(decided["changes"][0], json!({ "field": "state", "from": "in-review", "to": "approved" }));
    });
}

#[test]
fn a_list_is_narrowed_by_group_actor_app_and_project() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let (alice, bob) = (stage.developer("alice").await, stage.unapproved("bob").await);
        let developer = alice.own_developer_account().await;
        let (project, app, _) = alice.create_project("Weather", "read").await;
        let (other, _) = alice.create_app("Alone").await;
        invite(&stage, &alice, &developer, &bob, "bob", "developer").await;
        let params = [("app_id", app.as_str()), ("kind", "api-key")];
        bob.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let of = ("developer_account_id", developer.as_str());
        let list = async |query: &str| activity(&alice, Route::ListDeveloperActivity, of, query).await;
        assert_eq!(operations(&list("group=credentials").await), ["regenerate_credential"]);
        assert_eq!(operations(&list("group=members").await), ["accept_invitation", "create_invitation"]);
        let bobs = bob.account_id().await;
        assert_eq!(operations(&list(&format!("actor={bobs}")).await), ["regenerate_credential", "accept_invitation"]);
        assert_eq!(operations(&list("actor=operator").await), ["decide_application"]);
        let of_project = list(&format!("project_id={project}")).await;
        assert_eq!(operations(&of_project), ["regenerate_credential", "create_app", "create_project"]);
        assert_eq!(operations(&list(&format!("app_id={other}")).await), ["create_app"]);
        assert_eq!(operations(&list(&format!("app_id={other}&group=credentials")).await), [""; 0]);
        for (query, field) in [("group=all", "group"), ("app_id=7", "app_id"), ("project_id=x", "project_id")] {
            let path = format!("{}?{query}", Route::ListDeveloperActivity.path(&[of]));
            let problem = alice.send(Method::Get, &path, &[], b"").await.refused(422, "invalid-fields");
            assert_eq!(problem["errors"][0]["field"], field);
        }
    });
}

#[test]
fn an_own_token_is_logged_once_it_is_there_as_what_it_was_and_by_whoever_generated_it() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let alice = stage.developer("alice").await;
        let developer = alice.own_developer_account().await;
        let (app, _) = alice.create_app("Weather").await;
        let params = [("app_id", app.as_str()), ("kind", "access-token")];
        for _ in 0..2 {
            alice.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        }
        let own = activity(&alice, Route::ListActivity, ("", ""), "group=credentials").await;
        assert_eq!(operations(&own), ["regenerate_credential", "generate_credential"]);
        let of = ("developer_account_id", developer.as_str());
        assert_eq!(operations(&activity(&alice, Route::ListDeveloperActivity, of, "group=credentials").await), [""; 0]);
    });
}

#[test]
fn failed_sign_ins_of_a_day_are_one_entry_of_the_person_and_push_nothing_out() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let alice = stage.unapproved("alice").await;
        let fail = async |login: &str| {
            let body = json!({ "login": login, "password": "not the password" });
            stage.client().post(Route::SignIn, &[], body).await.refused(401, "wrong-credentials");
        };
        fail("nobody").await;
        stage.isolate.settle().await;
        assert_eq!(operations(&activity(&alice, Route::ListActivity, ("", ""), "").await), ["create_account"]);
        for day in 0..3 {
            for _ in 0..5 {
                fail(if day == 1 { "alice@example.com" } else { "alice" }).await;
            }
            stage.isolate.settle().await;
            stage.world.advance_seconds(24 * 3600);
        }
        let body = json!({ "login": "alice", "password": PASSWORD });
        stage.client().post(Route::SignIn, &[], body).await.expect(200);
        alice.call(Route::SignOut, &[], None).await.expect(200);
        let alice = stage.client();
        alice.post(Route::SignIn, &[], json!({ "login": "alice", "password": PASSWORD })).await.expect(200);
        let entries = activity(&alice, Route::ListActivity, ("", ""), "group=sign-in").await;
        let failed: Vec<&Value> = entries.iter().filter(|entry| entry["operation"] == "fail_session").collect();
        assert_eq!(failed.iter().map(|entry| &entry["count"]).collect::<Vec<_>>(), [5, 5, 5]);
        assert!(operations(&entries).contains(&"create_account") && operations(&entries).contains(&"delete_session"));
    });
}
