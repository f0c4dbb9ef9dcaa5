//! The life of each kind of credential: overlap, expiry, revocation, last use.

use crate::support;
use crate::support::signing::Signer;
use crate::support::{Client, TestDeployment};
use base64ct::{Base64, Encoding};
use futures::executor::block_on;
use gatehouse_domain::gate::Verdict;
use gatehouse_domain::ports::Clock;
use gatehouse_edge::http::Body;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

async fn regenerate(client: &Client, app: &str, kind: &str, body: Value) -> Value {
    client.post(Route::RegenerateCredential, &[("app_id", app), ("kind", kind)], body).await.expect(200)
}

/// What the portal shows of a kind: the current one first.
async fn shown(client: &Client, app: &str, kind: &str) -> Vec<Value> {
    let view = client.get(Route::FindApp, &[("app_id", app)]).await.expect(200);
    view["credentials"].as_array().unwrap().iter().filter(|c| c["kind"] == kind).cloned().collect()
}

async fn passes(stage: &TestDeployment, signer: &Signer, nonce: &str) -> bool {
    matches!(signer.with_nonce(nonce).send(stage, "GET", "/1.1/notes.json", None).await, Verdict::Forward(_))
}

fn with_pair(signer: &Signer, pair: &Value) -> Signer {
    Signer { key: text(&pair["api_key"]).into(), key_secret: text(&pair["api_key_secret"]).into(), ..signer.clone() }
}

#[test]
fn an_overlap_lets_old_and_new_pass_until_it_ends() {
    block_on(async {
        let stage = TestDeployment::with(1, &[("MEMORY_SECONDS", "0")]);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let old = text(&created["credentials"]["bearer_token"]).to_owned();
        let started = stage.world.now().seconds().0;
        let new = regenerate(&client, &app, "bearer-token", json!({ "overlap_hours": 24 })).await;
        let new = text(&new["bearer_token"]).to_owned();
        let status = async |token: &str| stage.gate_status("/1.1/notes.json", token).await;
        assert_eq!((status(&old).await, status(&new).await), (200, 200));
        let [current, previous] = &shown(&client, &app, "bearer-token").await[..] else { panic!() };
        assert_eq!(
            (current["works_until"].clone(), previous["works_until"].clone()),
            (Value::Null, json!(started + DAY))
        );
        assert!(new.ends_with(text(&current["hint"])) && old.ends_with(text(&previous["hint"])));
        // A second overlap would leave three: it is refused, and nothing changes.
        let params = [("app_id", app.as_str()), ("kind", "bearer-token")];
        client.post(Route::RegenerateCredential, &params, json!({ "overlap_hours": 1 })).await.refused(409, "conflict");
        stage.world.advance_seconds(DAY - 1);
        assert_eq!((status(&old).await, status(&new).await), (200, 200));
        stage.world.advance_seconds(1);
        assert_eq!((status(&old).await, status(&new).await), (401, 200));
        assert_eq!(shown(&client, &app, "bearer-token").await.len(), 1);
        // Once it is over there is room for another one.
        let newer = regenerate(&client, &app, "bearer-token", json!({ "overlap_hours": 720 })).await;
        assert_eq!((status(&new).await, status(text(&newer["bearer_token"])).await), (200, 200));
        // And replacing at once ends all that were.
        let newest = regenerate(&client, &app, "bearer-token", json!({})).await;
        for gone in [&old, &new, text(&newer["bearer_token"])] {
            assert_eq!(status(gone).await, 401);
        }
        assert_eq!(status(text(&newest["bearer_token"])).await, 200);
    });
}

