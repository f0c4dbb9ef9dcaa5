//! The members of an App's developer account, and operators, read why a request was refused; nobody else does.

use crate::support::signing::Signer;
use crate::support::{Client, ORIGIN, TestDeployment};
use futures::executor::block_on;
use gatehouse_domain::gate::Verdict;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};

fn request_id(verdict: Verdict) -> String {
    let Verdict::Refuse(refused) = verdict else { panic!("{verdict:?}") };
    let found = refused.answer.headers.iter().find(|(name, _)| name == "x-gatehouse-request-id");
    found.unwrap().1.clone()
}

async fn list(client: &Client, app: &str) -> Vec<Value> {
    let list = client.get(Route::ListRefusals, &[("app_id", app)]).await.expect(200);
    list["refusals"].as_array().unwrap().clone()
}

#[test]
fn a_refusal_is_found_by_its_request_id_with_what_to_do() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let token = created["credentials"]["bearer_token"].as_str().unwrap().to_owned();
        let first = request_id(stage.gate("GET", "/2/notes/7?secret=1", &token).await);
        let second = request_id(stage.gate("POST", "/1.1/notes.json", &token).await);
        // Passes, and a forgery, are nobody's refusals.
        stage.gate("GET", "/1.1/notes.json", &token).await;
        stage.gate("GET", "/1.1/notes.json", "gh_bearer_made-up").await;
        stage.isolate.settle().await;
        let found = list(&client, &app).await;
        let of =
            |refusal: &Value| (refusal["request_id"].clone(), refusal["reason"].clone(), refusal["status"].clone());
        assert_eq!(
            found.iter().map(of).collect::<Vec<_>>(),
            [
                (json!(second), json!("permission-too-low"), json!(403)),
                (json!(first), json!("not-enrolled"), json!(403)),
            ]
        );
        assert_eq!(found[1]["path"], "/2/notes/7", "no query is kept");
        assert!(found.iter().all(|refusal| !refusal["help"].as_str().unwrap().is_empty()));
        let path = format!("{}?request_id={first}", Route::ListRefusals.path(&[("app_id", &app)]));
        let one = client.send(gatehouse_shared::api::Method::Get, &path, &[], b"").await.expect(200);
        assert_eq!(one["refusals"].as_array().unwrap().len(), 1);
        let path = format!("{}?request_id=unknown", Route::ListRefusals.path(&[("app_id", &app)]));
        let none = client.send(gatehouse_shared::api::Method::Get, &path, &[], b"").await.expect(200);
        assert_eq!(none["refusals"], json!([]));
    });
}

#[test]
fn a_wrong_signature_is_explained_by_both_base_strings_and_bears_no_secret() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let params = [("app_id", app.as_str()), ("kind", "access-token")];
        let made = client.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let signer = Signer::new(&created["credentials"], &made);
        let sign =
            |signer: &Signer, path: &str| signer.header_for(&stage, "GET", &format!("{ORIGIN}{path}"), ORIGIN, None);
        // Signed for another path's slash: a fault that the explanation knows.
        let signed = sign(&signer.with_nonce("n1"), "/1.1/notes.json/");
        let id = request_id(stage.gate_with("GET", "/1.1/notes.json", Some(&signed)).await);
        let late = sign(&Signer { skew_seconds: -1_000, ..signer.with_nonce("n2") }, "/1.1/notes.json");
        request_id(stage.gate_with("GET", "/1.1/notes.json", Some(&late)).await);
        // A mistyped token beside a good key is its App's as well.
        let mistyped =
            sign(&signer.with_nonce("n3"), "/1.1/notes.json").replacen("oauth_token=\"", "oauth_token=\"1", 1);
        request_id(stage.gate_with("GET", "/1.1/notes.json", Some(&mistyped)).await);
        stage.isolate.settle().await;
        let found = list(&client, &app).await;
        let reasons: Vec<&str> = found.iter().map(|refusal| refusal["reason"].as_str().unwrap()).collect();
        assert_eq!(reasons, ["malformed-credential", "timestamp", "wrong-signature"]);
        let wrong = &found[2];
        assert_eq!(wrong["request_id"], json!(id));
        let evidence = wrong["evidence"].as_array().unwrap();
        assert_eq!(evidence.len(), 3, "{wrong}");
        assert!(
            evidence[0]["value"].as_str().unwrap().starts_with("GET&https%3A%2F%2Fportal.example%2F1.1%2Fnotes.json&")
        );
        assert!(evidence[1]["value"].as_str().unwrap().contains("notes.json%2F&"));
        let kept = stage.world.dump_databases().join("\n");
        for secret in [&created["credentials"]["api_key_secret"], &made["access_token_secret"]] {
            assert!(!kept.contains(secret.as_str().unwrap()));
        }
    });
}

#[test]
fn a_flood_of_refusals_keeps_a_few_and_the_newest() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let token = created["credentials"]["bearer_token"].as_str().unwrap().to_owned();
        for _ in 0..30 {
            for _ in 0..100 {
                stage.gate("GET", "/2/notes/7", &token).await;
            }
            stage.world.advance_seconds(1);
            stage.isolate.settle().await;
        }
        let app_traffic = gatehouse_domain::ports::ObjectName::AppTraffic(app.parse().unwrap());
        let kept = stage.world.query(&app_traffic, "SELECT count(*) || '' FROM refusal");
        assert_eq!(kept, ["200"]);
        assert_eq!(list(&client, &app).await.len(), 50);
    });
}
