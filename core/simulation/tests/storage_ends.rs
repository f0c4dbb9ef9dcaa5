//! What is stored ends with its time, whether or not anybody comes by, and an
//! object without rows takes no room.

use crate::support;
use crate::support::sign_in::{Asking, CALLBACK, decide_oauth1, text};
use crate::support::{PASSWORD, TestDeployment};
use futures::executor::block_on;
use futures::future::join;
use gatehouse_domain::ports::ObjectName;
use gatehouse_shared::api::Route;
use gatehouse_simulation::{Fault, World};
use serde_json::json;
use std::collections::BTreeSet;

/// The objects that have tables.
fn stored(world: &World) -> BTreeSet<ObjectName> {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> '_alarm'";
    world.objects().into_iter().filter(|object| !world.query(object, tables).is_empty()).collect()
}

#[test]
fn an_app_that_is_made_and_deleted_leaves_no_object_with_tables() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let developer = stage.developer("alice").await;
        stage.world.settle().await;
        let before = stored(&stage.world);
        for round in 0..3 {
            let (app, created) = developer.create_app("Weather").await;
            let token = text(&created["credentials"]["bearer_token"]).to_owned();
            // A window is counted, and a request refused.
            assert_eq!(stage.gate_status("/1.1/limited.json", &token).await, 200);
            assert_eq!(stage.gate_status("/2/notes/7", &token).await, 403);
            stage.isolate.settle().await;
            let body = json!({ "confirm_name": "Weather" });
            developer.post(Route::DeleteApp, &[("app_id", &app)], body).await.expect(200);
            // What an isolate tells late is nobody's any more.
            stage.world.advance_seconds(30);
            stage.isolate.settle().await;
            stage.world.live_through(2).await;
            assert_eq!(stored(&stage.world), before, "round {round}");
        }
    });
}

#[test]
fn a_rename_leaves_nothing_of_the_old_name() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let developer = stage.developer("alice").await;
        let (app, _) = developer.create_app("First").await;
        let count = stored(&stage.world).len();
        for name in ["Second", "Third", "First", "Fourth"] {
            developer.post(Route::UpdateApp, &[("app_id", &app)], json!({ "name": name })).await.expect(200);
            assert_eq!(stored(&stage.world).len(), count, "{name}");
        }
        assert!(stored(&stage.world).contains(&ObjectName::NameRegistry("app:fourth".into())));
    });
}

#[test]
fn a_refused_sign_up_leaves_nothing() {
    block_on(async {
        let stage = TestDeployment::new(3);
        stage.unapproved("alice").await;
        let before = stored(&stage.world);
        for n in 0..5 {
            let body = json!({ "username": format!("fresh_{n}"), "email": "alice@example.com", "password": PASSWORD });
            stage.client().post(Route::SignUp, &[], body).await.refused(409, "name-taken");
        }
        assert_eq!(stored(&stage.world), before);
    });
}

#[test]
fn a_claim_that_nobody_used_ends_by_itself() {
    let (mut steps, mut reserved) = (0, 0);
    loop {
        let reached = block_on(async {
            let stage = TestDeployment::new(steps.into());
            stage.world.inject(Fault::Crash { after_steps: steps });
            let body = json!({ "username": "alice", "email": "alice@example.com", "password": PASSWORD });
            stage.client().post(Route::SignUp, &[], body).await;
            let struck = !stage.world.clear_fault();
            let names =
                |world: &World| stored(world).iter().filter(|o| matches!(o, ObjectName::NameRegistry(_))).count();
            let is_there = stored(&stage.world).iter().any(|object| matches!(object, ObjectName::Account(_)));
            reserved += u32::from(!is_there && names(&stage.world) > 0);
            stage.world.live_through(1).await;
            let is_there = stored(&stage.world).iter().any(|object| {
                matches!(object, ObjectName::Account(_))
                    && !stage.world.query(object, "SELECT doc FROM account").is_empty()
            });
            assert_eq!(names(&stage.world), if is_there { 2 } else { 0 }, "step {steps}");
            struck
        });
        if !reached {
            break;
        }
        steps += 1;
    }
    assert!(reserved > 0, "no crash left a claim behind: the test proves nothing");
}