#[test]
fn a_new_key_pair_leaves_user_tokens_valid_and_the_old_pair_signs_until_its_overlap_ends() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let token = regenerate(&client, &app, "access-token", json!({})).await;
        let first = Signer::new(&created["credentials"], &token);
        assert!(passes(&stage, &first, "1").await);
        let second = with_pair(&first, &regenerate(&client, &app, "api-key", json!({})).await);
        assert!(!passes(&stage, &first, "2").await, "the old pair fails at once");
        assert!(passes(&stage, &second, "3").await, "the token is valid with the new pair");
        let third = with_pair(&second, &regenerate(&client, &app, "api-key", json!({ "overlap_hours": 1 })).await);
        assert!(passes(&stage, &second, "4").await && passes(&stage, &third, "5").await);
        // Secrets do not go with another generation's key.
        let mixed = Signer { key_secret: second.key_secret.clone(), ..third.clone() };
        assert!(!passes(&stage, &mixed, "6").await);
        let params = [("app_id", app.as_str()), ("kind", "api-key")];
        client.call(Route::RevokePreviousCredential, &params, None).await.expect(200);
        assert!(!passes(&stage, &second, "7").await && passes(&stage, &third, "8").await);
        client.call(Route::RevokePreviousCredential, &params, None).await.refused(404, "not-found");
    });
}

#[test]
fn what_is_revoked_stops_at_once_and_can_be_made_again() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let token = regenerate(&client, &app, "access-token", json!({})).await;
        let signer = Signer::new(&created["credentials"], &token);
        let bearer = text(&created["credentials"]["bearer_token"]);
        assert!(passes(&stage, &signer, "1").await);
        let params = |kind| [("app_id", app.as_str()), ("kind", kind)];
        for kind in ["access-token", "bearer-token", "api-key"] {
            client.call(Route::RevokeCredential, &params(kind), None).await.expect(200);
            client.call(Route::RevokeCredential, &params(kind), None).await.refused(404, "not-found");
            assert!(shown(&client, &app, kind).await.is_empty());
        }
        assert!(!passes(&stage, &signer, "2").await);
        assert_eq!(stage.gate_status("/1.1/notes.json", bearer).await, 401);
        client.call(Route::RevokeCredential, &params("password"), None).await.refused(404, "not-found");
        let pair = regenerate(&client, &app, "api-key", json!({})).await;
        let token = regenerate(&client, &app, "access-token", json!({})).await;
        assert!(passes(&stage, &Signer::new(&pair, &token), "3").await);
    });
}

#[test]
fn an_expiry_date_ends_a_credential_and_is_told_before() {
    block_on(async {
        let stage = TestDeployment::with(4, &[("MEMORY_SECONDS", "0")]);
        let client = stage.developer("alice").await;
        let (app, _) = client.create_app("Weather").await;
        let now = stage.world.now().seconds().0;
        let issued = regenerate(&client, &app, "bearer-token", json!({ "expires_at": now + 10 * DAY })).await;
        let bearer = text(&issued["bearer_token"]);
        let dashboard = client.get(Route::FindDashboard, &[]).await.expect(200);
        let next = json!({ "kind": "bearer-token", "at": now + 10 * DAY });
        assert_eq!(dashboard["standalone_apps"][0]["next_expiry"], next);
        // So is that of the member's own Access Token, where it comes first.
        regenerate(&client, &app, "access-token", json!({ "expires_at": now + 5 * DAY })).await;
        let dashboard = client.get(Route::FindDashboard, &[]).await.expect(200);
        let next = json!({ "kind": "access-token", "at": now + 5 * DAY });
        assert_eq!(dashboard["standalone_apps"][0]["next_expiry"], next);
        let own = [("app_id", app.as_str()), ("kind", "access-token")];
        client.call(Route::RevokeCredential, &own, None).await.expect(200);
        let params = [("app_id", app.as_str()), ("kind", "bearer-token")];
        client.post(Route::UpdateCredential, &params, json!({ "expires_at": now + 2 * DAY })).await.expect(200);
        assert_eq!(stage.gate_status("/1.1/notes.json", bearer).await, 200);
        stage.world.advance_seconds(2 * DAY - 1);
        assert_eq!(stage.gate_status("/1.1/notes.json", bearer).await, 200);
        stage.world.advance_seconds(1);
        assert_eq!(stage.gate_status("/1.1/notes.json", bearer).await, 401);
        // It can be given more time, or all of it.
        client.post(Route::UpdateCredential, &params, json!({ "expires_at": null })).await.expect(200);
        assert_eq!(stage.gate_status("/1.1/notes.json", bearer).await, 200);
        let now = stage.world.now().seconds().0;
        for wrong in [json!(now), json!(now + HOUR - 1), json!(now + 6 * 366 * DAY), json!(0)] {
            let problem = client.post(Route::UpdateCredential, &params, json!({ "expires_at": wrong })).await;
            assert_eq!(problem.refused(422, "invalid-fields")["errors"][0]["field"], "expires_at");
        }
        for (body, field) in [
            (json!({ "overlap_hours": 0 }), "overlap_hours"),
            (json!({ "overlap_hours": 721 }), "overlap_hours"),
            (json!({ "expires_at": 1 }), "expires_at"),
        ] {
            let problem = client.post(Route::RegenerateCredential, &params, body).await.refused(422, "invalid-fields");
            assert_eq!(problem["errors"][0]["field"], field);
        }
        assert_eq!(stage.gate_status("/1.1/notes.json", bearer).await, 200, "a refused change changes nothing");
        client
            .post(Route::UpdateCredential, &[params[0], ("kind", "access-token")], json!({ "expires_at": null }))
            .await
            .refused(404, "not-found");
    });
}

