//! Refusals that strangers cause are kept apart from those that an App causes itself.

use crate::support::{ORIGIN, Stage, signing::Signer};
use futures::executor::block_on;
use gatehouse_core::ports::ObjectName;
use gatehouse_shared::api::Route;
use serde_json::json;

#[test]
fn whoever_knows_an_api_key_cant_push_the_owners_refusals_out() {
    block_on(async {
        let stage = Stage::new(1);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let params = [("app_id", app.as_str()), ("kind", "access-token")];
        let made = client.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let token = created["credentials"]["bearer_token"].as_str().unwrap().to_owned();
        let app_gate = ObjectName::AppGate(app.parse().unwrap());
        let count = |what: &str| -> usize {
            let kept = stage.world.query(
                &app_gate,
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
            stage.deployment.settle().await;
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
                stage.deployment.settle().await;
            }
            if minute == 0 {
                // A minute later, the first report no longer counts.
                assert!((20..=23).contains(&count("= 'wrong-signature'")), "{}", count("= 'wrong-signature'"));
            }
        }
        assert_eq!(count("= 'wrong-signature'"), 100);
        assert_eq!(count("= 'not-enrolled'"), 100, "200 in all");
        // What the App causes afterwards is kept; it pushes out what is oldest, never below a hundred of its own.
        for _ in 0..10 {
            stage.gate("GET", "/2/notes/7", &token).await;
        }
        stage.world.advance_seconds(1);
        stage.deployment.settle().await;
        assert_eq!((count("= 'not-enrolled'"), count("IS NOT NULL")), (100, 200));
    });
}
