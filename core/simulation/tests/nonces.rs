//! Where the nonces of signed requests are kept, natively.

use crate::support::signing::Signer;
use crate::support::{ORIGIN, TestDeployment, decide};
use futures::executor::block_on;
use gatehouse_domain::gate::{Reason, Refused, Unproven, Verdict};
use gatehouse_domain::ports::ObjectName;
use gatehouse_domain::request::RequestHead;
use gatehouse_edge::check::{Asker, Form};
use gatehouse_shared::api::Route;
use serde_json::json;

const WRITES: &[(&str, &str)] = &[("NONCES", "writes")];

/// An App that signs, with one request of its owner sent already.
struct Known {
    stage: TestDeployment,
    signer: Signer,
    gate: ObjectName,
}

impl Known {
    async fn new(seed: u64, variables: &[(&str, &str)]) -> Self {
        let stage = TestDeployment::with(seed, variables);
        let client = stage.developer("alice").await;
        let (_, app, created) = client.create_project("Weather", "read-write").await;
        let params = [("app_id", app.as_str()), ("kind", "access-token")];
        let token = client.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let signer = Signer::new(&created["app"]["credentials"], &token);
        // A request that comes alone leases one admission, and the next one some more.
        for nonce in ["first", "second"] {
            let verdict = signer.with_nonce(nonce).send(&stage, "GET", "/2/notes/7", None).await;
            assert!(matches!(verdict, Verdict::Forward(_)));
        }
        Self { stage, signer, gate: ObjectName::AppTraffic(app.parse().unwrap()) }
    }

    fn header(&self, method: &str, path: &str, nonce: &str) -> String {
        self.signer.with_nonce(nonce).header_for(&self.stage, method, &format!("{ORIGIN}{path}"), ORIGIN, None)
    }

    /// What the gate says, and whether it had to wait.
    async fn step(&self, method: &str, path: &str, header: &str) -> (bool, Verdict) {
        let url = format!("{ORIGIN}{path}");
        let head = RequestHead { method, url: &url, authorization: Some(header) };
        let (verdict, waited) = decide(&self.stage.isolate, Asker::Client, &head, &Form::None).await;
        (waited, verdict.unwrap())
    }

    fn recorded(&self) -> Vec<String> {
        self.stage.world.query(&self.gate, "SELECT count(*) || '' FROM nonce")
    }
}

fn is_forward(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Forward(_))
}

fn is_replay(verdict: &Verdict) -> bool {
    let used = Reason::Unproven(Unproven::NonceUsed);
    matches!(verdict, Verdict::Refuse(Refused { reason, .. }) if *reason == used)
}

#[test]
fn a_known_signed_request_waits_for_its_nonce_alone() {
    block_on(async {
        let known = Known::new(1, &[]).await;
        let header = known.header("GET", "/2/notes/7", "a");
        let (first, passed) = known.step("GET", "/2/notes/7", &header).await;
        assert!(first && is_forward(&passed), "{first:?} {passed:?}");
        assert_eq!(known.recorded(), ["3"]);
        let (_, replay) = known.step("GET", "/2/notes/7", &header).await;
        let Verdict::Refuse(refused) = &replay else { panic!("{replay:?}") };
        assert!(is_replay(&replay) && refused.answer.status == 401);
    });
}

#[test]
fn a_signed_read_can_be_decided_at_once_and_a_replay_of_it_is_refused() {
    block_on(async {
        let known = Known::new(2, WRITES).await;
        let header = known.header("GET", "/2/notes/7", "a");
        let (waited, passed) = known.step("GET", "/2/notes/7", &header).await;
        assert!(!waited && is_forward(&passed), "{waited:?} {passed:?}");
        let (waited, replay) = known.step("GET", "/2/notes/7", &header).await;
        assert!(!waited && is_replay(&replay), "{waited:?} {replay:?}");
        assert_eq!(known.recorded(), ["0"]);
        // To the last second of its window.
        known.stage.world.advance_seconds(300);
        assert!(is_replay(&known.step("GET", "/2/notes/7", &header).await.1));
        // A route that reads by POST, and an answer of the deployment's own, are reads as well.
        for (nonce, method, path) in [("b", "POST", "/2/search"), ("c", "GET", "/2/users/me")] {
            let header = known.header(method, path, nonce);
            let (_, first) = known.step(method, path, &header).await;
            assert!(!is_replay(&first), "{first:?}");
            assert!(is_replay(&known.step(method, path, &header).await.1), "{path}");
        }
        assert_eq!(known.recorded(), ["0"]);
    });
}

#[test]
fn a_write_is_recorded_once_for_all_isolates() {
    block_on(async {
        let known = Known::new(3, WRITES).await;
        let header = known.header("POST", "/2/notes", "a");
        assert!(is_forward(&known.step("POST", "/2/notes", &header).await.1));
        assert_eq!(known.recorded(), ["1"]);
        let elsewhere = TestDeployment::isolate(&known.stage.world, WRITES);
        let url = format!("{ORIGIN}/2/notes");
        let head = RequestHead { method: "POST", url: &url, authorization: Some(&header) };
        assert!(is_replay(&elsewhere.check(Asker::Client, &head, &Form::None).await.unwrap()));
    });
}

#[test]
fn a_request_that_may_not_pass_uses_no_nonce_up() {
    block_on(async {
        let known = Known::new(4, WRITES).await;
        // The same nonce passes once it is signed well.
        let wrong = known.header("GET", "/2/notes/7", "a").replace("oauth_signature=\"", "oauth_signature=\"x");
        let (_, refused) = known.step("GET", "/2/notes/7", &wrong).await;
        assert!(!is_forward(&refused) && !is_replay(&refused), "{refused:?}");
        let good = known.header("GET", "/2/notes/7", "a");
        assert!(is_forward(&known.step("GET", "/2/notes/7", &good).await.1));
    });
}

#[test]
fn a_busy_app_forgets_its_nonces_all_the_same() {
    block_on(async {
        let known = Known::new(5, &[]).await;
        for number in 0..80 {
            known.stage.world.advance_seconds(30);
            known.stage.world.run_alarms().await;
            let header = known.header("GET", "/2/notes/7", &format!("n{number}"));
            assert!(is_forward(&known.step("GET", "/2/notes/7", &header).await.1));
        }
        // Those of the last 17 minutes or so, of 40.
        let kept: u32 = known.recorded()[0].parse().unwrap();
        assert!((30..=40).contains(&kept), "{kept}");
    });
}