#[test]
fn the_day_of_last_use_is_told_of_old_and_new_without_a_write_on_the_way() {
    block_on(async {
        let stage = TestDeployment::new(5);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let old = text(&created["credentials"]["bearer_token"]).to_owned();
        let today = stage.world.now().seconds().0 / DAY * DAY;
        let last_uses = async || {
            let shown = shown(&client, &app, "bearer-token").await;
            shown.iter().map(|c| c["last_used_on"].as_u64()).collect::<Vec<_>>()
        };
        assert_eq!(last_uses().await, [None]);
        let new = regenerate(&client, &app, "bearer-token", json!({ "overlap_hours": 72 })).await;
        let new = text(&new["bearer_token"]).to_owned();
        assert_eq!(stage.gate_status("/1.1/notes.json", &old).await, 200);
        assert_eq!(last_uses().await, [None, None], "nothing is written while a request is checked");
        assert!(stage.isolate.has_work(stage.isolate.runtime.now()));
        stage.isolate.settle().await;
        assert_eq!(last_uses().await, [None, Some(today)]);
        // The same again on that day has nothing to tell: only what is leased comes back.
        assert_eq!(stage.gate_status("/1.1/notes.json", &old).await, 200);
        let asked = stage.world.objects_asked.get();
        stage.isolate.settle().await;
        assert_eq!(stage.world.objects_asked.get(), asked + 1);
        stage.world.advance_seconds(DAY);
        assert_eq!(stage.gate_status("/1.1/notes.json", &new).await, 200);
        stage.isolate.settle().await;
        assert_eq!(last_uses().await, [Some(today + DAY), Some(today)]);
        // A refused request is no use, and an isolate with an older day takes nothing back.
        assert_eq!(stage.gate_status("/2/notes/7", &old).await, 403);
        stage.isolate.settle().await;
        assert_eq!(last_uses().await, [Some(today + DAY), Some(today)]);
    });
}

async fn post_form(client: &Client, path: &str, authorization: Option<&str>, body: &str) -> (u16, Value) {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    headers.extend(authorization.map(|value| ("authorization", value)));
    let reply = client.raw("POST", path, &headers, Body::Read(body.as_bytes().to_vec())).await;
    (reply.status, reply.json)
}

