//! What a change costs KV, and what becomes of it where KV or an object does
//! not answer.

use crate::support::sign_in::{Asking, text};
use crate::support::{Client, TestDeployment};
use futures::executor::block_on;
use futures::future::join;
use gatehouse_domain::app::AppRecord;
use gatehouse_domain::ports::{KV_READ_MILLIS, KV_WRITE_MILLIS};
use gatehouse_shared::api::Route;
use gatehouse_simulation::{Fault, Port, World};
use serde_json::{Value, json};

/// The versions that KV was given of a key, in the order in which they took effect.
fn versions(world: &World, key: &str) -> Vec<u64> {
    let read = |record: &String| serde_json::from_str::<Value>(record).unwrap()["version"].as_u64().unwrap();
    world.kv.written(key).iter().map(read).collect()
}

fn newest(world: &World, app: &str) -> AppRecord {
    serde_json::from_str(&world.kv.written(&format!("app/{app}")).pop().unwrap()).unwrap()
}

async fn describe(client: &Client, app: &str, description: &str) -> u16 {
    let body = json!({ "description": description, "permission": "read-write" });
    client.post(Route::UpdateApp, &[("app_id", app)], body).await.status
}

#[test]
fn a_sign_in_with_oauth2_writes_its_grant_to_kv_once() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let asking = Asking::new(&stage.developer("alice").await, "read").await;
        let user = stage.unapproved("bob").await;
        stage.world.advance_seconds(10);
        stage.world.log.borrow_mut().clear();
        let tokens = asking.tokens(&stage, &user, "notes.read").await;
        let key = format!("grant/{}/{}", asking.app, user.account_id().await);
        assert_eq!(stage.world.kv.written(&key).len(), 1);
        assert_eq!(stage.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 200);
        stage.world.settle().await;
        assert_eq!(stage.world.kv.written(&key).len(), 1);
        assert_eq!((stage.world.kv.refused(), stage.world.log.borrow().len()), (0, 0));
    });
}

#[test]
fn quick_changes_of_one_app_write_its_key_a_second_apart_and_the_newest_wins_without_a_word() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let developer = stage.developer("alice").await;
        let (app, created) = developer.create_app("Weather").await;
        let key = format!("app/{app}");
        let token = text(&created["credentials"]["bearer_token"]).to_owned();
        for change in ["First change", "Second change", "Third change"] {
            assert_eq!(describe(&developer, &app, change).await, 200);
        }
        let params = [("app_id", app.as_str()), ("kind", "bearer-token")];
        developer.call(Route::RevokeCredential, &params, None).await.expect(200);
        assert_eq!(stage.world.kv.written(&key).len(), 1, "all of it was within a second");
        // Whoever made the change sees it at once, wherever their next request rests on this isolate's memory.
        assert_eq!(stage.gate_status("/1.1/free.json", &token).await, 401);
        stage.world.advance_millis(1_099);
        stage.world.run_alarms().await;
        assert_eq!(stage.world.kv.written(&key).len(), 1);
        stage.world.advance_millis(1);
        stage.world.run_alarms().await;
        assert_eq!(stage.world.kv.written(&key).len(), 2, "what lies between was never written");
        assert!(newest(&stage.world, &app).app.unwrap().credentials.iter().all(|c| c.kind.as_str() != "bearer-token"));
        let elsewhere =
            TestDeployment { world: stage.world.clone(), isolate: TestDeployment::isolate(&stage.world, &[]) };
        assert_eq!(elsewhere.gate_status("/1.1/free.json", &token).await, 401);
        stage.world.settle().await;
        assert_eq!((stage.world.kv.refused(), stage.world.log.borrow().len()), (0, 0));
    });
}

