//! Requests signed with OAuth 1.0a at the gate, natively.

use crate::support::signing::Signer;
use crate::support::{Client, ORIGIN, TestDeployment, decide_at_once};
use futures::executor::block_on;
use futures::future::join_all;
use gatehouse_domain::gate::{Answer, Reason, Unproven, Unusable, Verdict};
use gatehouse_domain::ports::ObjectName;
use gatehouse_domain::request::RequestHead;
use gatehouse_domain::upstream::Identity;
use gatehouse_edge::check::{Asker, Form, FormBody, LARGEST_FORM, LARGEST_UNKNOWN_FORM};
use gatehouse_shared::api::Route;
use gatehouse_shared::model::Permission;
use gatehouse_shared::oauth1::{Fault, ReadError};
use serde_json::{Value, json};
use std::cell::Cell;

/// An App in a Project, its owner, and what signs for both.
struct Signing {
    stage: TestDeployment,
    client: Client,
    app: String,
    signer: Signer,
}

async fn signing(seed: u64, permission: &str, variables: &[(&str, &str)]) -> Signing {
    let stage = TestDeployment::with(seed, variables);
    let client = stage.developer("alice").await;
    let (_, app, created) = client.create_project("Weather", permission).await;
    let params = [("app_id", app.as_str()), ("kind", "access-token")];
    let token = client.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
    let signer = Signer::new(&created["app"]["credentials"], &token);
    Signing { stage, client, app, signer }
}

