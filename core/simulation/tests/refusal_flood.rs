//! Refusals that strangers cause are kept apart from those that an App causes itself.

use crate::support::sign_in::{Asking, CALLBACK, VERIFIER, post_form};
use crate::support::signing::Signer;
use crate::support::{ORIGIN, TestDeployment};
use base64ct::{Base64, Encoding};
use futures::executor::block_on;
use gatehouse_domain::ports::ObjectName;
use gatehouse_edge::http::Body;
use gatehouse_shared::api::Route;
use serde_json::json;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[test]
fn whoever_knows_an_api_key_cant_push_the_owners_refusals_out() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let params = [("app_id", app.as_str()), ("kind", "access-token")];
        let made = client.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let token = created["credentials"]["bearer_token"].as_str().unwrap().to_owned();
        let app_traffic = ObjectName::AppTraffic(app.parse().unwrap());
        let count = |what: &str| -> usize {
            let kept = stage.world.query(
                &app_traffic,
                &format!("SELECT count(*) || '' FROM refusal WHERE json_extract(doc, '$.reason') {what}"),
            );
            kept[0].parse().unwrap()
        };
        // The App itself is refused, with its own token.
        for _ in 0..12 {
            for _ in 0..10 {
                stage.gate("GET", "/2/notes/7", &token).await;
            }
            stage.world.advance_seconds(1);
            stage.isolate.settle().await;
        }
        assert_eq!(count("= 'not-enrolled'"), 120);
        // Then a stranger, who knows names and no secret.
        let signer = Signer { key_secret: "guessed".into(), ..Signer::new(&created["credentials"], &made) };
        for minute in 0..12 {
            for second in 0..30 {
                for nonce in 0..5 {
                    let signer = signer.with_nonce(&format!("{minute}-{second}-{nonce}"));
                    let url = format!("{ORIGIN}/1.1/notes.json");
                    let header = signer.header_for(&stage, "GET", &url, ORIGIN, None);
                    stage.gate_with("GET", "/1.1/notes.json", Some(&header)).await;
                }
                stage.world.advance_seconds(2);
                stage.isolate.settle().await;
            }
            if minute == 0 {
                // A minute later, the first report no longer counts.
                assert!((20..=23).contains(&count("= 'wrong-signature'")), "{}", count("= 'wrong-signature'"));
            }
        }
        assert_eq!((count("= 'wrong-signature'"), count("= 'not-enrolled'")), (100, 120));
        // The owner sees the newest of both.
        let list = client.get(Route::ListRefusals, &[("app_id", &app)]).await.expect(200);
        let listed = |reason: &str| {
            list["refusals"].as_array().unwrap().iter().filter(|refusal| refusal["reason"] == reason).count()
        };
        assert_eq!((listed("wrong-signature"), listed("not-enrolled")), (50, 50));
        // What the App causes afterwards pushes out what is oldest of its own.
        for _ in 0..9 {
            for _ in 0..10 {
                stage.gate("GET", "/2/notes/7", &token).await;
            }
            stage.world.advance_seconds(1);
            stage.isolate.settle().await;
        }
        assert_eq!((count("= 'wrong-signature'"), count("= 'not-enrolled'")), (100, 200));
    });
}

#[test]
fn whoever_knows_a_client_id_cant_push_the_owners_refusals_out() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let developer = stage.developer("alice").await;
        let asking = Asking::new(&developer, "read").await;
        let list = async || {
            stage.world.advance_seconds(2);
            stage.isolate.settle().await;
            let list = developer.get(Route::ListRefusals, &[("app_id", &asking.app)]).await.expect(200);
            list["refusals"].as_array().unwrap().clone()
        };
        // The App itself asks for a token with a code that is none.
        let code = [("grant_type", "authorization_code"), ("code", "gh_code_1"), ("redirect_uri", CALLBACK)];
        let wrong = [&code[..], &[("code_verifier", VERIFIER)]].concat();
        assert_eq!(asking.post(&stage, "/2/oauth2/token", &wrong).await.json["error"], "invalid_grant");
        let own = list().await;
        assert_eq!((own.len(), &own[0]["reason"], &own[0]["proven"]), (1, &json!("invalid-grant"), &json!(true)));
        // A stranger, who reads its client ID off an authorize page, guesses its secret.
        let guess = format!("Basic {}", Base64::encode_string(format!("{}:guess", asking.client_id).as_bytes()));
        for _ in 0..60 {
            for _ in 0..20 {
                let reply = post_form(&stage, "/2/oauth2/token", Some(&guess), &wrong).await;
                assert_eq!((reply.status, &reply.json["error"]), (401, &json!("invalid_client")));
            }
            stage.world.advance_seconds(5);
            stage.isolate.settle().await;
        }
        let all = list().await;
        let (proven, others): (Vec<_>, Vec<_>) = all.iter().partition(|refusal| refusal["proven"] == true);
        assert_eq!(proven, [&own[0]]);
        assert!((40..=50).contains(&others.len()), "{}", others.len());
        let object = ObjectName::AppTraffic(asking.app.parse().unwrap());
        assert!(stage.world.query(&object, "SELECT 'one' FROM refusal WHERE proven = 0").len() <= 100);
        // Who is told to wait leaves nothing.
        stage.world.live_through(1).await;
        stage.world.admitted.set(0);
        let before = stage.world.query(&object, "SELECT request_id FROM refusal");
        for _ in 0..20 {
            let headers = [("authorization", guess.as_str()), ("cf-connecting-ip", "203.0.113.9"), FORM];
            let client = stage.client();
            let body = Body::Read(b"grant_type=refresh_token".to_vec());
            let reply = client.raw("POST", "/2/oauth2/token", &headers, body).await;
            assert_eq!(reply.status, 429);
        }
        list().await;
        assert_eq!(stage.world.query(&object, "SELECT request_id FROM refusal"), before);
    });
}
