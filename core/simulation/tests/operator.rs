//! What the operator stopped stays stopped, and their own sessions end with
//! what they rest on.

use crate::support;
use crate::support::audit::audit_log;
use crate::support::sign_in::{Asking, CALLBACK, decide_oauth1, fields, text};
use crate::support::signing::Signer;
use crate::support::{Client, OPERATOR_PASSWORD, ORIGIN, PASSWORD, TestDeployment, application};
use futures::executor::block_on;
use gatehouse_domain::gate::Verdict;
use gatehouse_domain::ports::ObjectName;
use gatehouse_edge::http::Body;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};

const HOUR: u64 = 3_600;

/// The same browser, after the deployment was started with other settings.
fn restarted(stage: &TestDeployment, client: &Client, variables: &[(&str, &str)]) -> Client {
    Client { isolate: TestDeployment::isolate(&stage.world, variables), cookie: client.cookie.clone() }
}

async fn set_account(operator: &Client, account: &str, status: &str) -> support::Reply {
    let body = json!({ "status": status, "reason": "Sells access to other people’s notes." });
    operator.call(Route::SetAccountStatus, &[("account_id", account)], Some(body)).await
}

async fn set_app(operator: &Client, developer: &str, app: &str, status: &str) {
    let body = json!({ "status": status, "reason": "Too many writes at night." });
    let params = [("developer_account_id", developer), ("app_id", app)];
    operator.call(Route::SetAppStatus, &params, Some(body)).await.expect(200);
}

#[test]
fn a_changed_operator_password_or_name_ends_the_sessions_that_rest_on_it() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let (operator, developer) = (stage.operator().await, stage.unapproved("alice").await);
        operator.get(Route::ListApplications, &[]).await.expect(200);
        for changed in [("OPERATOR_PASSWORD", "operator-password-2"), ("OPERATOR_USERNAME", "warden")] {
            let asked = stage.world.objects_asked.get();
            let later = restarted(&stage, &operator, &[changed]);
            later.get(Route::ListApplications, &[]).await.refused(401, "not-signed-in");
            assert!(later.get(Route::FindSession, &[]).await.expect(200)["account"].is_null());
            later.get(Route::ListSessions, &[]).await.refused(401, "not-signed-in");
            assert_eq!(stage.world.objects_asked.get(), asked, "refused by arithmetic");
            // Nobody else's session rests on the operator's secret.
            restarted(&stage, &developer, &[changed]).get(Route::ListSessions, &[]).await.expect(200);
        }
        // With the password that the session rests on it goes on, in every isolate.
        restarted(&stage, &operator, &[]).get(Route::ListApplications, &[]).await.expect(200);
        // The next sign-in clears the list of what ended.
        let later = restarted(&stage, &stage.client(), &[("OPERATOR_PASSWORD", "operator-password-2")]);
        let body = json!({ "login": "operator", "password": "operator-password-2" });
        later.post(Route::SignIn, &[], body).await.expect(200);
        let sessions = later.get(Route::ListSessions, &[]).await.expect(200);
        assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn an_operator_session_ends_after_eight_hours() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let (operator, developer) = (stage.operator().await, stage.unapproved("alice").await);
        let sessions = operator.get(Route::ListSessions, &[]).await.expect(200);
        let session = &sessions["sessions"][0];
        let lasts = session["expires_at"].as_u64().unwrap() - session["created_at"].as_u64().unwrap();
        assert_eq!(lasts, 8 * HOUR);
        stage.world.advance_seconds(8 * HOUR - 1);
        operator.get(Route::ListApplications, &[]).await.expect(200);
        stage.world.advance_seconds(1);
        operator.get(Route::ListApplications, &[]).await.refused(401, "not-signed-in");
        developer.get(Route::ListSessions, &[]).await.expect(200);
        let body = json!({ "login": "operator", "password": OPERATOR_PASSWORD });
        let headers = [("content-type", "application/json"), ("origin", ORIGIN)];
        let body = Body::Read(body.to_string().into_bytes());
        let reply = stage.client().raw("POST", "/api/sessions", &headers, body).await;
        assert!(reply.header("set-cookie").unwrap().contains("Max-Age=28800;"));
    });
}