#[test]
fn names_are_given_back_where_the_account_could_not_be_written() {
    let mut refused = 0;
    for after_steps in 0..30 {
        block_on(async {
            let stage = TestDeployment::new(4);
            stage.isolate.settle().await;
            stage.world.inject(Fault::Fail { after_steps });
            let body = |email: &str| json!({ "username": "alice", "email": email, "password": PASSWORD });
            let first = stage.client().post(Route::SignUp, &[], body("first@example.com")).await.status;
            stage.world.clear_fault();
            let is_there = stored(&stage.world).iter().any(|object| {
                matches!(object, ObjectName::Account(_))
                    && !stage.world.query(object, "SELECT doc FROM account").is_empty()
            });
            if first != 200 && !is_there {
                refused += 1;
                let second = stage.client().post(Route::SignUp, &[], body("second@example.com")).await;
                assert_eq!(second.status, 200, "after {after_steps} steps: {}", second.text);
            }
        });
    }
    assert!(refused > 2, "{refused} failed only");
}

#[test]
fn a_name_that_was_taken_and_given_up_at_once_is_free_at_once() {
    for seed in 0..150 {
        block_on(async {
            let stage = TestDeployment::with(seed, &[("APPROVAL", "auto")]);
            let mut people = Vec::new();
            for name in ["alice", "bob"] {
                let client = stage.unapproved(name).await;
                client.post(Route::SubmitApplication, &[], support::application()).await.expect(200);
                people.push(client);
            }
            let (app, _) = people[0].create_app("Home").await;
            let params = [("app_id", app.as_str())];
            let rename = |name: &str| people[0].post(Route::UpdateApp, &params, json!({ "name": name }));
            let both = join(rename("There"), rename("Away")).await;
            assert_eq!((both.0.status, both.1.status), (200, 200), "seed {seed}");
            let view = people[0].get(Route::FindApp, &params).await.expect(200);
            let kept = text(&view["settings"]["name"]).to_owned();
            for name in ["Home", "There", "Away"].into_iter().filter(|name| *name != kept) {
                let body = json!({ "name": name, "description": "An App for tests" });
                let taken = people[1].post(Route::CreateApp, &[], body).await;
                assert_eq!(taken.status, 200, "seed {seed}: {name} belongs to nobody: {}", taken.text);
            }
            let body = json!({ "name": kept, "description": "An App for tests" });
            people[1].post(Route::CreateApp, &[], body).await.refused(409, "name-taken");
        });
    }
}

#[test]
fn a_refusal_is_neither_shown_nor_kept_after_30_days() {
    block_on(async {
        let stage = TestDeployment::new(5);
        let developer = stage.developer("alice").await;
        let (app, created) = developer.create_app("Weather").await;
        let token = text(&created["credentials"]["bearer_token"]).to_owned();
        assert_eq!(stage.gate_status("/2/notes/7", &token).await, 403);
        stage.isolate.settle().await;
        let params = [("app_id", app.as_str())];
        let shown = async || {
            let client = stage.client();
            let body = json!({ "login": "alice", "password": PASSWORD });
            client.post(Route::SignIn, &[], body).await.expect(200);
            let list = client.get(Route::ListRefusals, &params).await.expect(200);
            list["refusals"].as_array().unwrap().len()
        };
        // Without its alarm, which may be late.
        stage.world.advance_seconds(30 * 86_400 - 60);
        assert_eq!(shown().await, 1);
        stage.world.advance_seconds(120);
        assert_eq!(shown().await, 0);
        stage.world.live_through(2).await;
        let gate = ObjectName::AppTraffic(app.parse().unwrap());
        assert!(stage.world.query(&gate, "SELECT doc FROM refusal").is_empty());
    });
}

#[test]
fn what_an_app_used_of_a_project_outlives_it_for_400_days_and_no_longer() {
    block_on(async {
        let stage = TestDeployment::new(6);
        let developer = stage.developer("alice").await;
        let own = developer.own_developer_account().await.parse().unwrap();
        stage.world.settle().await;
        let before = stored(&stage.world);
        let (project, app, created) = developer.create_project("Weather", "read").await;
        let token = text(&created["app"]["credentials"]["bearer_token"]).to_owned();
        assert_eq!(stage.gate_status("/2/limited", &token).await, 200);
        stage.world.advance_seconds(30);
        stage.isolate.settle().await;
        let used = async || {
            let usage = developer.get(Route::FindProjectUsage, &[("project_id", &project)]).await.expect(200);
            usage["month"]["used"].as_u64().unwrap()
        };
        let counted = used().await;
        assert!(counted > 0);
        let body = json!({ "confirm_name": "Weather" });
        developer.post(Route::DeleteApp, &[("app_id", &app)], body).await.expect(200);
        stage.world.settle().await;
        assert_eq!(used().await, counted, "deleting the App gives nothing of the month back");
        let body = json!({ "confirm_name": "Project" });
        developer.post(Route::DeleteProject, &[("project_id", &project)], body).await.expect(200);
        stage.world.live_through(40).await;
        let left: BTreeSet<_> = stored(&stage.world).difference(&before).cloned().collect();
        // What the developer account used of its own cap outlives its Projects, for 13 months.
        let kept = BTreeSet::from([ObjectName::AppTraffic(app.parse().unwrap()), ObjectName::DeveloperQuota(own)]);
        assert_eq!(left, kept, "the Project's went with its month");
        stage.world.live_through(430).await;
        let mut left = before;
        left.retain(|object| !matches!(object, ObjectName::AuditMonth(_)));
        assert_eq!(stored(&stage.world), left, "the audit log's month went after a year");
    });
}

