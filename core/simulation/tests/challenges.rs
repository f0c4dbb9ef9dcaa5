//! Every 401 says how to authenticate, and every 429 how long to wait.

use crate::support;
use crate::support::{ORIGIN, TestDeployment};
use futures::executor::block_on;
use gatehouse_domain::gate::{Answer, Refused, Verdict};
use gatehouse_domain::request::RequestHead;
use gatehouse_edge::check::{Asker, Form};
use gatehouse_edge::http::Body;
use gatehouse_shared::api::{Access, Route};
use serde_json::json;
use std::collections::BTreeSet;

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

async fn ask(stage: &TestDeployment, way: Asker, method: &str, path: &str, authorization: Option<&str>) -> Answer {
    let url = format!("{ORIGIN}{path}");
    match stage.isolate.check(way, &RequestHead { method, url: &url, authorization }, &Form::None).await {
        Some(Verdict::Refuse(Refused { answer, .. }) | Verdict::Answer(answer)) => answer,
        other => panic!("{path}: {other:?}"),
    }
}

/// Credentials that are none, each with whether a whole one came.
const BAD: [(Option<&str>, bool); 7] = [
    (None, false),
    (Some(""), false),
    (Some("Basic eDp5"), false),
    (Some("Bearer gh_bearer_x"), true),
    (Some("Bearer"), true),
    (Some("OAuth oauth_consumer_key=\"x\""), true),
    (Some("OAuth oauth_token=\"x\""), false),
];

#[test]
fn a_401_of_the_gate_names_bearer_first_and_oauth_where_the_route_takes_it() {
    block_on(async {
        let stage = TestDeployment::new(1);
        for way in [Asker::Client, Asker::Worker, Asker::ForwardAuth { signs: false }, Asker::ProxyAfterRefusal] {
            for (authorization, is_whole) in BAD {
                let error = if is_whole { ", error=\"invalid_token\"" } else { "" };
                for (path, scope, signed) in [
                    ("/2/other", "", true),
                    ("/2/notes/7", ", scope=\"notes.read\"", true),
                    ("/2/usage", "", false),
                    ("/2/users/me", ", scope=\"users.read\"", true),
                ] {
                    let answer = ask(&stage, way, "GET", path, authorization).await;
                    let oauth = if signed { format!(", OAuth realm=\"{ORIGIN}\"") } else { String::new() };
                    let challenge = format!("Bearer realm=\"{ORIGIN}\"{scope}{error}{oauth}");
                    assert_eq!(answer.status, 401, "{path} {authorization:?}");
                    assert_eq!(header(&answer, "www-authenticate"), Some(&*challenge), "{path} {authorization:?}");
                }
                let answer = ask(&stage, way, "GET", "/1.1/notes.json", authorization).await;
                let challenge = header(&answer, "www-authenticate").unwrap();
                let start = format!("OAuth realm=\"{ORIGIN}\", api_error_code=");
                assert!(challenge.starts_with(&start), "{authorization:?}: {challenge}");
            }
        }
    });
}

#[test]
fn a_suspended_app_gets_a_challenge_with_its_401() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let (client, operator) = (stage.developer("alice").await, stage.operator().await);
        let (_, app, created) = client.create_project("Weather", "read").await;
        let token = created["app"]["credentials"]["bearer_token"].as_str().unwrap().to_owned();
        let account = client.own_developer_account().await;
        let ids = [("developer_account_id", account.as_str()), ("app_id", app.as_str())];
        let body = json!({ "status": "suspended", "reason": "Because of tests" });
        operator.post(Route::SetAppStatus, &ids, body).await.expect(200);
        let answer = ask(&stage, Asker::Client, "GET", "/1.1/notes.json", Some(&format!("Bearer {token}"))).await;
        let challenge = format!("OAuth realm=\"{ORIGIN}\", api_error_code=416");
        assert_eq!((answer.status, header(&answer, "www-authenticate")), (401, Some(challenge.as_str())));
    });
}

#[test]
fn a_429_says_how_long_to_wait_in_both_families_of_fields() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let client = stage.developer("alice").await;
        let created = client.create_project("Weather", "read").await.2;
        let token = format!("Bearer {}", created["app"]["credentials"]["bearer_token"].as_str().unwrap());
        let now = stage.world.now().seconds().0;
        let left = 60 - now % 60;
        for remaining in (0..3).rev() {
            let url = format!("{ORIGIN}/2/scarce");
            let head = RequestHead { method: "GET", url: &url, authorization: Some(&token) };
            let Some(Verdict::Forward(identity)) = stage.isolate.check(Asker::Client, &head, &Form::None).await else {
                panic!("refused")
            };
            let lines = identity.header_lines();
            let (_, told) = lines.split_once("\n\n").unwrap();
            for line in [
                "ratelimit-policy: \"window\";q=3;w=60\n".to_owned(),
                format!("ratelimit: \"window\";r={remaining};t={left}\n"),
            ] {
                assert!(told.contains(&line), "{told}");
            }
        }
        for way in [Asker::Client, Asker::ForwardAuth { signs: false }, Asker::ProxyAfterRefusal] {
            let answer = ask(&stage, way, "GET", "/2/scarce", Some(&token)).await;
            assert_eq!((answer.status, header(&answer, "retry-after")), (429, Some(&*left.to_string())));
            assert_eq!(header(&answer, "ratelimit"), Some(&*format!("\"window\";r=0;t={left}")));
            assert_eq!(header(&answer, "x-rate-limit-remaining"), Some("0"));
        }
    });
}

