//! Changing the master key without breaking anybody's credentials.

use crate::support;
use crate::support::sign_in::{Asking, CALLBACK};
use crate::support::signing::Signer;
use crate::support::{TestDeployment, sign_in};
use base64ct::{Base64, Encoding};
use futures::executor::block_on;
use gatehouse_domain::credential::retire;
use gatehouse_domain::gate::Verdict;
use gatehouse_edge::http::Body;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn move_to(stage: &mut TestDeployment, keys: &str) {
    stage.isolate = TestDeployment::isolate(&stage.world, &[("MASTER_KEYS", keys)]);
}

async fn passes(stage: &TestDeployment, signer: &Signer, nonce: &str) -> bool {
    matches!(signer.with_nonce(nonce).send(stage, "GET", "/1.1/notes.json", None).await, Verdict::Forward(_))
}

/// Derives anew what an account granted, and the credentials of a developer
/// account. Gives of each how many moved, were there already, and are lost.
async fn rederive(operator: &support::Client, account: &str, developer: &str) -> [[u64; 3]; 2] {
    let counts = async |route: Route, params: [(&str, &str); 1]| {
        let count = operator.call(route, &params, None).await.expect(200);
        ["moved", "unchanged", "lost"].map(|name| count[name].as_u64().unwrap())
    };
    [
        counts(Route::RederiveCredentials, [("account_id", account)]).await,
        counts(Route::RederiveDeveloperCredentials, [("developer_account_id", developer)]).await,
    ]
}

#[test]
fn the_old_master_key_can_be_retired_with_nothing_broken_that_was_derived_anew() {
    block_on(async {
        let old = format!("1:{}", "5a".repeat(32));
        let new = format!("2:{}", "b7".repeat(32));
        let mut stage = TestDeployment::with(1, &[("MASTER_KEYS", &old)]);
        // Alice's account is moved; Bob's is forgotten.
        let mut people = Vec::new();
        for name in ["alice", "bob"] {
            let client = stage.developer(name).await;
            let (app, created) = client.create_app(&format!("{name} App")).await;
            let params = [("app_id", app.as_str()), ("kind", "access-token")];
            let token = client.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
            let shown = created["credentials"].clone();
            let ids = (client.account_id().await, client.own_developer_account().await);
            people.push((client, app.clone(), ids, Signer::new(&shown, &token), shown));
        }
        let bearer = |person: usize| text(&people[person].4["bearer_token"]);

        // Both keys: everything works on, and what is new rests on the new key.
        move_to(&mut stage, &format!("{new},{old}"));
        for (index, (_, _, _, signer, _)) in people.iter().enumerate() {
            assert!(passes(&stage, signer, "both").await);
            assert_eq!(stage.gate_status("/1.1/notes.json", bearer(index)).await, 200);
        }
        let operator = stage.operator().await;
        let (account, developer) = &people[0].2;
        assert_eq!(rederive(&operator, account, developer).await, [[1, 0, 0], [2, 0, 0]]);
        assert_eq!(rederive(&operator, account, developer).await, [[0, 1, 0], [0, 2, 0]]);
        assert!(passes(&stage, &people[0].3, "moved").await);
        stage.world.settle().await;

        // The old key is retired: its tags stay, its secrets are gone.
        move_to(&mut stage, &format!("{new},{}", retire(&old).unwrap()));
        assert!(passes(&stage, &people[0].3, "retired").await);
        assert_eq!(stage.gate_status("/1.1/notes.json", bearer(0)).await, 200);
        assert!(stage.world.log.borrow().is_empty());
        assert!(!passes(&stage, &people[1].3, "retired").await);
        assert_eq!(stage.gate_status("/1.1/notes.json", bearer(1)).await, 401);
        // The operator reads why, once.
        assert_eq!(stage.gate_status("/1.1/notes.json", bearer(1)).await, 401);
        let log = stage.world.log.borrow().clone();
        assert_eq!(log.len(), 1, "{log:?}");
        let line: Value = serde_json::from_str(&log[0]).unwrap();
        assert_eq!(line["event"], "master-key-missing");
        assert!(text(&line["text"]).contains(&people[1].1) && text(&line["text"]).contains("master key 1"), "{line}");
        let operator = stage.operator().await;
        let (account, developer) = &people[1].2;
        assert_eq!(rederive(&operator, account, developer).await, [[0, 0, 1], [0, 0, 2]]);

        // Even his Bearer Token comes back by itself once he has a new key.
        let params = [("app_id", people[1].1.as_str()), ("kind", "api-key")];
        let bob = support::Client { isolate: stage.isolate.clone(), ..people[1].0.clone() };
        let pair = bob.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let basic =
            Base64::encode_string(format!("{}:{}", text(&pair["api_key"]), text(&pair["api_key_secret"])).as_bytes());
        let headers =
            [("authorization", &*format!("Basic {basic}")), ("content-type", "application/x-www-form-urlencoded")];
        let body = Body::Read(b"grant_type=client_credentials".to_vec());
        let granted = stage.client().raw("POST", "/oauth2/token", &headers, body).await.expect(200);
        assert_eq!(stage.gate_status("/1.1/notes.json", text(&granted["access_token"])).await, 200);

        // Taken out without a trace, it is told apart from a forgery.
        stage.world.log.borrow_mut().clear();
        move_to(&mut stage, &new);
        assert_eq!(stage.gate_status("/1.1/notes.json", bearer(0)).await, 401);
        let log = stage.world.log.borrow().clone();
        assert!(log.len() == 1 && log[0].contains("names master key 1, which this deployment has used"), "{log:?}");
    });
}

#[test]
fn what_users_let_apps_do_moves_with_their_accounts() {
    block_on(async {
        let old = format!("1:{}", "5a".repeat(32));
        let new = format!("2:{}", "b7".repeat(32));
        let mut stage = TestDeployment::with(2, &[("MASTER_KEYS", &old)]);
        let developer = stage.developer("alice").await;
        let asking = Asking::new(&developer, "read").await;
        let user = stage.unapproved("carol").await;
        let asked = asking.asked(&stage, "n1", CALLBACK).await;
        let outcome = sign_in::decide_oauth1(&user, &asked.token, true).await;
        let verifier = sign_in::fields(text(&outcome["content"]))["oauth_verifier"].clone();
        let granted = sign_in::fields(&asking.access_token(&stage, &asked, &verifier).await.text);
        let signer = Signer {
            token: granted["oauth_token"].clone(),
            token_secret: granted["oauth_token_secret"].clone(),
            ..asking.signer.clone()
        };
        let tokens = asking.tokens(&stage, &user, "notes.read offline.access").await;

        move_to(&mut stage, &format!("{new},{old}"));
        let operator = stage.operator().await;
        let (account, own) = (user.account_id().await, developer.own_developer_account().await);
        assert_eq!(rederive(&operator, &account, &own).await, [[2, 0, 0], [3, 0, 0]]);
        stage.world.settle().await;
        move_to(&mut stage, &format!("{new},{}", retire(&old).unwrap()));
        assert!(passes(&stage, &signer, "retired").await);
        assert_eq!(stage.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 200);
        let next = asking.refresh(&stage, text(&tokens["refresh_token"])).await.expect(200);
        assert_eq!(stage.gate_status("/2/notes/7", text(&next["access_token"])).await, 200);
        assert!(stage.world.log.borrow().is_empty());
    });
}