#[test]
fn an_app_that_is_restricted_or_suspended_cannot_be_deleted_or_renamed() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let (client, operator) = (stage.developer("alice").await, stage.operator().await);
        let developer = client.own_developer_account().await;
        let (app, created) = client.create_app("Weather").await;
        let token = text(&created["credentials"]["bearer_token"]).to_owned();
        let delete = async || {
            let body = json!({ "confirm_name": "Weather" });
            client.call(Route::DeleteApp, &[("app_id", &app)], Some(body)).await
        };
        for status in ["write-restricted", "suspended"] {
            set_app(&operator, &developer, &app, status).await;
            let problem = delete().await.refused(409, "conflict");
            assert!(text(&problem["detail"]).contains("Too many writes at night."), "{problem}");
            let rename = json!({ "name": "Other" });
            client.call(Route::UpdateApp, &[("app_id", &app)], Some(rename)).await.refused(409, "conflict");
            // Its name is taken, its record is there, and other changes are the developer's.
            let again = json!({ "name": "Weather", "description": "An App for tests" });
            client.post(Route::CreateApp, &[], again).await.refused(409, "name-taken");
            let ids = [("developer_account_id", developer.as_str())];
            let record = operator.get(Route::FindDeveloperAccount, &ids).await.expect(200);
            assert_eq!((&record["apps"][0]["status"], &record["apps"][0]["id"]), (&json!(status), &json!(app)));
            let described = json!({ "name": "Weather", "description": format!("While it is {status}") });
            client.call(Route::UpdateApp, &[("app_id", &app)], Some(described)).await.expect(200);
        }
        assert_eq!(stage.gate_status("/1.1/notes.json", &token).await, 401);
        set_app(&operator, &developer, &app, "active").await;
        assert_eq!(stage.gate_status("/1.1/notes.json", &token).await, 200);
        delete().await.expect(200);
    });
}

#[test]
fn an_account_is_suspended_and_reinstated_from_every_state_of_its_application() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let operator = stage.operator().await;
        for (name, decisions) in [
            ("nothing", None),
            ("waiting", Some(&[][..])),
            ("asked", Some(&["request-information"])),
            ("declined", Some(&["decline"])),
            ("approved", Some(&["approve"])),
            ("suspended", Some(&["approve", "suspend"])),
        ] {
            let client = stage.unapproved(name).await;
            let account = client.account_id().await;
            if let Some(decisions) = decisions {
                client.post(Route::SubmitApplication, &[], application()).await.expect(200);
                for decision in decisions {
                    operator.decide(&client, decision).await.expect(200);
                }
            }
            let own = client.own_developer_account().await;
            let ids = [("developer_account_id", own.as_str())];
            let record = async || operator.get(Route::FindDeveloperAccount, &ids).await.json;
            let before = record().await["application"].clone();
            let body = json!({ "status": "suspended", "reason": " " });
            let vague = operator.call(Route::SetAccountStatus, &[("account_id", &account)], Some(body)).await;
            assert_eq!(vague.refused(422, "invalid-fields")["errors"][0]["field"], "reason");
            let view = set_account(&operator, &account, "suspended").await.expect(200);
            assert_eq!(view["status"], "suspended");
            client.get(Route::ListSessions, &[]).await.refused(401, "not-signed-in");
            let sign_in = async |password: &str| {
                let body = json!({ "login": name, "password": password });
                stage.client().post(Route::SignIn, &[], body).await
            };
            // The reason is for whoever knows the password.
            let problem = sign_in(PASSWORD).await.refused(403, "account-suspended");
            assert!(text(&problem["detail"]).contains("Sells access to other people’s notes."), "{problem}");
            sign_in("another password").await.refused(401, "wrong-credentials");
            assert_eq!(record().await["application"], before, "the application is as it was: {name}");
            let path = format!("/api/review/accounts?username={name}");
            let list = operator.raw("GET", &path, &[], Body::Read(Vec::new())).await.expect(200);
            assert_eq!(list["items"][0]["status"], "suspended");
            set_account(&operator, &account, "active").await.expect(200);
            sign_in(PASSWORD).await.expect(200);
            client.get(Route::ListSessions, &[]).await.refused(401, "not-signed-in");
        }
        let own = operator.account_id().await;
        set_account(&operator, &own, "suspended").await.refused(409, "conflict");
        operator.get(Route::ListApplications, &[]).await.expect(200);
    });
}

