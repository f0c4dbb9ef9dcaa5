//! The gate's verdicts and exact answers, natively.

use crate::support::edge::EdgeApp;
use crate::support::{Client, Deployed, ORIGIN, TestDeployment, decide_at_once};
use futures::executor::block_on;
use gatehouse_domain::gate::{Answer, Refused, Verdict};
use gatehouse_domain::request::RequestHead;
use gatehouse_edge::check::{Asker, Form};
use gatehouse_edge::http::Body;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn refused(verdict: Verdict) -> (Answer, Value) {
    match verdict {
        Verdict::Refuse(Refused { answer, .. }) => {
            let body = serde_json::from_str(&answer.body).unwrap();
            (answer, body)
        }
        passed => panic!("passed: {passed:?}"),
    }
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn unauthorized() -> Value {
    json!({ "title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized" })
}

fn coded(code: u32, message: &str) -> Value {
    json!({ "errors": [{ "code": code, "message": message }] })
}

/// What an isolate decides at once for a client.
fn at_once(isolate: &Deployed, head: &RequestHead<'_>) -> Option<Option<Verdict>> {
    decide_at_once(isolate, Asker::Client, head, &Form::None)
}

#[test]
fn an_app_in_a_project_passes_on_every_version_with_its_identity() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let client = stage.developer("alice").await;
        let (project, app, created) = client.create_project("Weather", "read").await;
        let token = text(&created["app"]["credentials"]["bearer_token"]);
        for path in ["/2/notes/7", "/1.1/notes.json"] {
            let Verdict::Forward(identity) = stage.gate("GET", path, token).await else { panic!("{path}") };
            let lines = identity.header_lines();
            assert!(lines.contains(&format!("x-gatehouse-app: {app}\n")), "{lines}");
            assert!(lines.contains(&format!("x-gatehouse-project: {project}\n")), "{lines}");
            assert!(lines.contains("x-access-level: read\n"), "{lines}");
        }
        // A scheme has no case (RFC 9110 §11.1).
        let verdict = stage.gate_with("GET", "/2/notes/7", Some(&format!("bearer  {token}"))).await;
        assert!(matches!(verdict, Verdict::Forward(_)));
    });
}

#[test]
fn a_standalone_app_passes_on_v1_and_is_told_exactly_why_not_on_v2() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let token = text(&created["credentials"]["bearer_token"]);
        assert_eq!(stage.gate_status("/1.1/notes.json", token).await, 200);
        let (answer, body) = refused(stage.gate("GET", "/2/notes/7", token).await);
        assert_eq!(answer.status, 403);
        assert_eq!(header(&answer, "content-type"), Some("application/problem+json"));
        assert!(header(&answer, "x-gatehouse-request-id").is_some());
        let detail = text(&body["detail"]).to_owned();
        assert!(detail.contains("Project") && detail.contains(&format!("{ORIGIN}/apps/{app}")), "{detail}");
        assert_eq!(
            body,
            json!({
                "client_id": app,
                "detail": detail,
                "registration_url": format!("{ORIGIN}/apps/{app}"),
                "title": "Client Forbidden",
                "required_enrollment": "Project",
                "reason": "client-not-enrolled",
                "type": format!("{ORIGIN}/2/problems/client-forbidden"),
            })
        );
    });
}

#[test]
fn attaching_and_detaching_opens_and_closes_v2_with_the_same_keys() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let client = stage.developer("alice").await;
        let (project, _, _) = client.create_project("First", "read").await;
        let (app, created) = client.create_app("Weather").await;
        let token = text(&created["credentials"]["bearer_token"]);
        assert_eq!(stage.gate_status("/2/notes/7", token).await, 403);
        let body = json!({ "project_id": project, "environment": "staging" });
        let view = client.post(Route::AttachApp, &[("app_id", &app)], body).await.expect(200);
        assert_eq!(view["environment"], "staging");
        assert_eq!(stage.gate_status("/2/notes/7", token).await, 200);
        client.call(Route::DetachApp, &[("app_id", &app)], None).await.expect(200);
        assert_eq!(stage.gate_status("/2/notes/7", token).await, 403);
        client.call(Route::DetachApp, &[("app_id", &app)], None).await.refused(409, "conflict");
    });
}

