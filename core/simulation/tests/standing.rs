//! For how long a connection that was let pass may stay open.

use crate::support::sign_in::{Asking, text};
use crate::support::signing::Signer;
use crate::support::{Deployed, ORIGIN, TestDeployment};
use futures::executor::block_on;
use gatehouse_domain::ports::Clock;
use gatehouse_domain::request::RequestHead;
use gatehouse_edge::check::Standing;
use gatehouse_shared::api::Route;
use gatehouse_shared::model::UnixSeconds;
use gatehouse_simulation::Fault;
use serde_json::json;

const PATH: &str = "/1.1/free.json";

async fn standing(isolate: &Deployed, authorization: &str, opened_at: UnixSeconds) -> Standing {
    let url = format!("{ORIGIN}{PATH}");
    isolate.still_stands(&RequestHead { method: "GET", url: &url, authorization: Some(authorization) }, opened_at).await
}

/// Past what an isolate remembers, KV may keep, and a change takes to show.
const F: u64 = 100;

/// Lets a change be published, which may wait for an earlier one of the same record, and F go by.
async fn known_everywhere(stage: &TestDeployment) {
    stage.world.advance_seconds(2);
    stage.world.settle().await;
    stage.world.advance_seconds(F);
}

#[test]
fn a_connection_stands_for_as_long_as_its_bearer_token_does() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let developer = stage.developer("alice").await;
        let (app, created) = developer.create_app("Weather").await;
        let bearer = format!("Bearer {}", created["credentials"]["bearer_token"].as_str().unwrap());
        let (isolate, opened) = (TestDeployment::isolate(&stage.world, &[]), stage.world.now().seconds());
        for _ in 0..30 {
            assert_eq!(standing(&isolate, &bearer, opened).await, Standing::Stands);
            stage.world.advance_seconds(60);
        }
        let params = [("app_id", app.as_str()), ("kind", "bearer-token")];
        developer.call(Route::RevokeCredential, &params, None).await.expect(200);
        known_everywhere(&stage).await;
        assert_eq!(standing(&isolate, &bearer, opened).await, Standing::Ended);
    });
}

#[test]
fn a_connection_ends_when_its_app_is_suspended() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let developer = stage.developer("alice").await;
        let (app, created) = developer.create_app("Weather").await;
        let bearer = format!("Bearer {}", created["credentials"]["bearer_token"].as_str().unwrap());
        let (isolate, opened) = (TestDeployment::isolate(&stage.world, &[]), stage.world.now().seconds());
        assert_eq!(standing(&isolate, &bearer, opened).await, Standing::Stands);
        let account = developer.own_developer_account().await;
        let params = [("developer_account_id", account.as_str()), ("app_id", app.as_str())];
        let body = json!({ "status": "suspended", "reason": "It sends too much." });
        stage.operator().await.call(Route::SetAppStatus, &params, Some(body)).await.expect(200);
        known_everywhere(&stage).await;
        assert_eq!(standing(&isolate, &bearer, opened).await, Standing::Ended);
    });
}

#[test]
fn a_signed_connection_outlives_its_timestamp_and_nonce_but_not_its_token() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let developer = stage.developer("alice").await;
        let (app, created) = developer.create_app("Weather").await;
        let params = [("app_id", app.as_str()), ("kind", "access-token")];
        let token = developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let signer = Signer::new(&created["credentials"], &token);
        let header = signer.header_for(&stage, "GET", &format!("{ORIGIN}{PATH}"), ORIGIN, None);
        let (isolate, opened) = (TestDeployment::isolate(&stage.world, &[]), stage.world.now().seconds());
        for _ in 0..3 {
            assert_eq!(standing(&isolate, &header, opened).await, Standing::Stands);
            stage.world.advance_seconds(3_600);
        }
        developer.call(Route::RevokeCredential, &params, None).await.expect(200);
        known_everywhere(&stage).await;
        assert_eq!(standing(&isolate, &header, opened).await, Standing::Ended);
    });
}

#[test]
fn a_users_connection_ends_with_the_access_token_and_with_what_the_user_takes_back() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let asking = Asking::new(&stage.developer("alice").await, "read").await;
        let user = stage.unapproved("bob").await;
        let access = async || {
            let tokens = asking.tokens(&stage, &user, "notes.read").await;
            format!("Bearer {}", text(&tokens["access_token"]))
        };
        let (bearer, isolate) = (access().await, TestDeployment::isolate(&stage.world, &[]));
        let opened = isolate.runtime.now().seconds();
        assert_eq!(standing(&isolate, &bearer, opened).await, Standing::Stands);
        stage.world.advance_seconds(7_200);
        assert_eq!(standing(&isolate, &bearer, opened).await, Standing::Ended, "two hours are over");

        let bearer = access().await;
        assert_eq!(standing(&isolate, &bearer, isolate.runtime.now().seconds()).await, Standing::Stands);
        user.call(Route::RevokeConnectedApp, &[("app_id", &asking.app)], None).await.expect(200);
        known_everywhere(&stage).await;
        assert_eq!(standing(&isolate, &bearer, opened).await, Standing::Ended);
    });
}

#[test]
fn storage_that_does_not_answer_leaves_it_open_whether_a_connection_stands() {
    block_on(async {
        let stage = TestDeployment::new(5);
        let (_, created) = stage.developer("alice").await.create_app("Weather").await;
        let bearer = format!("Bearer {}", created["credentials"]["bearer_token"].as_str().unwrap());
        let isolate = TestDeployment::isolate(&stage.world, &[("FRESHNESS", "strict")]);
        let opened = stage.world.now().seconds();
        assert_eq!(standing(&isolate, &bearer, opened).await, Standing::Stands);
        stage.world.advance_seconds(F);
        stage.world.inject(Fault::Fail { after_steps: 0 });
        assert_eq!(standing(&isolate, &bearer, opened).await, Standing::Unknown);
        stage.world.clear_fault();
        assert_eq!(standing(&isolate, &bearer, opened).await, Standing::Stands);
    });
}