#[test]
fn a_suspended_account_has_no_consent_and_no_pending_approval_and_its_developer_account_goes_on() {
    block_on(async {
        let stage = TestDeployment::new(5);
        let operator = stage.operator().await;
        // Mallory has an App, and lets another one act for her.
        let mallory = stage.developer("mallory").await;
        let (account, own) = (mallory.account_id().await, mallory.own_developer_account().await);
        let (_, created) = mallory.create_app("Scraper").await;
        let credentials = &created["credentials"];
        let bearer = text(&credentials["bearer_token"]).to_owned();
        let asking = Asking::new(&stage.developer("carol").await, "read-write").await;
        let agree = async |client: &Client, nonce: &str| {
            let asked = asking.asked(&stage, nonce, CALLBACK).await;
            let outcome = decide_oauth1(client, &asked.token, true).await;
            (asked, fields(text(&outcome["content"]))["oauth_verifier"].clone())
        };
        let (asked, verifier) = agree(&mallory, "one").await;
        let token = fields(&asking.access_token(&stage, &asked, &verifier).await.text);
        let signer = Signer {
            token: token["oauth_token"].clone(),
            token_secret: token["oauth_token_secret"].clone(),
            ..asking.signer.clone()
        };
        let signed = async |nonce: &str| {
            matches!(signer.with_nonce(nonce).send(&stage, "GET", "/1.1/free.json", None).await, Verdict::Forward(_))
        };
        let tokens = asking.tokens(&stage, &mallory, "notes.read offline.access").await;
        let oauth2 = text(&tokens["access_token"]).to_owned();
        let (pending, pending_verifier) = agree(&mallory, "two").await;
        assert_eq!(stage.gate_status("/1.1/notes.json", &bearer).await, 200);
        assert_eq!(stage.gate_status("/1.1/free.json", &oauth2).await, 200);
        assert!(signed("before").await);

        set_account(&operator, &account, "suspended").await.expect(200);
        assert_eq!(stage.gate_status("/1.1/notes.json", &bearer).await, 200);
        assert_eq!(stage.gate_status("/1.1/free.json", &oauth2).await, 401);
        assert!(!signed("after").await);
        let refused = asking.access_token(&stage, &pending, &pending_verifier).await;
        assert!(refused.status >= 400, "{}", refused.text);
        let refresh = asking.refresh(&stage, text(&tokens["refresh_token"])).await;
        assert!(refresh.status >= 400, "{}", refresh.text);

        // She revoked nothing herself.
        let log = stage.world.query(
            &ObjectName::Account(account.parse().unwrap()),
            "SELECT operation FROM activity WHERE operation IN ('revoke_connected_app', 'update_account_status')",
        );
        assert_eq!(log, ["update_account_status"]);
        // The audit log tells what ended.
        let ended = audit_log(&stage).await;
        let ended = ended.iter().rfind(|entry| entry.facts.operation == "end_authorization").unwrap();
        assert!(!ended.facts.credential_ids.is_empty());

        // Her developer account has a status of its own.
        for (decision, status) in [("suspend", 403), ("reinstate", 200)] {
            let own = [("developer_account_id", own.as_str())];
            let body = json!({ "decision": decision, "reason": "Because of tests" });
            operator.post(Route::DecideApplication, &own, body).await.expect(200);
            assert_eq!(stage.gate_status("/1.1/notes.json", &bearer).await, status);
        }

        // Reinstated, what she had agreed to is gone for good.
        set_account(&operator, &account, "active").await.expect(200);
        assert_eq!(stage.gate_status("/1.1/notes.json", &bearer).await, 200);
        assert_eq!(stage.gate_status("/1.1/free.json", &oauth2).await, 401);
        let body = json!({ "login": "mallory", "password": PASSWORD });
        let again = stage.client();
        again.post(Route::SignIn, &[], body).await.expect(200);
        assert_eq!(again.get(Route::ListConnectedApps, &[]).await.expect(200)["apps"], json!([]));
        stage.world.advance_seconds(2);
        let (asked, verifier) = agree(&again, "three").await;
        let answer = asking.access_token(&stage, &asked, &verifier).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    });
}