#[test]
fn credentials_that_are_not_good_get_the_exact_401() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let client = stage.developer("alice").await;
        let (_, app, created) = client.create_project("Weather", "read").await;
        let good = text(&created["app"]["credentials"]["bearer_token"]).to_owned();
        let other = TestDeployment::with(5, &[("MASTER_KEYS", &format!("1:{}", "66".repeat(32)))]);
        let theirs = other.developer("mallory").await.create_project("Other", "read").await.2;
        let forged = text(&theirs["app"]["credentials"]["bearer_token"]).to_owned();
        let mut typo = good.clone();
        let last = typo.pop().unwrap();
        typo.push(if last == '0' { '1' } else { '0' });
        client
            .post(Route::RegenerateCredential, &[("app_id", &app), ("kind", "bearer-token")], json!({}))
            .await
            .expect(200);
        for (what, token) in [("typo", typo), ("forged", forged), ("replaced", good), ("made up", "x".into())] {
            let (answer, body) = refused(stage.gate("GET", "/2/notes/7", &token).await);
            assert_eq!((answer.status, body), (401, unauthorized()), "{what}");
            let (answer, body) = refused(stage.gate("GET", "/1.1/notes.json", &token).await);
            assert_eq!((answer.status, body), (401, coded(89, "Invalid or expired token.")), "{what}");
        }
        for authorization in [None, Some(""), Some("Basic eDp5"), Some("Bearer"), Some("OAuth oauth_token=\"x\"")] {
            let (answer, body) = refused(stage.gate_with("GET", "/2/notes/7", authorization).await);
            assert_eq!((answer.status, body), (401, unauthorized()), "{authorization:?}");
        }
        let (answer, body) = refused(stage.gate_with("GET", "/1.1/notes.json", None).await);
        assert_eq!((answer.status, body), (400, coded(215, "Bad Authentication data.")));
        let signed = stage.gate_with("GET", "/1.1/notes.json", Some("OAuth oauth_consumer_key=\"x\"")).await;
        let (answer, body) = refused(signed);
        assert_eq!((answer.status, body), (401, coded(32, "Could not authenticate you.")));
        let challenge = format!("OAuth realm=\"{ORIGIN}\", api_error_code=32");
        assert_eq!(header(&answer, "www-authenticate"), Some(challenge.as_str()));
    });
}

#[test]
fn a_write_needs_the_permission_unless_its_route_says_otherwise() {
    block_on(async {
        let stage = TestDeployment::new(6);
        let client = stage.developer("alice").await;
        let (_, app, created) = client.create_project("Weather", "read").await;
        let token = text(&created["app"]["credentials"]["bearer_token"]);
        for method in ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"] {
            let (answer, body) = refused(stage.gate(method, "/2/notes/7", token).await);
            assert_eq!((answer.status, text(&body["title"])), (403, "Forbidden"), "{method}");
            assert_eq!(text(&body["type"]), format!("{ORIGIN}/2/problems/oauth1-permissions"));
            let (answer, body) = refused(stage.gate(method, "/1.1/notes.json", token).await);
            assert_eq!((answer.status, body), (403, coded(261, "Application cannot perform write actions.")));
        }
        for method in ["GET", "HEAD", "OPTIONS"] {
            assert!(matches!(stage.gate(method, "/2/notes/7", token).await, Verdict::Forward(_)), "{method}");
        }
        assert!(matches!(stage.gate("POST", "/2/search", token).await, Verdict::Forward(_)));
        let (answer, body) = refused(stage.gate("GET", "/1.1/messages.json", token).await);
        let message = "This App is not allowed to access or delete your Direct Messages.";
        assert_eq!((answer.status, body), (403, coded(93, message)));

        let change = json!({ "permission": "read-write" });
        client.post(Route::UpdateApp, &[("app_id", &app)], change).await.expect(200);
        assert!(matches!(stage.gate("POST", "/2/notes/7", token).await, Verdict::Forward(_)));
    });
}

