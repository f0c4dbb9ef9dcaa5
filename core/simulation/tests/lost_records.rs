//! Credentials that KV does not know: asked about where they are written, once.

use crate::support::sign_in::{Asking, text};
use crate::support::signing::Signer;
use crate::support::{Client, TestDeployment};
use futures::executor::block_on;
use gatehouse_domain::gate::{Reason, Unproven, Unusable, Verdict};
use gatehouse_objects::TOMBSTONE_SECONDS;
use gatehouse_shared::api::Route;
use gatehouse_simulation::{Fault, Port};
use serde_json::{Value, json};

fn elsewhere(stage: &TestDeployment, variables: &[(&str, &str)]) -> TestDeployment {
    TestDeployment { world: stage.world.clone(), isolate: TestDeployment::isolate(&stage.world, variables) }
}

/// An App of a developer, long enough ago that KV shows it everywhere.
async fn app(stage: &TestDeployment) -> (Client, String, Value) {
    let developer = stage.developer("alice").await;
    let (app, created) = developer.create_app("Weather").await;
    stage.world.advance_seconds(200);
    (developer, app, created["credentials"].clone())
}

#[test]
fn a_revoked_token_that_is_tried_again_and_again_costs_one_object_call_per_isolate() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let (developer, app, pair) = app(&stage).await;
        let token = text(&pair["bearer_token"]);
        let params = [("app_id", app.as_str()), ("kind", "bearer-token")];
        developer.call(Route::RevokeCredential, &params, None).await.expect(200);
        stage.world.settle().await;
        let isolate = elsewhere(&stage, &[]);
        let before = stage.world.objects_asked.get();
        for _ in 0..200 {
            assert_eq!(isolate.gate_status("/1.1/free.json", token).await, 401);
            stage.world.advance_seconds(1);
        }
        assert_eq!(stage.world.objects_asked.get() - before, 1);
        // The token that took its place, and the next one, are no older for that.
        let made = developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        assert_eq!(isolate.gate_status("/1.1/free.json", text(&made["bearer_token"])).await, 200);
    });
}

#[test]
fn a_token_of_a_grant_that_was_revoked_costs_one_object_call_per_isolate() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let asking = Asking::new(&stage.developer("alice").await, "read").await;
        let user = stage.unapproved("bob").await;
        let tokens = asking.tokens(&stage, &user, "notes.read").await;
        user.call(Route::RevokeConnectedApp, &[("app_id", &asking.app)], None).await.expect(200);
        stage.world.settle().await;
        let isolate = elsewhere(&stage, &[]);
        let before = stage.world.objects_asked.get();
        for _ in 0..100 {
            assert_eq!(isolate.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 401);
            stage.world.advance_seconds(1);
        }
        assert_eq!(stage.world.objects_asked.get() - before, 1);
    });
}

#[test]
fn an_app_that_kv_lost_is_decided_on_the_record_of_its_developer_account_which_is_published_again() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let (developer, app, pair) = app(&stage).await;
        let params = [("app_id", app.as_str()), ("kind", "access-token")];
        let own = developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let signer = Signer::new(&pair, &own);
        stage.world.settle().await;
        let (key, token) = (format!("app/{app}"), text(&pair["bearer_token"]));
        for variables in [&[][..], &[("FRESHNESS", "strict")]] {
            stage.world.advance_seconds(200);
            stage.world.kv.lose(&key);
            let isolate = elsewhere(&stage, variables);
            assert_eq!(isolate.gate_status("/1.1/free.json", token).await, 200, "{variables:?}");
            assert_eq!(stage.world.kv.written(&key).len(), 1, "{variables:?}: published again");
            // Others find it in KV, and its owner may sign as before.
            stage.world.kv.lose(&key);
            let signed = signer.with_nonce(&format!("{variables:?}"));
            let isolate = elsewhere(&stage, variables);
            let verdict = signed.send(&isolate, "GET", "/1.1/free.json", None).await;
            assert!(matches!(verdict, gatehouse_domain::gate::Verdict::Forward(_)), "{verdict:?}");
            assert_eq!(stage.world.kv.written(&key).len(), 0, "it was written a moment ago, and may only not show yet");
        }
    });
}

#[test]
fn a_grant_that_kv_lost_is_published_again_too() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let asking = Asking::new(&stage.developer("alice").await, "read").await;
        let user = stage.unapproved("bob").await;
        let tokens = asking.tokens(&stage, &user, "notes.read").await;
        stage.world.advance_seconds(200);
        let keys = [format!("app/{}", asking.app), format!("grant/{}/{}", asking.app, user.account_id().await)];
        for key in &keys {
            stage.world.kv.lose(key);
        }
        let isolate = elsewhere(&stage, &[]);
        assert_eq!(isolate.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 200);
        for key in &keys {
            assert_eq!(stage.world.kv.written(key).len(), 1, "{key}");
        }
    });
}