#[test]
fn what_users_granted_to_an_app_goes_with_it() {
    block_on(async {
        let stage = TestDeployment::new(7);
        let developer = stage.developer("alice").await;
        let asking = Asking::new(&developer, "read").await;
        let user = stage.unapproved("bob").await;
        let tokens = asking.tokens(&stage, &user, "notes.read offline.access").await;
        assert_eq!(stage.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 200);
        stage.isolate.settle().await;
        let object = ObjectName::Account(user.account_id().await.parse().unwrap());
        let rows = |table: &str| stage.world.query(&object, &format!("SELECT app_id FROM {table}")).len();
        assert_eq!((rows("grant_given"), rows("credential_use")), (1, 1));
        let view = developer.get(Route::FindApp, &[("app_id", &asking.app)]).await.expect(200);
        let body = json!({ "confirm_name": view["settings"]["name"] });
        developer.post(Route::DeleteApp, &[("app_id", &asking.app)], body).await.expect(200);
        stage.world.settle().await;
        assert_eq!((rows("grant_given"), rows("credential_use")), (0, 0));
        let key = format!("grant/{}/{}", asking.app, user.account_id().await);
        let newest: serde_json::Value = serde_json::from_str(&stage.world.kv.written(&key).pop().unwrap()).unwrap();
        assert_eq!(newest["grant"], serde_json::Value::Null);
        assert_eq!(user.get(Route::ListConnectedApps, &[]).await.expect(200)["apps"], json!([]));
        stage.world.live_through(2).await;
        assert_eq!(stage.world.kv.as_of(&key, stage.world.now()), None);
    });
}

#[test]
fn an_authorization_that_is_over_goes_with_its_uses_and_so_do_the_sessions() {
    block_on(async {
        let stage = TestDeployment::new(8);
        let asking = Asking::new(&stage.developer("alice").await, "read").await;
        let user = stage.unapproved("bob").await;
        let object = ObjectName::Account(user.account_id().await.parse().unwrap());
        // Each sign-in is an authorization of its own, which works for two hours.
        for _ in 0..3 {
            let tokens = asking.tokens(&stage, &user, "notes.read").await;
            assert_eq!(stage.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 200);
            stage.isolate.settle().await;
            stage.world.advance_seconds(3 * 3600);
        }
        let rows = |table: &str| stage.world.query(&object, &format!("SELECT 'row' FROM {table}")).len();
        assert_eq!(rows("credential_use"), 1, "each goes when the next one begins");
        stage.world.live_through(2).await;
        assert_eq!((rows("grant_given"), rows("credential_use"), rows("session")), (0, 0, 1));
        stage.world.live_through(32).await;
        assert_eq!(rows("session"), 0);
    });
}

#[test]
fn a_consent_that_no_app_redeems_goes_within_two_days_although_nobody_comes_by() {
    block_on(async {
        let stage = TestDeployment::new(12);
        let asking = Asking::new(&stage.developer("alice").await, "read").await;
        let user = stage.unapproved("bob").await;
        // The session's end has an alarm already, in 30 days.
        stage.world.settle().await;
        let object = ObjectName::Account(user.account_id().await.parse().unwrap());
        let asked = asking.asked(&stage, "n", CALLBACK).await;
        decide_oauth1(&user, &asked.token, true).await;
        let rows = || stage.world.query(&object, "SELECT 'row' FROM grant_given").len();
        assert_eq!(rows(), 1);
        stage.world.live_through(2).await;
        assert_eq!(rows(), 0);
    });
}