#[test]
fn an_approval_from_before_a_suspension_stays_worthless_after_it() {
    block_on(async {
        let stage = TestDeployment::new(6);
        let (operator, user) = (stage.operator().await, stage.unapproved("uma").await);
        let account = user.account_id().await;
        let asking = Asking::new(&stage.developer("carol").await, "read").await;
        let asked = asking.asked(&stage, "one", CALLBACK).await;
        let outcome = decide_oauth1(&user, &asked.token, true).await;
        let verifier = fields(text(&outcome["content"]))["oauth_verifier"].clone();
        set_account(&operator, &account, "suspended").await.expect(200);
        set_account(&operator, &account, "active").await.expect(200);
        let answer = asking.access_token(&stage, &asked, &verifier).await;
        assert_eq!(answer.status, 401, "{}", answer.text);
    });
}

#[test]
fn repeats_do_not_wash_out_a_regenerated_key_or_a_sign_in() {
    block_on(async {
        let stage = TestDeployment::new(7);
        let client = stage.developer("alice").await;
        let (app, _) = client.create_app("Weather").await;
        let params = [("app_id", app.as_str()), ("kind", "api-key")];
        client.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let body = json!({ "login": "alice", "password": PASSWORD });
        stage.client().post(Route::SignIn, &[], body).await.expect(200);
        for n in 0..300 {
            stage.world.advance_seconds(1);
            let body = json!({ "description": format!("Description {n} of an App") });
            client.call(Route::UpdateApp, &[("app_id", &app)], Some(body)).await.expect(200);
        }
        // And Apps that come and go.
        for n in 0..150 {
            stage.world.advance_seconds(2);
            let (other, _) = client.create_app(&format!("Passing {n}")).await;
            let body = json!({ "confirm_name": format!("Passing {n}") });
            client.call(Route::DeleteApp, &[("app_id", &other)], Some(body)).await.expect(200);
        }
        let count = |list: &Value, operation: &str| {
            let entries = list["entries"].as_array().unwrap();
            let found = entries.iter().find(|entry| entry["operation"] == operation);
            found.map(|entry| entry["count"].as_u64().unwrap())
        };
        let own = client.get(Route::ListDeveloperActivity, &[]).await.expect(200);
        let person = client.get(Route::ListActivity, &[]).await.expect(200);
        let of_app = client.get(Route::ListAppActivity, &[("app_id", &app)]).await.expect(200);
        for list in [&own, &of_app] {
            assert_eq!(count(list, "regenerate_credential"), Some(1));
            assert_eq!(count(list, "update_app"), Some(300));
        }
        assert_eq!(count(&person, "create_session"), Some(1));
        assert!(own["entries"].as_array().unwrap().len() <= 200);
        // Ordinary changes are kept for 30 days, what concerns access for 90.
        stage.world.advance_seconds(29 * 86_400);
        let body = json!({ "login": "alice", "password": PASSWORD });
        client.post(Route::SignIn, &[], body).await.expect(200);
        let later = client.get(Route::ListAppActivity, &[("app_id", &app)]).await.expect(200);
        assert_eq!(count(&later, "update_app"), Some(300));
        stage.world.advance_seconds(86_400);
        let later = client.get(Route::ListAppActivity, &[("app_id", &app)]).await.expect(200);
        assert_eq!((count(&later, "update_app"), count(&later, "regenerate_credential")), (None, Some(1)));
    });
}

