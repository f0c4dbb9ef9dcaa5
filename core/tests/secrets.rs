//! Storage holds nothing that signs or passes.

mod support;

use futures::executor::block_on;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};
use support::sign_in::{self, Asking, CALLBACK};
use support::signing::Signer;
use support::{OPERATOR_PASSWORD, PASSWORD, Stage};

#[test]
fn a_dump_of_kv_and_of_every_object_holds_no_secret() {
    block_on(async {
        let stage = Stage::new(1);
        let client = stage.developer("alice").await;
        let mut secrets = vec![PASSWORD.to_owned(), OPERATOR_PASSWORD.to_owned(), "5a".repeat(32)];
        let mut keep = |issued: &Value| {
            for field in [
                "api_key_secret",
                "access_token_secret",
                "bearer_token",
                "client_secret",
                "refresh_token",
                "oauth_token_secret",
            ] {
                if let Some(text) = issued[field].as_str() {
                    // Whole, and the derived part alone: without prefix and checksum.
                    let body = text.rsplit('_').next().unwrap();
                    secrets.extend([text.to_owned(), body[body.len() - 49..body.len() - 6].to_owned()]);
                }
            }
        };
        let (_, app, created) = client.create_project("Weather", "read-write").await;
        keep(&created["app"]["credentials"]);
        keep(&client.create_app("Alone").await.1["credentials"]);
        for kind in ["api-key", "access-token", "bearer-token"] {
            let params = [("app_id", app.as_str()), ("kind", kind)];
            keep(&client.post(Route::RegenerateCredential, &params, json!({})).await.expect(200));
        }
        // What a user lets the App do: with both protocols, on its way and granted.
        let user = stage.unapproved("bob").await;
        let client_id = sign_in::turn_on(&client, &app).await;
        let params = [("app_id", app.as_str()), ("kind", "client-secret")];
        let secret = client.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        keep(&secret);
        let pair = client.post(Route::RegenerateCredential, &[("app_id", &app), ("kind", "api-key")], json!({})).await;
        let pair = pair.expect(200);
        keep(&pair);
        let nobody = json!({ "access_token": "", "access_token_secret": "" });
        let client_secret = secret["client_secret"].as_str().unwrap().to_owned();
        let asking = Asking { app: app.clone(), client_id, client_secret, signer: Signer::new(&pair, &nobody) };
        let pending = asking.asked(&stage, "n1", CALLBACK).await;
        let asked = asking.asked(&stage, "n2", CALLBACK).await;
        let outcome = sign_in::decide_oauth1(&user, &asked.token, true).await;
        let verifier = sign_in::fields(outcome["content"].as_str().unwrap())["oauth_verifier"].clone();
        let granted = sign_in::fields(&asking.access_token(&stage, &asked, &verifier).await.text);
        let waiting = asking.code(&user, "notes.read").await;
        keep(&asking.tokens(&stage, &user, "notes.read offline.access").await);
        for text in [&pending.token_secret, &asked.token_secret, &granted["oauth_token_secret"], &waiting] {
            keep(&json!({ "client_secret": text }));
        }
        secrets.push(verifier);
        let cookie = client.cookie.borrow().clone().unwrap();
        secrets.push(cookie.split_once('.').unwrap().1.to_owned());
        secrets.push(cookie);
        assert_eq!(secrets.len(), 3 + 2 * (2 + 2 + 3 + 1 + 1 + 1 + 4) + 1 + 2);

        stage.world.settle().await;
        let dump = [stage.world.kv.dump(), stage.world.dump_databases()].concat();
        assert!(dump.iter().filter(|text| text.contains("\"seed\"")).count() > 4, "the dump is not one: {dump:?}");
        for secret in &secrets {
            assert!(!dump.iter().any(|text| text.contains(secret)), "storage holds {secret}");
        }
        // Nor do later answers.
        for reply in [
            client.get(Route::FindApp, &[("app_id", &app)]).await,
            client.get(Route::FindDashboard, &[]).await,
            client.get(Route::ListActivity, &[]).await,
            stage.operator().await.get(Route::FindAccount, &[("account_id", &client.account_id().await)]).await,
        ] {
            assert!(!secrets.iter().any(|secret| reply.text.contains(secret)), "{}", reply.text);
            assert!(!reply.text.contains("\"seed\""), "{}", reply.text);
        }
    });
}