#[test]
fn a_route_for_users_refuses_a_bearer_token_by_name() {
    block_on(async {
        let stage = TestDeployment::new(7);
        let client = stage.developer("alice").await;
        let created = client.create_project("Weather", "read").await.2;
        let token = text(&created["app"]["credentials"]["bearer_token"]);
        for path in ["/2/users/me", "/2//users/me/", "/2/users/m%65"] {
            let (answer, body) = refused(stage.gate("GET", path, token).await);
            assert_eq!(answer.status, 403);
            assert_eq!(text(&body["title"]), "Unsupported Authentication", "{path}");
            assert_eq!(
                text(&body["detail"]),
                "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  Supported \
                 authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context]."
            );
        }
        let (answer, body) = refused(stage.gate("GET", "/1.1/account/verify.json", token).await);
        let message = "Your credentials do not allow access to this resource";
        assert_eq!((answer.status, body), (403, coded(220, message)));
    });
}

#[test]
fn a_restricted_suspended_or_deleted_app_is_refused_at_once_in_this_isolate() {
    block_on(async {
        let stage = TestDeployment::new(8);
        let (client, operator) = (stage.developer("alice").await, stage.operator().await);
        let (_, app, created) = client.create_project("Weather", "read-write").await;
        let token = text(&created["app"]["credentials"]["bearer_token"]);
        let account = client.own_developer_account().await;
        let ids = [("developer_account_id", account.as_str()), ("app_id", app.as_str())];
        let set = |status: &str| json!({ "status": status, "reason": "Because of tests" });

        operator.post(Route::SetAppStatus, &ids, set("write-restricted")).await.expect(200);
        assert_eq!(refused(stage.gate("POST", "/1.1/notes.json", token).await).0.status, 403);
        assert_eq!(stage.gate_status("/1.1/notes.json", token).await, 200);
        operator.post(Route::SetAppStatus, &ids, set("suspended")).await.expect(200);
        let (answer, body) = refused(stage.gate("GET", "/1.1/notes.json", token).await);
        assert_eq!((answer.status, body), (401, coded(416, "Invalid / suspended application.")));
        assert_eq!(stage.gate_status("/2/notes/7", token).await, 403);
        let seen = client.get(Route::FindApp, &[("app_id", &app)]).await.expect(200);
        assert_eq!((text(&seen["status"]), text(&seen["status_reason"])), ("suspended", "Because of tests"));
        operator.post(Route::SetAppStatus, &ids, set("active")).await.expect(200);
        assert_eq!(stage.gate_status("/2/notes/7", token).await, 200);

        let suspend = json!({ "decision": "suspend", "reason": "Because of tests" });
        operator.post(Route::DecideApplication, &ids[..1], suspend).await.expect(200);
        let (answer, body) = refused(stage.gate("GET", "/1.1/notes.json", token).await);
        let message = "Your account is suspended and is not permitted to access this feature.";
        assert_eq!((answer.status, body), (403, coded(64, message)));
        let reinstate = json!({ "decision": "reinstate" });
        operator.post(Route::DecideApplication, &ids[..1], reinstate).await.expect(200);
        assert_eq!(stage.gate_status("/2/notes/7", token).await, 200);

        let confirm = json!({ "confirm_name": "Weather" });
        client.post(Route::DeleteApp, &[("app_id", &app)], confirm).await.expect(200);
        assert_eq!(stage.gate_status("/2/notes/7", token).await, 401);
    });
}

#[test]
fn another_isolate_hears_of_a_change_when_its_memory_runs_out() {
    block_on(async {
        let mut stage = TestDeployment::new(9);
        let client = stage.developer("alice").await;
        let (_, app, created) = client.create_project("Weather", "read").await;
        let token = text(&created["app"]["credentials"]["bearer_token"]);
        stage.isolate = TestDeployment::isolate(&stage.world, &[("MEMORY_SECONDS", "10")]);
        assert_eq!(stage.gate_status("/2/notes/7", token).await, 200);
        client
            .post(Route::RegenerateCredential, &[("app_id", &app), ("kind", "bearer-token")], json!({}))
            .await
            .expect(200);
        // The App's record was written a moment before: this change of it is the alarm's.
        stage.world.advance_seconds(9);
        stage.world.run_alarms().await;
        assert_eq!(stage.gate_status("/2/notes/7", token).await, 200);
        stage.world.advance_seconds(1);
        assert_eq!(stage.gate_status("/2/notes/7", token).await, 401);
    });
}