#[test]
fn a_write_of_kv_that_hangs_holds_up_no_later_change_of_the_account() {
    for seed in 0..50 {
        block_on(async {
            let stage = TestDeployment::new(seed);
            let developer = stage.developer("alice").await;
            let (first, _) = developer.create_app("First").await;
            let (second, _) = developer.create_app("Second").await;
            stage.world.advance_seconds(10);
            let (world, started) = (&stage.world, stage.world.now());
            world.inject(Fault::Hang { port: Port::KvWrite, after_calls: 0 });
            let hung = describe(&developer, &first, "Its publication hangs");
            let later = async {
                while world.has_fault() {
                    world.pause().await;
                }
                assert_eq!(describe(&developer, &second, "Another App, meanwhile").await, 200);
                assert_eq!(describe(&developer, &first, "The same App, meanwhile").await, 200);
                let body = json!({ "name": "Renamed" });
                developer.post(Route::UpdateApp, &[("app_id", &second)], body).await.expect(200);
                world.now()
            };
            let (hung, finished) = join(hung, later).await;
            assert_eq!((hung, finished), (200, started), "seed {seed}");
            assert_eq!(
                world.now().0,
                started.0 + KV_WRITE_MILLIS,
                "seed {seed}: the change that hung waited no longer"
            );
            assert_eq!(newest(world, &second).version, *versions(world, &format!("app/{second}")).last().unwrap());
            let log = world.log.borrow().join("\n");
            assert!(log.contains("publication-failed") && log.contains("no answer within 5000 ms"), "{log}");
            world.settle().await;
            for app in [&first, &second] {
                let all = versions(world, &format!("app/{app}"));
                assert_eq!(all.last(), all.iter().max(), "seed {seed}: {all:?}");
            }
        });
    }
}

#[test]
fn a_write_of_kv_that_takes_effect_late_undoes_no_revocation() {
    let mut came_late = 0;
    for seed in 0..100 {
        block_on(async {
            let stage = TestDeployment::new(seed);
            let developer = stage.developer("alice").await;
            let (app, created) = developer.create_app("Weather").await;
            let token = text(&created["credentials"]["bearer_token"]).to_owned();
            stage.world.advance_seconds(10);
            stage.world.inject(Fault::Hang { port: Port::KvWrite, after_calls: 0 });
            assert_eq!(describe(&developer, &app, "Its publication hangs").await, 200);
            stage.world.advance_seconds(2);
            let params = [("app_id", app.as_str()), ("kind", "bearer-token")];
            developer.call(Route::RevokeCredential, &params, None).await.expect(200);
            stage.world.settle().await;
            let all = versions(&stage.world, &format!("app/{app}"));
            came_late += u32::from(!all.is_sorted());
            assert_eq!(all.last(), all.iter().max(), "seed {seed}: {all:?}");
            let elsewhere =
                TestDeployment { world: stage.world.clone(), isolate: TestDeployment::isolate(&stage.world, &[]) };
            assert_eq!(elsewhere.gate_status("/1.1/free.json", &token).await, 401, "seed {seed}");
        });
    }
    assert!(came_late > 10, "{came_late} writes came late only: the test proves little");
}

#[test]
fn a_read_of_kv_that_hangs_is_a_503_within_seconds() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let developer = stage.developer("alice").await;
        let (_, created) = developer.create_app("Weather").await;
        let token = text(&created["credentials"]["bearer_token"]).to_owned();
        let elsewhere =
            TestDeployment { world: stage.world.clone(), isolate: TestDeployment::isolate(&stage.world, &[]) };
        let started = stage.world.now();
        stage.world.inject(Fault::Hang { port: Port::KvRead, after_calls: 0 });
        assert_eq!(elsewhere.gate_status("/1.1/free.json", &token).await, 503);
        assert_eq!(stage.world.now().0, started.0 + KV_READ_MILLIS);
        assert_eq!(elsewhere.gate_status("/1.1/free.json", &token).await, 200);
    });
}

#[test]
fn an_object_that_hangs_is_a_503_and_the_next_call_is_answered() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let developer = stage.developer("alice").await;
        let own = developer.own_developer_account().await;
        let of_own = [("developer_account_id", own.as_str())];
        for after_calls in [0, 1] {
            stage.world.inject(Fault::Hang { port: Port::Object, after_calls });
            developer.get(Route::FindDashboard, &of_own).await.refused(503, "unavailable");
            developer.get(Route::FindDashboard, &of_own).await.expect(200);
        }
        // A name whose registry does not answer: the change is refused, and the name is free for the next one.
        stage.world.inject(Fault::Hang { port: Port::Object, after_calls: 2 });
        let body = json!({ "name": "Weather", "description": "An App for tests" });
        let status = developer.post(Route::CreateApp, &of_own, body.clone()).await.status;
        assert!(!stage.world.clear_fault());
        if status != 200 {
            developer.post(Route::CreateApp, &[], body).await.expect(200);
        }
    });
}
