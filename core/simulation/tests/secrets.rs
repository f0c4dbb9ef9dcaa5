//! Storage holds nothing that signs or passes, and neither does the log.

use crate::support::sign_in::{Asking, CALLBACK};
use crate::support::signing::Signer;
use crate::support::{OPERATOR_PASSWORD, PASSWORD, TestDeployment, sign_in};
use futures::executor::block_on;
use gatehouse_shared::api::Route;
use gatehouse_simulation::Fault;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn a_dump_of_kv_and_of_every_object_holds_no_secret() {
    block_on(async {
        let stage = TestDeployment::new(1);
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
            client.get(Route::ListDeveloperActivity, &[]).await,
            stage
                .operator()
                .await
                .get(Route::FindDeveloperAccount, &[("developer_account_id", &client.own_developer_account().await)])
                .await,
        ] {
            assert!(!secrets.iter().any(|secret| reply.text.contains(secret)), "{}", reply.text);
            assert!(!reply.text.contains("\"seed\""), "{}", reply.text);
        }
    });
}

/// What went wrong is logged, whatever it was, and none of what was in hand.
#[test]
fn no_log_line_holds_a_secret_whatever_fails() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let developer = stage.developer("alice").await;
        let asking = Asking::new(&developer, "read-write").await;
        let user = stage.unapproved("bob").await;
        let tokens = asking.tokens(&stage, &user, "notes.read offline.access").await;
        let (bearer, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
        let app = [("app_id", asking.app.as_str()), ("kind", "bearer-token")];
        let mut secrets = vec![PASSWORD.to_owned(), OPERATOR_PASSWORD.to_owned(), "5a".repeat(32)];
        secrets.extend([asking.client_secret.clone(), asking.signer.key_secret.clone(), bearer.to_owned()]);
        secrets.extend([refresh.to_owned(), asking.basic().split_off(6), developer.cookie.borrow().clone().unwrap()]);
        for after_steps in 0..6 {
            for call in 0..8 {
                // Nothing is known from before.
                stage.world.advance_seconds(60);
                stage.world.inject(Fault::Fail { after_steps });
                match call {
                    0 => drop(stage.gate("GET", "/2/notes/7", bearer).await),
                    1 => drop(asking.refresh(&stage, refresh).await),
                    2 => drop(
                        asking.request_token(&stage, &format!("n{after_steps}"), &[("oauth_callback", "oob")]).await,
                    ),
                    3 => drop(asking.post(&stage, "/2/oauth2/revoke", &[("token", "none")]).await),
                    4 => drop(stage.client().post(Route::SignIn, &[], login("alice", PASSWORD)).await),
                    5 => drop(stage.client().post(Route::SignIn, &[], login("operator", OPERATOR_PASSWORD)).await),
                    6 => drop(developer.post(Route::RegenerateCredential, &app, json!({})).await),
                    _ => drop(developer.get(Route::FindDashboard, &[]).await),
                }
                stage.world.clear_fault();
                stage.isolate.settle().await;
            }
        }
        // Records that can't be read.
        for (key, broken) in
            [("app", "{\"format\":1,\"version\":\"0f0f0f\"}"), ("app", "0f0f0f"), ("app", "{\"format\":2}")]
        {
            stage.world.advance_seconds(60);
            stage.world.kv.put(&format!("{key}/{}", asking.app), broken, stage.world.now(), None);
            stage.gate("GET", "/2/notes/7", bearer).await;
        }
        let log = stage.world.log.borrow();
        let mut events = BTreeSet::new();
        for line in log.iter() {
            let fields: BTreeMap<String, String> = serde_json::from_str(line).unwrap();
            assert_eq!(fields.keys().collect::<Vec<_>>(), ["event", "level", "request_id", "text"], "{line}");
            assert!(!secrets.iter().any(|secret| line.contains(secret)) && !line.contains("0f0f0f"), "{line}");
            assert!(!line.contains('\n'), "{line}");
            events.insert(fields["event"].clone());
        }
        println!("{} lines: {events:?}", log.len());
        assert!(events.contains("request-failed") && events.contains("publication-failed"), "{events:?}");
    });
}

fn login(name: &str, password: &str) -> Value {
    json!({ "login": name, "password": password })
}