#[test]
fn a_deleted_app_is_asked_about_once_per_isolate_also_after_its_tombstone() {
    block_on(async {
        let stage = TestDeployment::new(5);
        let (developer, app, pair) = app(&stage).await;
        let body = json!({ "confirm_name": "Weather" });
        developer.post(Route::DeleteApp, &[("app_id", &app)], body).await.expect(200);
        for days in [0, 3] {
            stage.world.live_through(days).await;
            assert!(days == 0 || days * 86_400 > TOMBSTONE_SECONDS);
            let isolate = elsewhere(&stage, &[]);
            let before = stage.world.objects_asked.get();
            for _ in 0..100 {
                assert_eq!(isolate.gate_status("/1.1/free.json", text(&pair["bearer_token"])).await, 401);
                stage.world.advance_seconds(1);
            }
            assert!(stage.world.objects_asked.get() - before <= 1, "{days} days later");
        }
    });
}

#[test]
fn an_isolate_that_hears_of_a_deletion_from_the_apps_object_refuses_as_for_any_deleted_app() {
    block_on(async {
        let stage = TestDeployment::new(7);
        let (developer, app, pair) = app(&stage).await;
        let params = [("app_id", app.as_str()), ("kind", "access-token")];
        let token = developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let signer = Signer::new(&pair, &token);
        // What leases an admission hears of it, and what records a nonce.
        let [leases, records] = [(); 2].map(|()| elsewhere(&stage, &[]));
        assert_eq!(leases.gate_status("/1.1/free.json", text(&pair["bearer_token"])).await, 200);
        for nonce in 0..2 {
            let signed = signer.with_nonce(&nonce.to_string()).send(&records, "GET", "/1.1/free.json", None).await;
            assert!(matches!(signed, Verdict::Forward(_)), "{signed:?}");
        }
        developer.post(Route::DeleteApp, &[("app_id", &app)], json!({ "confirm_name": "Weather" })).await.expect(200);
        let unknown = json!({ "errors": [{ "code": 89, "message": "Invalid or expired token." }] });
        let before = stage.world.objects_asked.get();
        for _ in 0..3 {
            let Verdict::Refuse(refused) = leases.gate("GET", "/1.1/free.json", text(&pair["bearer_token"])).await
            else {
                panic!("a deleted App's call passed")
            };
            assert_eq!(
                (refused.answer.status, serde_json::from_str(&refused.answer.body).unwrap()),
                (401, unknown.clone())
            );
            assert_eq!(refused.reason, Reason::Unproven(Unproven::Token(Unusable::UnknownApp)));
        }
        for nonce in 2..5 {
            let signed = signer.with_nonce(&nonce.to_string()).send(&records, "GET", "/1.1/free.json", None).await;
            let Verdict::Refuse(refused) = signed else { panic!("a deleted App's call passed") };
            assert_eq!(refused.answer.status, 401);
            assert_eq!(refused.reason, Reason::Unproven(Unproven::Key(Unusable::UnknownApp)));
        }
        assert_eq!(stage.world.objects_asked.get() - before, 2, "each isolate asked once");
    });
}

#[test]
fn of_many_calls_at_once_with_what_kv_does_not_show_yet_none_is_a_401() {
    block_on(async {
        let stage = TestDeployment::new(8);
        let (developer, app, pair) = app(&stage).await;
        let old = text(&pair["bearer_token"]).to_owned();
        for (what, token) in [("a new App", None), ("a new token", Some(&old))] {
            let isolate = elsewhere(&stage, &[]);
            let token = match token {
                // The App's record is not in KV.
                None => {
                    stage.world.kv.lose(&format!("app/{app}"));
                    old.clone()
                }
                // KV shows the record from before the token was made.
                Some(old) => {
                    assert_eq!(isolate.gate_status("/1.1/free.json", old).await, 200);
                    let params = [("app_id", app.as_str()), ("kind", "bearer-token")];
                    let made = developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
                    text(&made["bearer_token"]).to_owned()
                }
            };
            let calls = (0..100).map(|_| isolate.gate_status("/1.1/free.json", &token));
            let answers = futures::future::join_all(calls).await;
            let count = |status: u16| answers.iter().filter(|answer| **answer == status).count();
            assert_eq!(count(200) + count(503), 100, "{what}: {answers:?}");
            assert!(count(200) >= 20, "{what}: {answers:?}");
            stage.world.advance_seconds(2);
            assert_eq!(isolate.gate_status("/1.1/free.json", &token).await, 200, "{what}");
        }
    });
}

#[test]
fn an_object_that_does_not_answer_about_an_app_that_kv_lost_is_a_503() {
    block_on(async {
        let stage = TestDeployment::new(6);
        let (_, app, pair) = app(&stage).await;
        stage.world.kv.lose(&format!("app/{app}"));
        let isolate = elsewhere(&stage, &[]);
        stage.world.inject(Fault::Hang { port: Port::Object, after_calls: 0 });
        assert_eq!(isolate.gate_status("/1.1/free.json", text(&pair["bearer_token"])).await, 503);
        stage.world.advance_seconds(5);
        assert_eq!(isolate.gate_status("/1.1/free.json", text(&pair["bearer_token"])).await, 200);
    });
}