#[test]
fn a_known_app_is_decided_without_storage_and_a_forgery_never_reads_any() {
    block_on(async {
        let stage = TestDeployment::new(10);
        let client = stage.developer("alice").await;
        let created = client.create_project("Weather", "read").await.2;
        let good = format!("Bearer {}", text(&created["app"]["credentials"]["bearer_token"]));
        let fresh = TestDeployment::isolate(&stage.world, &[]);
        // Once after its start it asks whether its master keys are the right ones.
        fresh.settle().await;
        let url = format!("{ORIGIN}/2/notes/7");
        let head = |authorization| RequestHead { method: "GET", url: &url, authorization };
        assert_eq!(at_once(&fresh, &head(Some(&good))), None);
        // A request that comes alone leases one admission, and the next one some more.
        for _ in 0..2 {
            assert!(matches!(
                fresh.check(Asker::Client, &head(Some(&good)), &Form::None).await,
                Some(Verdict::Forward(_))
            ));
        }
        assert!(matches!(at_once(&fresh, &head(Some(&good))), Some(Some(Verdict::Forward(_)))));
        let theirs = TestDeployment::with(11, &[("MASTER_KEYS", &format!("1:{}", "77".repeat(32)))]);
        let forged = theirs.developer("mallory").await.create_project("Other", "read").await.2;
        let forged = format!("Bearer {}", text(&forged["app"]["credentials"]["bearer_token"]));
        assert!(matches!(at_once(&fresh, &head(Some(&forged))), Some(Some(Verdict::Refuse(_)))));
        let page = RequestHead { method: "GET", url: "https://portal.example/dashboard", authorization: None };
        assert_eq!(at_once(&fresh, &page), Some(None));
    });
}

#[test]
fn what_no_grant_could_make_good_is_refused_without_reading_one() {
    block_on(async {
        let stage = TestDeployment::new(40);
        let mut app = EdgeApp::new(&stage.world, &stage.isolate, None);
        app.publish(&stage.world, false);
        app.publish_grant(&stage.world, false);
        // The user's access token has ended.
        stage.world.advance_seconds(7_201);
        assert_eq!(stage.gate_status("/1.1/free.json", &app.bearer).await, 200);
        let reads = stage.world.kv_reads.get();
        assert_eq!(stage.gate_status("/1.1/free.json", &app.access).await, 401);
        assert_eq!(stage.world.kv_reads.get(), reads);
    });
}

#[test]
fn who_only_asks_gets_a_pass_and_who_asks_after_a_refusal_leaves_no_trace() {
    block_on(async {
        let stage = TestDeployment::new(13);
        let client = stage.developer("alice").await;
        let (_, app, created) = client.create_project("Weather", "read").await;
        let token = format!("Bearer {}", text(&created["app"]["credentials"]["bearer_token"]));
        let is_used = async |isolate: &Deployed| {
            isolate.settle().await;
            let view = client.get(Route::FindApp, &[("app_id", &app)]).await.expect(200);
            view["credentials"].as_array().unwrap().iter().any(|shown| !shown["last_used_on"].is_null())
        };
        let url = format!("{ORIGIN}/2/users/{}", client.account_id().await);
        let head = RequestHead { method: "GET", url: &url, authorization: Some(&token) };
        let key = "5a".repeat(32);
        let ask = async |isolate: &Deployed, way| match isolate.check(way, &head, &Form::None).await {
            Some(verdict) => verdict,
            other => panic!("undecided: {other:?}"),
        };
        let isolate = TestDeployment::isolate(&stage.world, &[("UPSTREAM_KEY", &key)]);
        let Verdict::Answer(answer) = ask(&isolate, Asker::ProxyAfterRefusal).await else { panic!("no answer") };
        assert_eq!((answer.status, header(&answer, "retry-after")), (503, Some("0")));
        assert!(!is_used(&isolate).await, "a second look is no use");
        let Verdict::Answer(_) = ask(&isolate, Asker::ProxyAfterRefusal).await else { panic!("no answer") };
        // From memory as well as after a read.
        assert!(matches!(
            decide_at_once(&isolate, Asker::ProxyAfterRefusal, &head, &Form::None),
            Some(Some(Verdict::Answer(_)))
        ));
        assert!(!is_used(&isolate).await);
        let Verdict::Forward(_) = ask(&isolate, Asker::Worker).await else { panic!("refused") };
        let decided = decide_at_once(&isolate, Asker::Worker, &head, &Form::None);
        let Some(Some(Verdict::Forward(identity))) = decided else { panic!("refused") };
        assert!(is_used(&isolate).await);
        let lines = isolate.header_lines(&head, &identity);
        assert!(lines.starts_with("signature-input: gatehouse=(\"@method\" "), "{lines}");
        // A proxy is answered with the same headers.
        let Verdict::Answer(answer) = ask(&isolate, Asker::ForwardAuth { signs: true }).await else {
            panic!("refused")
        };
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
        let names = |lines: &str| -> Vec<String> {
            lines.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name.to_owned()).collect()
        };
        assert_eq!(answer.headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), names(&lines));
        assert!(
            header(&answer, "x-gatehouse-app").is_some_and(|app| lines.contains(&format!("x-gatehouse-app: {app}")))
        );
        assert_eq!(at_once(&isolate, &head), None, "the deployment answers by itself");
        assert!(matches!(ask(&isolate, Asker::Client).await, Verdict::Answer(answer) if answer.status == 200));
        let unsigned = TestDeployment::isolate(&stage.world, &[]).header_lines(&head, &identity);
        assert!(!unsigned.contains("signature"), "{unsigned}");
    });
}

