//! Master keys that are not those that the storage was used with.

use crate::support::sign_in::{Asking, post_form, text};
use crate::support::{Client, ORIGIN, Reply, TestDeployment};
use futures::executor::block_on;
use gatehouse_domain::credential::retire;
use gatehouse_edge::http::Body;
use gatehouse_shared::api::Route;
use gatehouse_simulation::{Fault, Port};
use serde_json::{Value, json};

fn key(id: char, digits: &str) -> String {
    format!("{id}:{}", digits.repeat(32))
}

/// Another isolate over the same storage, started with these keys.
fn with_keys(stage: &TestDeployment, keys: &str) -> TestDeployment {
    TestDeployment {
        world: stage.world.clone(),
        isolate: TestDeployment::isolate(&stage.world, &[("MASTER_KEYS", keys)]),
    }
}

async fn health(stage: &TestDeployment) -> Reply {
    stage.client().raw("GET", "/healthz", &[], Body::Read(Vec::new())).await
}

fn events(stage: &TestDeployment, name: &str) -> Vec<String> {
    stage.world.log.borrow().iter().filter(|line| line.contains(name)).cloned().collect()
}

async fn bearer_token(client: &Client) -> String {
    let (_, created) = client.create_app("Weather").await;
    text(&created["credentials"]["bearer_token"]).to_owned()
}

#[test]
fn another_key_under_the_same_id_is_a_503_for_good_credentials_and_is_said_loudly() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let developer = stage.developer("alice").await;
        let token = bearer_token(&developer).await;
        let wrong = with_keys(&stage, &key('1', "b7"));
        assert_eq!(wrong.gate_status("/1.1/notes.json", &token).await, 503, "its owner must not throw it away");
        assert_eq!(wrong.gate_status("/2/notes/7", &token).await, 503);
        let ill = health(&wrong).await;
        assert_eq!((ill.status, ill.json["code"].as_str()), (500, Some("master-key-wrong")), "{}", ill.text);
        assert!(text(&ill.json["detail"]).contains("id 1"), "{}", ill.text);
        // Nothing is made that would rest on the wrong key.
        let client = Client { isolate: wrong.isolate.clone(), ..developer.clone() };
        let body = json!({ "name": "Second", "description": "An App for tests" });
        client.post(Route::CreateApp, &[], body).await.refused(503, "unavailable");
        let said = events(&stage, "master-key-wrong");
        assert_eq!(said.len(), 1, "{said:?}");
        let line: Value = serde_json::from_str(&said[0]).unwrap();
        assert!(text(&line["text"]).contains("put that one back"), "{line}");
        // With the right one all is as it was.
        let right = with_keys(&stage, &key('1', "5a"));
        assert_eq!(right.gate_status("/1.1/notes.json", &token).await, 200);
        assert_eq!(health(&right).await.status, 200);
    });
}

#[test]
fn wrong_keys_are_said_at_the_start_of_an_isolate_although_nobody_asks() {
    block_on(async {
        let stage = TestDeployment::new(2);
        bearer_token(&stage.developer("alice").await).await;
        let wrong = with_keys(&stage, &key('1', "b7"));
        assert!(wrong.isolate.has_work(stage.world.now()));
        wrong.isolate.settle().await;
        assert_eq!(events(&stage, "master-key-wrong").len(), 1);
        assert!(!wrong.isolate.has_work(stage.world.now()));
    });
}

#[test]
fn the_first_start_of_many_isolates_a_rotation_and_a_retired_key_are_all_right() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let (old, new) = (key('1', "5a"), key('2', "b7"));
        let isolates: Vec<TestDeployment> = (0..8).map(|_| with_keys(&stage, &old)).collect();
        futures::future::join_all(isolates.iter().map(|isolate| isolate.isolate.settle())).await;
        let token = bearer_token(&isolates[0].developer("alice").await).await;
        let retired = format!("{new},{}", retire(&old).unwrap());
        for keys in [&old, &format!("{new},{old}"), &retired] {
            assert_eq!(health(&with_keys(&stage, keys)).await.status, 200, "{keys}");
        }
        assert_eq!(with_keys(&stage, &format!("{new},{old}")).gate_status("/1.1/notes.json", &token).await, 200);
        // Both ids are known from now on, whichever comes first.
        for keys in [key('2', "c1"), format!("{},{old}", key('2', "c1")), format!("{new},{}", key('1', "c1"))] {
            assert_eq!(health(&with_keys(&stage, &keys)).await.status, 500, "{keys}");
        }
        // A start with the wrong key leaves nothing of its own behind.
        assert_eq!(health(&with_keys(&stage, &format!("{},{}", key('3', "c1"), key('1', "c1")))).await.status, 500);
        assert_eq!(health(&with_keys(&stage, &format!("{},{old}", key('3', "d2")))).await.status, 200);
    });
}