#[test]
fn a_bearer_token_is_invalidated_by_its_app_or_its_owner_and_the_next_one_is_new() {
    block_on(async {
        let stage = TestDeployment::new(6);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let shown = &created["credentials"];
        let basic = format!(
            "Basic {}",
            Base64::encode_string(format!("{}:{}", text(&shown["api_key"]), text(&shown["api_key_secret"])).as_bytes())
        );
        let anybody = stage.client();
        let grant = async || {
            let (status, body) =
                post_form(&anybody, "/oauth2/token", Some(&basic), "grant_type=client_credentials").await;
            assert_eq!(status, 200, "{body}");
            text(&body["access_token"]).to_owned()
        };
        let path = "/oauth2/invalidate_token";
        let first = grant().await;
        assert_eq!(first, text(&shown["bearer_token"]));
        let (status, body) = post_form(&anybody, path, Some(&basic), &format!("access_token={first}")).await;
        assert_eq!((status, body), (200, json!({ "access_token": first })));
        assert_eq!(stage.gate_status("/1.1/notes.json", &first).await, 401);
        let (status, body) = post_form(&anybody, path, Some(&basic), &format!("access_token={first}")).await;
        assert_eq!((status, &body["errors"][0]["code"]), (401, &json!(89)));

        let second = grant().await;
        assert_ne!(first, second);
        assert_eq!(second, grant().await, "the same one until it is invalidated");
        assert_eq!(stage.gate_status("/1.1/notes.json", &second).await, 200);
        // Signed by its owner, the token in the query.
        let token = regenerate(&client, &app, "access-token", json!({})).await;
        let signer = Signer::new(shown, &token);
        let in_query = format!("{path}?access_token={second}");
        let url = format!("{}{in_query}", support::ORIGIN);
        let header = signer.header_for(&stage, "POST", &url, support::ORIGIN, Some(b""));
        let (status, body) = post_form(&anybody, &in_query, Some(&header), "").await;
        assert_eq!((status, body), (200, json!({ "access_token": second })));
        let (status, body) = post_form(&anybody, &in_query, Some(&header), "").await;
        assert_eq!((status, &body["errors"][0]["code"]), (401, &json!(32)), "a replay");
        assert_eq!(stage.gate_status("/1.1/notes.json", &second).await, 401);

        // Not another App's, not with nothing.
        let (_, other) = client.create_app("Other").await;
        let theirs = text(&other["credentials"]["bearer_token"]);
        let (status, body) = post_form(&anybody, path, Some(&basic), &format!("access_token={theirs}")).await;
        assert_eq!((status, &body["errors"][0]["code"]), (401, &json!(89)));
        assert_eq!(stage.gate_status("/1.1/notes.json", theirs).await, 200);
        let (status, body) = post_form(&anybody, path, Some(&basic), "").await;
        assert_eq!((status, &body["errors"][0]["code"]), (403, &json!(170)));
        let (status, body) = post_form(&anybody, path, None, &format!("access_token={theirs}")).await;
        assert_eq!((status, &body["errors"][0]["code"]), (400, &json!(215)));
        let (status, body) = post_form(&anybody, path, Some("Basic eDp5"), &format!("access_token={theirs}")).await;
        assert_eq!((status, &body["errors"][0]["code"]), (403, &json!(99)));
    });
}

#[test]
fn of_64_first_grants_at_once_all_give_one_token() {
    block_on(async {
        let stage = TestDeployment::new(7);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let shown = &created["credentials"];
        let basic = format!(
            "Basic {}",
            Base64::encode_string(format!("{}:{}", text(&shown["api_key"]), text(&shown["api_key_secret"])).as_bytes())
        );
        let params = [("app_id", app.as_str()), ("kind", "bearer-token")];
        client.call(Route::RevokeCredential, &params, None).await.expect(200);
        let anybody = stage.client();
        let grants =
            (0..64).map(|_| post_form(&anybody, "/oauth2/token", Some(&basic), "grant_type=client_credentials"));
        let given = futures::future::join_all(grants).await;
        let tokens: std::collections::BTreeSet<&str> =
            given.iter().map(|(_, body)| text(&body["access_token"])).collect();
        assert_eq!(tokens.len(), 1);
        for token in tokens {
            assert_eq!(stage.gate_status("/1.1/notes.json", token).await, 200);
        }
    });
}