#[test]
fn a_used_up_month_says_how_long_it_lasts() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let client = stage.developer("alice").await;
        let created = client.create_project("Weather", "read").await.2;
        let token = format!("Bearer {}", created["app"]["credentials"]["bearer_token"].as_str().unwrap());
        let url = format!("{ORIGIN}/2/notes/7");
        let head = RequestHead { method: "GET", url: &url, authorization: Some(&token) };
        for _ in 0..2_000 {
            let step = stage.isolate.check(Asker::Client, &head, &Form::None).await;
            let Some(Verdict::Refuse(Refused { answer, .. })) = step else { continue };
            let wait: u64 = header(&answer, "retry-after").unwrap().parse().unwrap();
            assert_eq!(answer.status, 429);
            assert!((1..=31 * 86_400).contains(&wait), "{wait}");
            assert_eq!(header(&answer, "ratelimit"), Some(&*format!("\"month\";r=0;t={wait}")));
            return;
        }
        panic!("a cap of 1,000 was never reached");
    });
}

#[test]
fn a_missing_scope_is_challenged_with_all_scopes_of_the_route() {
    block_on(async {
        let stage = TestDeployment::new(5);
        let mut app = support::edge::EdgeApp::new(&stage.world, &stage.isolate, None);
        app.live.project_id = Some("3000000000000000003".parse().unwrap());
        app.publish(&stage.world, false);
        app.publish_grant(&stage.world, false);
        let authorization = format!("Bearer {}", app.access);
        let answer = ask(&stage, Asker::Client, "POST", "/2/notes", Some(&authorization)).await;
        let challenge =
            format!("Bearer realm=\"{ORIGIN}\", error=\"insufficient_scope\", scope=\"notes.read notes.write\"");
        assert_eq!((answer.status, header(&answer, "www-authenticate")), (403, Some(challenge.as_str())));
    });
}

#[test]
fn no_endpoint_answers_401_without_a_challenge_or_429_without_a_time() {
    block_on(async {
        let stage = TestDeployment::new(6);
        let anybody = stage.client();
        let mut refused = BTreeSet::new();
        let mut check = |what: String, reply: &support::Reply| {
            match reply.status {
                401 => assert!(reply.header("www-authenticate").is_some(), "{what}"),
                429 => assert!(reply.header("retry-after").is_some(), "{what}"),
                _ => return,
            }
            refused.insert((what, reply.status));
        };
        let json = [("content-type", "application/json"), ("origin", ORIGIN)];
        for endpoint in Route::TABLE.iter().filter(|endpoint| endpoint.access != Access::Public) {
            let path = endpoint.path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            let reply = anybody.send(endpoint.method, &path, &json, b"{}").await;
            assert_eq!(reply.status, 401, "{path}");
            assert_eq!(reply.header("www-authenticate"), Some("Session realm=\"portal\""), "{path}");
        }
        let wrong = json!({ "login": "nobody", "password": "not this one" });
        let reply = anybody.post(Route::SignIn, &[], wrong).await;
        assert_eq!((reply.status, reply.header("www-authenticate")), (401, Some("Session realm=\"portal\"")));
        // Few enough that the limits answer before the end.
        stage.world.admitted.set(200);
        let form = "application/x-www-form-urlencoded";
        let whole = "OAuth oauth_consumer_key=\"x\", oauth_token=\"t\", oauth_nonce=\"n\", oauth_timestamp=\"1\", \
                     oauth_signature_method=\"HMAC-SHA1\", oauth_signature=\"s\"";
        for _ in 0..10 {
            for path in [
                "/oauth/request_token",
                "/oauth/access_token",
                "/oauth2/token",
                "/oauth2/invalidate_token",
                "/2/oauth2/token",
                "/2/oauth2/revoke",
                "/2/oauth2/introspect",
            ] {
                for authorization in BAD.iter().map(|(authorization, _)| *authorization).chain([Some(whole)]) {
                    let mut headers = vec![("content-type", form), ("cf-connecting-ip", "192.0.2.1")];
                    headers.extend(authorization.map(|value| ("authorization", value)));
                    let body = b"grant_type=authorization_code&client_id=x&code=x&token=x&access_token=x".to_vec();
                    let reply = anybody.raw("POST", path, &headers, Body::Read(body)).await;
                    check(path.to_owned(), &reply);
                }
            }
        }
        for (path, status) in [
            ("/oauth/request_token", 401),
            ("/2/oauth2/token", 401),
            ("/2/oauth2/introspect", 401),
            ("/oauth/access_token", 401),
            ("/oauth2/token", 429),
            ("/2/oauth2/introspect", 429),
        ] {
            assert!(refused.contains(&(path.to_owned(), status)), "{path} never answered {status}: {refused:?}");
        }
    });
}