async fn ask_token(client: &Client, authorization: Option<&str>, body: &str) -> (u16, Value) {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded;charset=UTF-8")];
    headers.extend(authorization.map(|value| ("authorization", value)));
    let reply = client.raw("POST", "/oauth2/token", &headers, Body::Read(body.as_bytes().to_vec())).await;
    (reply.status, reply.json)
}

#[test]
fn client_credentials_give_the_same_bearer_token_until_it_is_regenerated() {
    use base64ct::{Base64, Encoding};
    block_on(async {
        let stage = TestDeployment::new(12);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let shown = &created["credentials"];
        let basic =
            |key: &str, secret: &str| format!("Basic {}", Base64::encode_string(format!("{key}:{secret}").as_bytes()));
        let good = basic(text(&shown["api_key"]), text(&shown["api_key_secret"]));
        let grant = "grant_type=client_credentials";
        let anybody = stage.client();
        let expected = json!({ "token_type": "bearer", "access_token": shown["bearer_token"] });
        for _ in 0..2 {
            assert_eq!(ask_token(&anybody, Some(&good), grant).await, (200, expected.clone()));
        }
        let (status, body) = ask_token(&anybody, Some(&good), "").await;
        assert_eq!((status, body), (403, coded(170, "Missing required parameter: grant_type")));
        let unverified = json!({ "errors": [{
            "code": 99, "message": "Unable to verify your credentials", "label": "authenticity_token_error",
        }] });
        let wrong = basic(text(&shown["api_key"]), text(&shown["api_key"]));
        for (authorization, body) in [
            (None, grant),
            (Some(wrong.as_str()), grant),
            (Some("Basic !!!"), grant),
            (Some(good.as_str()), "grant_type=password"),
        ] {
            assert_eq!(ask_token(&anybody, authorization, body).await, (403, unverified.clone()), "{authorization:?}");
        }
        let next = client
            .post(Route::RegenerateCredential, &[("app_id", &app), ("kind", "bearer-token")], json!({}))
            .await
            .expect(200);
        let (status, body) = ask_token(&anybody, Some(&good), grant).await;
        assert_eq!((status, &body["access_token"]), (200, &next["bearer_token"]));
        let pair = client
            .post(Route::RegenerateCredential, &[("app_id", &app), ("kind", "api-key")], json!({}))
            .await
            .expect(200);
        assert_eq!(ask_token(&anybody, Some(&good), grant).await, (403, unverified));
        let new = basic(text(&pair["api_key"]), text(&pair["api_key_secret"]));
        assert_eq!(ask_token(&anybody, Some(&new), grant).await.0, 200);
    });
}