#[track_caller]
fn passed(verdict: Verdict) -> Identity {
    match verdict {
        Verdict::Forward(identity) => identity,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn refused(verdict: Verdict) -> (Unproven, u16, Value) {
    match verdict {
        Verdict::Refuse(refused) => {
            let body = serde_json::from_str(&refused.answer.body).unwrap();
            let Reason::Unproven(unproven) = refused.reason else { panic!("{:?}", refused.reason) };
            (unproven, refused.answer.status, body)
        }
        other => panic!("{other:?}"),
    }
}

fn answered(verdict: Verdict) -> (Answer, Value) {
    match verdict {
        Verdict::Answer(answer) => {
            let body = serde_json::from_str(&answer.body).unwrap();
            (answer, body)
        }
        other => panic!("{other:?}"),
    }
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// A body that never comes; keeps how much of it was asked for.
#[derive(Default)]
struct UnreadBody {
    most: Cell<Option<usize>>,
}

impl FormBody for UnreadBody {
    async fn read(&self, most: usize) -> Form {
        self.most.set(Some(most));
        std::future::pending().await
    }
}

#[test]
fn a_signed_request_passes_as_its_user_with_the_level_of_its_token() {
    block_on(async {
        let Signing { stage, client, signer, .. } = signing(1, "read-write", &[]).await;
        let user = client.account_id().await;
        let form = "text=é ~!*'()+ ☃".replace(' ', "+");
        for (nonce, path, form) in [
            ("a", "/2/notes?q=%C3%A9%20~%21%2A%27%28%29%2B%20%E2%98%83", None),
            ("b", "/1.1/notes.json", Some(form.as_bytes())),
        ] {
            let method = if form.is_some() { "POST" } else { "GET" };
            let identity = passed(signer.with_nonce(nonce).send(&stage, method, path, form).await);
            assert_eq!(identity.user_id.map(|id| id.to_string()).as_deref(), Some(user.as_str()));
            assert_eq!((identity.access_level, identity.shown_level), (Permission::ReadWrite, Permission::ReadWrite));
            let lines = identity.header_lines();
            assert!(lines.contains(&format!("x-gatehouse-user: {user}\n")), "{lines}");
            assert!(lines.contains("x-access-level: read-write\n"), "{lines}");
        }
    });
}

#[test]
fn each_refusal_has_its_exact_answer_and_keeps_its_reason() {
    block_on(async {
        let Signing { stage, client, app, signer } = signing(2, "read", &[]).await;
        let unauthorized =
            json!({ "title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized" });
        let other = client.create_app("Other").await;
        let params = [("app_id", other.0.as_str()), ("kind", "access-token")];
        let others_token = client.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let others_token = others_token["access_token"].as_str().unwrap().to_owned();
        let typo = |text: &str| {
            let (front, last) = text.split_at(text.len() - 1);
            format!("{front}{}", if last == "0" { "1" } else { "0" })
        };
        let malformed = Unusable::Malformed(gatehouse_shared::credential::FormatError::Checksum);
        let with = |change: &dyn Fn(&mut Signer)| {
            let mut changed = signer.clone();
            change(&mut changed);
            changed
        };
        type IsReason = Box<dyn Fn(&Unproven) -> bool>;
        let cases: Vec<(Signer, u32, u16, IsReason)> = vec![
            (with(&|s| s.key = typo(&s.key)), 32, 401, Box::new(move |u| *u == Unproven::Key(malformed))),
            (with(&|s| s.token = typo(&s.token)), 89, 401, Box::new(move |u| *u == Unproven::Token(malformed))),
            (with(&|s| s.token = others_token.clone()), 32, 401, Box::new(|u| *u == Unproven::TokenOfOtherApp)),
            (with(&|s| s.token = String::new()), 215, 400, Box::new(|u| *u == Unproven::NoToken)),
            (
                with(&|s| s.key_secret = "wrong".into()),
                32,
                401,
                Box::new(|u| matches!(u, Unproven::Signature(why) if why.signed.is_none())),
            ),
            (
                with(&|s| s.token_secret = String::new()),
                32,
                401,
                Box::new(
                    |u| matches!(u, Unproven::Signature(why) if why.signed.as_ref().unwrap().fault == Fault::NoTokenSecret),
                ),
            ),
            (with(&|s| s.skew_seconds = -301), 135, 401, Box::new(|u| *u == Unproven::Timestamp { skew_seconds: 301 })),
            (with(&|s| s.skew_seconds = 301), 135, 401, Box::new(|u| *u == Unproven::Timestamp { skew_seconds: -301 })),
        ];
        for (signer, code, status, is_reason) in cases {
            let (unproven, got, body) = refused(signer.send(&stage, "GET", "/1.1/notes.json", None).await);
            assert_eq!((got, body["errors"][0]["code"].as_u64()), (status, Some(u64::from(code))), "{unproven:?}");
            assert!(is_reason(&unproven), "{unproven:?}");
            let (_, got, body) = refused(signer.send(&stage, "GET", "/2/notes", None).await);
            assert_eq!((got, body), (401, unauthorized.clone()));
        }
        for skew_seconds in [-300, 300] {
            let nonce = skew_seconds.to_string();
            passed(Signer { skew_seconds, nonce, ..signer.clone() }.send(&stage, "GET", "/2/notes", None).await);
        }
        let good = signer.header_for(&stage, "GET", &format!("{ORIGIN}/2/notes"), ORIGIN, None);
        let plain = good.replace("HMAC-SHA1", "PLAINTEXT");
        let (unproven, status, body) = refused(stage.gate_with("GET", "/1.1/notes.json", Some(&plain)).await);
        assert_eq!(unproven, Unproven::NotSignedProperly(ReadError::SignatureMethod("PLAINTEXT".into())));
        assert_eq!((status, &body["errors"][0]["code"]), (400, &json!(215)));
        // Nothing of an App that never spent a nonce is kept.
        let gate = ObjectName::AppTraffic(other.0.parse().unwrap());
        assert!(stage.world.query(&gate, "SELECT digest FROM nonce").is_empty());
        let spent = ObjectName::AppTraffic(app.parse().unwrap());
        assert_eq!(stage.world.query(&spent, "SELECT count(*) || '' FROM nonce"), ["2"]);
    });
}

#[test]
fn a_forged_signed_request_reads_neither_its_body_nor_storage() {
    block_on(async {
        let Signing { stage, signer, .. } = signing(3, "read", &[]).await;
        let theirs = signing(4, "read", &[("MASTER_KEYS", &format!("1:{}", "66".repeat(32)))]).await.signer;
        let fresh = TestDeployment::isolate(&stage.world, &[]);
        // Once after its start it asks whether its master keys are the right ones.
        fresh.settle().await;
        let url = format!("{ORIGIN}/1.1/notes.json");
        let step = |header: Option<&str>, method| {
            let (head, body) = (RequestHead { method, url: &url, authorization: header }, UnreadBody::default());
            let decided = decide_at_once(&fresh, Asker::Client, &head, &body).flatten();
            (decided, body.most.get())
        };
        let forged = theirs.header_for(&stage, "POST", &url, ORIGIN, None);
        assert!(matches!(step(Some(&forged), "POST"), (Some(Verdict::Refuse(_)), None)));
        let good = signer.header_for(&stage, "POST", &url, ORIGIN, None);
        assert_eq!(step(Some(&good), "POST"), (None, Some(LARGEST_FORM)));
        // Without credentials in its head a POST may have them in its body, a GET not.
        assert_eq!(step(None, "POST"), (None, Some(LARGEST_UNKNOWN_FORM)));
        assert!(matches!(step(None, "GET"), (Some(Verdict::Refuse(_)), None)));
        let too_large = stage.gate_form("POST", &url, Some(&good), Form::TooLarge).await;
        let Verdict::Refuse(refused) = too_large else { panic!() };
        assert_eq!((refused.reason, refused.answer.status), (Reason::BodyTooLarge, 413));
    });
}

#[test]
fn the_parameters_may_come_in_query_or_form_and_a_body_of_another_type_is_not_signed() {
    block_on(async {
        let Signing { stage, signer, .. } = signing(5, "read-write", &[]).await;
        let url = format!("{ORIGIN}/1.1/notes.json");
        let as_form = |header: String| header.trim_start_matches("OAuth ").replace(", ", "&").replace('"', "");
        let header = signer.with_nonce("q").header_for(&stage, "GET", &url, ORIGIN, None);
        passed(stage.gate_form("GET", &format!("{url}?{}", as_form(header)), None, Form::None).await);
        let header = signer.with_nonce("f").header_for(&stage, "POST", &url, ORIGIN, Some(b"text=x"));
        let form = format!("text=x&{}", as_form(header));
        passed(stage.gate_form("POST", &url, None, Form::Read(form.as_bytes().to_vec())).await);
        let header = signer.with_nonce("j").header_for(&stage, "POST", &url, ORIGIN, None);
        passed(stage.gate_form("POST", &url, Some(&header), Form::None).await);
        let header = signer.with_nonce("t").header_for(&stage, "POST", &url, ORIGIN, Some(b"text=x"));
        let changed = stage.gate_form("POST", &url, Some(&header), Form::Read(b"text=y".to_vec())).await;
        assert!(matches!(refused(changed).0, Unproven::Signature(_)));
    });
}

#[test]
fn a_request_passes_once_of_64_copies_and_is_not_remembered_longer_than_its_time() {
    block_on(async {
        let Signing { stage, app, signer, .. } = signing(6, "read", &[]).await;
        let url = format!("{ORIGIN}/2/notes");
        let good = signer.header_for(&stage, "GET", &url, ORIGIN, None);
        // Over several isolates, each with a memory of its own.
        let isolates: Vec<_> = (0..8).map(|_| TestDeployment::isolate(&stage.world, &[])).collect();
        let copies = (0..64).map(|copy| {
            let head = RequestHead { method: "GET", url: &url, authorization: Some(&good) };
            let isolate = isolates[copy % isolates.len()].clone();
            async move { isolate.check(Asker::Client, &head, &Form::None).await }
        });
        let steps = join_all(copies).await;
        let mut passes = 0;
        for step in steps {
            match step {
                Some(Verdict::Forward(_)) => passes += 1,
                Some(verdict) => assert_eq!(refused(verdict).0, Unproven::NonceUsed),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(passes, 1);
        // The same nonce with another timestamp is another request.
        stage.world.advance_seconds(1);
        passed(signer.send(&stage, "GET", "/2/notes", None).await);
        let gate = ObjectName::AppTraffic(app.parse().unwrap());
        let count = || stage.world.query(&gate, "SELECT count(*) || '' FROM nonce");
        assert_eq!(count(), ["2"]);
        // To the last second of its window a replay is a replay.
        stage.world.advance_seconds(299);
        assert_eq!(refused(stage.gate_with("GET", "/2/notes", Some(&good)).await).0, Unproven::NonceUsed);
        stage.world.advance_seconds(1);
        let late = refused(stage.gate_with("GET", "/2/notes", Some(&good)).await).0;
        assert_eq!(late, Unproven::Timestamp { skew_seconds: 301 });
        stage.world.settle().await;
        assert_eq!(count(), ["0"]);
    });
}

#[test]
fn storage_that_does_not_answer_is_told_under_the_id_of_the_request() {
    block_on(async {
        let Signing { stage, signer, .. } = signing(17, "read", &[]).await;
        let good = signer.header_for(&stage, "GET", &format!("{ORIGIN}/2/notes"), ORIGIN, None);
        stage.world.inject(gatehouse_simulation::Fault::Fail { after_steps: 0 });
        let Verdict::Refuse(refused) = stage.gate_with("GET", "/2/notes", Some(&good)).await else {
            panic!("passed without its nonce recorded");
        };
        assert_eq!((refused.answer.status, header(&refused.answer, "retry-after")), (503, Some("1")));
        assert!(matches!(refused.reason, Reason::StorageFailed(_)));
        let log = stage.world.log.borrow().clone();
        let line: Value = serde_json::from_str(&log[0]).unwrap();
        assert_eq!(line["request_id"].as_str(), header(&refused.answer, "x-gatehouse-request-id"));
        // It was not used up.
        passed(stage.gate_with("GET", "/2/notes", Some(&good)).await);
    });
}

#[test]
fn a_request_signed_before_its_time_is_kept_until_it_is_over() {
    block_on(async {
        let Signing { stage, signer, .. } = signing(7, "read", &[]).await;
        let early = Signer { skew_seconds: 300, ..signer };
        let header = early.header_for(&stage, "GET", &format!("{ORIGIN}/2/notes"), ORIGIN, None);
        passed(stage.gate_with("GET", "/2/notes", Some(&header)).await);
        for _ in 0..60 {
            stage.world.advance_seconds(10);
            stage.world.run_alarms().await;
            assert_eq!(refused(stage.gate_with("GET", "/2/notes", Some(&header)).await).0, Unproven::NonceUsed);
        }
        stage.world.advance_seconds(10);
        let late = refused(stage.gate_with("GET", "/2/notes", Some(&header)).await).0;
        assert!(matches!(late, Unproven::Timestamp { .. }), "{late:?}");
    });
}

#[test]
fn only_accepted_origins_may_be_signed_for() {
    block_on(async {
        let origins = format!("https://api.example.com,{ORIGIN}");
        let Signing { stage, signer, .. } = signing(8, "read", &[("ORIGINS", &origins)]).await;
        let url = format!("{ORIGIN}/2/notes");
        for (nonce, origin) in [("a", "https://api.example.com"), ("b", ORIGIN), ("c", "https://API.example.com:443")] {
            let header = signer.with_nonce(nonce).header_for(&stage, "GET", &url, origin, None);
            passed(stage.gate_with("GET", "/2/notes", Some(&header)).await);
        }
        // The Worker's own address, which is none that clients should use.
        let inner = "http://127.0.0.1:8787";
        let header = signer.with_nonce("d").header_for(&stage, "GET", &format!("{inner}/2/notes"), inner, None);
        let verdict = stage.gate_form("GET", &format!("{inner}/2/notes"), Some(&header), Form::None).await;
        assert_eq!(refused(verdict).0, Unproven::OriginNotAccepted { origin: inner.into() });
        let header = signer.with_nonce("e").header_for(&stage, "GET", &url, "https://evil.example", None);
        assert!(matches!(refused(stage.gate_with("GET", "/2/notes", Some(&header)).await).0, Unproven::Signature(_)));
    });
}

#[test]
fn a_token_keeps_its_level_until_it_is_regenerated() {
    block_on(async {
        let Signing { stage, client, app, signer } = signing(9, "read", &[]).await;
        let params = [("app_id", app.as_str())];
        client.post(Route::UpdateApp, &params, json!({ "permission": "read-write" })).await.expect(200);
        let view = client.get(Route::FindApp, &params).await.expect(200);
        let token = view["credentials"].as_array().unwrap().iter().find(|c| c["kind"] == "access-token").unwrap();
        assert_eq!((&token["permission"], &view["settings"]["permission"]), (&json!("read"), &json!("read-write")));
        let verdict = signer.with_nonce("w").send(&stage, "POST", "/2/notes", None).await;
        let Verdict::Refuse(refused) = verdict else { panic!("{verdict:?}") };
        let issued_with = Some(Permission::Read);
        assert_eq!(refused.reason, Reason::PermissionTooLow { needed: Permission::ReadWrite, issued_with });
        assert_eq!(header(&refused.answer, "x-access-level"), Some("read"));
        assert!(refused.answer.body.contains("regenerate"), "{}", refused.answer.body);
        let params = [("app_id", app.as_str()), ("kind", "access-token")];
        let new = client.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let new =
            Signer { token: text(&new["access_token"]), token_secret: text(&new["access_token_secret"]), ..signer };
        assert_eq!(passed(new.send(&stage, "POST", "/2/notes", None).await).shown_level, Permission::ReadWrite);
        // And keeps that when the App's goes down again.
        client.post(Route::UpdateApp, &params[..1], json!({ "permission": "read" })).await.expect(200);
        passed(new.with_nonce("again").send(&stage, "POST", "/2/notes", None).await);
    });
}

#[test]
fn the_deployment_answers_who_the_user_is() {
    block_on(async {
        let Signing { stage, client, signer, .. } = signing(10, "read", &[]).await;
        let id = client.account_id().await;
        let user = json!({ "data": { "id": id, "name": "alice", "username": "alice" } });
        let (answer, body) =
            answered(signer.with_nonce("1").send(&stage, "GET", "/1.1/account/verify_credentials.json", None).await);
        assert_eq!((answer.status, header(&answer, "x-access-level")), (200, Some("read")));
        let expected = json!({
            "id": id.parse::<u64>().unwrap(), "id_str": id, "name": "alice", "screen_name": "alice",
            "created_at": "Fri Jan 15 08:00:00 +0000 2027",
            "profile_image_url_https": format!("{ORIGIN}/profile_images/default_normal.png"),
        });
        assert_eq!(body, expected);
        for (nonce, path) in [
            ("2", "/2/users/me".to_owned()),
            ("3", format!("/2/users/{id}")),
            ("4", "/2/users/by/username/Alice".into()),
        ] {
            let (answer, body) = answered(signer.with_nonce(nonce).send(&stage, "GET", &path, None).await);
            assert_eq!((answer.status, &body), (200, &user), "{path}");
        }
        let tables = stage.world.tables();
        for (nonce, path) in [
            ("5", "/2/users/1234567890123456789"),
            ("6", "/2/users/x"),
            ("7", "/2/users/by/username/nobody"),
            ("8", "/2/users/by/username/a%20b"),
        ] {
            let (answer, body) = answered(signer.with_nonce(nonce).send(&stage, "GET", path, None).await);
            assert_eq!((answer.status, body["title"].as_str()), (404, Some("Not Found Error")), "{path}");
        }
        assert_eq!(stage.world.tables(), tables, "asking for nobody leaves nothing behind");
    });
}

#[test]
fn a_request_can_revoke_the_token_that_signs_it() {
    block_on(async {
        let Signing { stage, client, app, signer } = signing(11, "read", &[]).await;
        let (answer, body) = answered(signer.send(&stage, "POST", "/1.1/oauth/invalidate_token", None).await);
        assert_eq!((answer.status, body), (200, json!({ "access_token": signer.token })));
        let (unproven, status, body) =
            refused(signer.with_nonce("n").send(&stage, "GET", "/1.1/notes.json", None).await);
        assert_eq!((unproven, status), (Unproven::Token(Unusable::Replaced), 401));
        assert_eq!(body["errors"][0]["code"], 89);
        let view = client.get(Route::FindApp, &[("app_id", &app)]).await.expect(200);
        assert!(view["credentials"].as_array().unwrap().iter().all(|c| c["kind"] != "access-token"), "{view}");
    });
}

#[test]
fn only_a_key_and_a_token_that_were_made_here_let_a_large_form_be_read() {
    block_on(async {
        let Signing { stage, signer, .. } = signing(30, "read", &[]).await;
        let url = format!("{ORIGIN}/1.1/notes.json");
        let most = |header: Option<&str>, url: &str| {
            let head = RequestHead { method: "POST", url, authorization: header };
            let body = UnreadBody::default();
            assert_eq!(decide_at_once(&stage.isolate, Asker::Client, &head, &body), None);
            body.most.get()
        };
        let good = signer.header_for(&stage, "POST", &url, ORIGIN, None);
        assert_eq!(most(Some(&good), &url), Some(LARGEST_FORM));
        let in_query = format!("{url}?oauth_consumer_key={}&oauth_token={}", signer.key, signer.token);
        assert_eq!(most(None, &in_query), Some(LARGEST_FORM));
        // An API Key alone is no secret, and asks for nothing.
        let key_alone = format!("{url}?oauth_consumer_key={}", signer.key);
        for (header, url) in [(None, &url), (Some("OAuth"), &url), (None, &key_alone)] {
            assert_eq!(most(header, url), Some(LARGEST_UNKNOWN_FORM), "{header:?} {url}");
        }
    });
}

#[test]
fn a_form_that_grows_when_it_is_encoded_is_not_signed_over() {
    block_on(async {
        let Signing { stage, signer, .. } = signing(31, "read-write", &[]).await;
        let url = format!("{ORIGIN}/1.1/notes.json");
        let header = signer.header_for(&stage, "POST", &url, ORIGIN, None);
        let pluses = vec![b'+'; LARGEST_FORM];
        let (unproven, status, _) =
            refused(stage.gate_form("POST", &url, Some(&header), Form::Read(pluses.clone())).await);
        assert_eq!((unproven, status), (Unproven::NotSignedProperly(ReadError::TooLong), 400));
        // What is encoded already may be as long as a form may be.
        let encoded = [b"text=".as_slice(), "%C3%A9".repeat(LARGEST_FORM / 6 - 100).as_bytes()].concat();
        let header = signer.with_nonce("long").header_for(&stage, "POST", &url, ORIGIN, Some(&encoded));
        passed(stage.gate_form("POST", &url, Some(&header), Form::Read(encoded.clone())).await);
    });
}

#[test]
fn the_expected_base_string_is_that_of_the_origin_which_the_client_signed() {
    block_on(async {
        let origins = format!("https://a.example,https://b.example,{ORIGIN}");
        let Signing { stage, signer, .. } = signing(32, "read", &[("ORIGINS", &origins)]).await;
        // A proxy calls the deployment by another name, and the client forgot to sign the query.
        let (inner, public) = ("http://10.0.0.1/2/notes?q=1", "https://b.example/2/notes");
        let header = signer.header_for(&stage, "GET", public, "https://b.example", None);
        let (unproven, ..) = refused(stage.gate_form("GET", inner, Some(&header), Form::None).await);
        let Unproven::Signature(explanation) = unproven else { panic!("{unproven:?}") };
        assert!(explanation.expected.starts_with("GET&https%3A%2F%2Fb.example%2F"), "{}", explanation.expected);
        assert_eq!(explanation.signed.map(|signed| signed.fault), Some(Fault::QueryNotSigned));
    });
}