#[test]
fn a_made_up_credential_of_an_id_that_was_never_used_is_a_401_without_a_line_in_the_log() {
    block_on(async {
        let stage = TestDeployment::new(4);
        stage.developer("alice").await;
        let elsewhere = TestDeployment::with(5, &[("MASTER_KEYS", &key('2', "5a"))]);
        let foreign = bearer_token(&elsewhere.developer("mallory").await).await;
        stage.world.log.borrow_mut().clear();
        assert_eq!(stage.gate_status("/1.1/notes.json", &foreign).await, 401);
        assert_eq!(stage.world.log.borrow().len(), 0, "{:?}", stage.world.log.borrow());
    });
}

#[test]
fn an_object_that_does_not_answer_keeps_no_good_credential_from_passing() {
    block_on(async {
        let stage = TestDeployment::new(6);
        let developer = stage.developer("alice").await;
        let token = bearer_token(&developer).await;
        let forged = format!("{}{}", &token[..token.len() - 60], "A".repeat(60));
        let isolate = with_keys(&stage, &key('1', "5a"));
        // What can't be told from a forgery yet is no forgery.
        let elsewhere = TestDeployment::with(7, &[("MASTER_KEYS", &key('1', "b7"))]);
        let foreign = bearer_token(&elsewhere.developer("mallory").await).await;
        stage.world.inject(Fault::Hang { port: Port::Object, after_calls: 0 });
        assert_eq!(isolate.gate_status("/1.1/notes.json", &foreign).await, 503);
        let asked = stage.world.objects_asked.get();
        for _ in 0..20 {
            assert_eq!(isolate.gate_status("/1.1/notes.json", &foreign).await, 503);
        }
        assert_eq!(stage.world.objects_asked.get(), asked, "a flood of them asks nobody");
        assert_eq!(isolate.gate_status("/1.1/free.json", &token).await, 200);
        stage.world.advance_seconds(5);
        assert_eq!(isolate.gate_status("/1.1/notes.json", &foreign).await, 401);
        assert_eq!(isolate.gate_status("/1.1/notes.json", &forged).await, 401);
    });
}

#[test]
fn with_wrong_keys_each_endpoint_of_the_protocol_says_in_its_own_words_that_it_can_not_tell() {
    block_on(async {
        let stage = TestDeployment::new(8);
        let asking = Asking::new(&stage.developer("alice").await, "read").await;
        let wrong = with_keys(&stage, &key('1', "b7"));
        for method in ["GET", "POST"] {
            for path in ["/oauth/request_token", "/oauth/access_token"] {
                let signer = asking.signer.with_nonce(&format!("{method} {path}"));
                let url = format!("{ORIGIN}{path}?oauth_callback=oob");
                let header = signer.header_for(&stage, method, &url, ORIGIN, None);
                let path = format!("{path}?oauth_callback=oob");
                let headers = [("authorization", header.as_str())];
                let reply = wrong.client().raw(method, &path, &headers, Body::Read(Vec::new())).await;
                assert_eq!((reply.status, &reply.json["errors"][0]["code"]), (503, &json!(130)), "{method} {path}");
                assert!(reply.header("retry-after").is_some() && reply.header("x-gatehouse-request-id").is_some());
            }
        }
        let form = [("grant_type", "refresh_token"), ("refresh_token", "x"), ("token", "x")];
        for path in ["/2/oauth2/token", "/2/oauth2/revoke", "/2/oauth2/introspect"] {
            let reply = asking.post(&wrong, path, &form).await;
            assert_eq!((reply.status, &reply.json["error"]), (503, &json!("temporarily_unavailable")), "{path}");
            assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "a page can read it");
        }
        for path in ["/oauth2/token", "/oauth2/invalidate_token"] {
            let reply = post_form(&wrong, path, Some("Basic eDp5"), &[("grant_type", "client_credentials")]).await;
            assert_eq!((reply.status, &reply.json["errors"][0]["code"]), (503, &json!(130)), "{path}");
        }
    });
}