#[test]
fn the_deletion_of_an_app_stays_in_the_log_whatever_is_done_before_and_afterwards() {
    block_on(async {
        let stage = TestDeployment::new(17);
        let client = stage.developer("alice").await;
        let apps = [client.create_app("Weather").await.0, client.create_app("Climate").await.0];
        let churn = async |from: u32| {
            for n in from..from + 110 {
                stage.world.advance_seconds(3_700);
                let body = json!({ "description": format!("Description {n} of an App") });
                client.call(Route::UpdateApp, &[("app_id", &apps[1])], Some(body)).await.expect(200);
            }
        };
        stage.world.advance_seconds(31 * 86_400);
        let body = json!({ "login": "alice", "password": PASSWORD });
        client.post(Route::SignIn, &[], body).await.expect(200);
        churn(0).await;
        let delete = async |app: &str, name: &str| {
            client.call(Route::DeleteApp, &[("app_id", app)], Some(json!({ "confirm_name": name }))).await.expect(200);
        };
        delete(&apps[0], "Weather").await;
        for n in 0..150 {
            stage.world.advance_seconds(2);
            let name = format!("Passing {n}");
            delete(&client.create_app(&name).await.0, &name).await;
        }
        churn(200).await;
        let list = client.get(Route::ListDeveloperActivity, &[]).await.expect(200);
        let deletions: Vec<&Value> =
            list["entries"].as_array().unwrap().iter().filter(|entry| entry["operation"] == "delete_app").collect();
        assert!(
            deletions.iter().any(|entry| text(&entry["subject"]).starts_with("Weather, Passing 0")),
            "{deletions:?}"
        );
        assert_eq!(deletions.iter().map(|entry| entry["count"].as_u64().unwrap()).sum::<u64>(), 151);
    });
}

#[test]
fn an_account_changes_things_at_most_once_a_second_after_a_burst() {
    block_on(async {
        let stage = TestDeployment::new(8);
        let (alice, bob) = (stage.developer("alice").await, stage.developer("bob").await);
        let (app, created) = alice.create_app("Weather").await;
        let (other, _) = bob.create_app("Climate").await;
        stage.world.advance_seconds(600);
        let change = async |client: &Client, app: &str, n: u32| {
            let body = json!({ "description": format!("Description {n} of an App") });
            client.call(Route::UpdateApp, &[("app_id", app)], Some(body)).await
        };
        let mut passed = 0;
        for n in 0..100 {
            passed += u32::from(change(&alice, &app, n).await.status == 200);
        }
        assert_eq!(passed, 60);
        let refused = change(&alice, &app, 100).await;
        assert_eq!(refused.header("retry-after"), Some("1"));
        refused.refused(429, "too-many-requests");
        // Looking, other accounts, and what takes access away are not held up.
        alice.get(Route::FindApp, &[("app_id", &app)]).await.expect(200);
        change(&bob, &other, 1).await.expect(200);
        let params = [("app_id", app.as_str()), ("kind", "bearer-token")];
        alice.call(Route::RevokeCredential, &params, None).await.expect(200);
        assert_eq!(stage.gate_status("/1.1/notes.json", text(&created["credentials"]["bearer_token"])).await, 401);
        stage.world.advance_seconds(1);
        change(&alice, &app, 101).await.expect(200);
        change(&alice, &app, 102).await.refused(429, "too-many-requests");
        // What ends something waits for nothing.
        let name = json!({ "confirm_name": "Weather" });
        alice.call(Route::DeleteApp, &[("app_id", &app)], Some(name)).await.expect(200);
        let body = json!({ "current_password": PASSWORD, "new_password": "another good password" });
        alice.post(Route::ChangePassword, &[], body).await.expect(200);
        alice.call(Route::SignOut, &[], None).await.expect(200);
    });
}
