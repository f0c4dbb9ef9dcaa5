//! What `/metrics` tells of what happened.

use crate::support::{Client, ORIGIN, Reply, TestDeployment, decide};
use futures::executor::block_on;
use gatehouse_domain::gate::UpstreamFailure;
use gatehouse_domain::metrics::{CONTENT_TYPE, ObjectClass};
use gatehouse_domain::ports::ObjectName;
use gatehouse_domain::request::RequestHead;
use gatehouse_edge::check::{Asker, Form, Page};
use gatehouse_edge::http::Body;
use gatehouse_shared::api::Route;
use gatehouse_simulation::Fault;
use serde_json::json;
use std::collections::BTreeMap;

const TOKEN: &str = "a token of the operator's Prometheus";

fn deployment(seed: u64) -> TestDeployment {
    TestDeployment::with(seed, &[("METRICS_TOKEN", TOKEN)])
}

async fn get(stage: &TestDeployment, authorization: Option<&str>) -> Reply {
    let headers: Vec<(&str, &str)> = authorization.map(|value| ("authorization", value)).into_iter().collect();
    stage.client().raw("GET", "/metrics", &headers, Body::Read(Vec::new())).await
}

/// Every series with its value.
async fn scrape(stage: &TestDeployment) -> BTreeMap<String, f64> {
    let reply = get(stage, Some(&format!("Bearer {TOKEN}"))).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.header("content-type"), Some(CONTENT_TYPE));
    let samples = reply.text.lines().filter(|line| !line.starts_with('#'));
    samples
        .map(|line| line.rsplit_once(' ').unwrap())
        .map(|(series, value)| (series.to_owned(), value.parse().unwrap()))
        .collect()
}

/// The decisions that were counted, as `version verdict reason`.
async fn decisions(stage: &TestDeployment) -> Vec<(String, f64)> {
    let all = scrape(stage).await.into_iter().filter(|(_, count)| *count > 0.0);
    let requests = all.filter_map(|(series, count)| {
        let labels = series.strip_prefix("gatehouse_requests_total{")?;
        let values = labels.split('"').skip(1).step_by(2);
        Some((values.collect::<Vec<_>>().join(" "), count))
    });
    requests.collect()
}

fn counted(expected: &[(&str, f64)]) -> Vec<(String, f64)> {
    expected.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

async fn bearer_token(client: &Client) -> (String, String) {
    let (app, created) = client.create_app("Weather").await;
    (app, created["credentials"]["bearer_token"].as_str().unwrap().to_owned())
}

#[test]
fn metrics_are_told_to_whoever_has_the_token_and_have_no_path_where_none_is_set() {
    block_on(async {
        let stage = deployment(1);
        assert!(stage.isolate.answers("/metrics"));
        for wrong in [None, Some(TOKEN), Some("Bearer"), Some("Bearer "), Some("Bearer x"), Some("Basic eDp5")] {
            let refused = get(&stage, wrong).await;
            assert_eq!(refused.status, 401, "{wrong:?}");
            assert_eq!(refused.header("www-authenticate"), Some("Bearer realm=\"metrics\""));
            assert!(!refused.text.contains("gatehouse_"), "{}", refused.text);
        }
        let almost = format!("Bearer {TOKEN}x");
        assert_eq!(get(&stage, Some(&almost)).await.status, 401);
        assert_eq!(get(&stage, Some(&format!("bearer {TOKEN}"))).await.status, 200, "a scheme has no case");
        let changed = stage.client().raw("POST", "/metrics", &[], Body::Read(Vec::new())).await;
        assert_eq!((changed.status, changed.header("allow")), (405, Some("GET, HEAD")));

        let without = TestDeployment::new(1);
        assert!(!without.isolate.answers("/metrics"));
        assert_eq!(get(&without, Some(&format!("Bearer {TOKEN}"))).await.status, 404);
    });
}

#[test]
fn each_decision_is_counted_by_version_verdict_and_reason() {
    block_on(async {
        let stage = deployment(1);
        let (_, token) = bearer_token(&stage.developer("alice").await).await;
        for _ in 0..3 {
            assert_eq!(stage.gate_status("/1.1/notes.json", &token).await, 200);
        }
        stage.gate_status("/1.1/application/rate_limit_status.json", &token).await;
        // A standalone App may not use this version.
        stage.gate_status("/2/notes/7", &token).await;
        stage.gate_status("/1.1/messages.json", &token).await;
        stage.gate_status("/1.1/notes.json", "gh_bearer_made_up").await;
        stage.gate_status("/2/notes/7", "gh_bearer_made_up").await;
        stage.gate_with("GET", "/1.1/notes.json", None).await;
        stage.gate_status("/1.1/../2/notes/7", &token).await;
        for _ in 0..22 {
            stage.gate_status("/1.1/limited.json", &token).await;
        }
        let expected = [
            ("v1.1 answer none", 1.0),
            ("v1.1 forward none", 23.0),
            ("v1.1 refuse ambiguous-path", 1.0),
            ("v1.1 refuse no-credential", 1.0),
            ("v1.1 refuse not-allowed", 1.0),
            ("v1.1 refuse rate-limit", 2.0),
            ("v1.1 refuse unknown-credential", 1.0),
            ("v2 refuse not-allowed", 1.0),
            ("v2 refuse unknown-credential", 1.0),
        ];
        assert_eq!(decisions(&stage).await, counted(&expected));
    });
}

#[test]
fn what_others_forward_is_counted_once_as_forwarded() {
    block_on(async {
        let stage = deployment(1);
        let (_, token) = bearer_token(&stage.developer("alice").await).await;
        let authorization = format!("Bearer {token}");
        let ask = async |asker, path: &str, authorization: Option<&str>| {
            let url = format!("{ORIGIN}{path}");
            let head = RequestHead { method: "GET", url: &url, authorization };
            decide(&stage.isolate, asker, &head, &Form::None).await.0
        };
        for asker in [Asker::Worker, Asker::ForwardAuth { signs: false }, Asker::ProxyAfterRefusal] {
            for credential in [Some(authorization.as_str()), None] {
                ask(asker, "/1.1/notes.json", credential).await;
            }
            ask(asker, "/portal", Some(&authorization)).await;
        }
        assert_eq!(ask(Asker::Client, "/portal", None).await, None);
        let unread = stage.isolate.read_original_request("GET", &format!("{ORIGIN}/gate/check"), "");
        assert!(unread.is_err());
        stage.isolate.count_unread_question();
        let url = format!("{ORIGIN}/1.1/notes.json");
        let head = RequestHead { method: "OPTIONS", url: &url, authorization: None };
        let page = Page { origin: "https://page.example", method: Some("GET"), headers: None };
        stage.isolate.browse(Asker::Client, &head, &page);
        let expected = [
            ("none refuse no-version", 2.0),
            ("none refuse question", 1.0),
            // Two requests, and the question of a page, which the API answers.
            ("v1.1 forward none", 3.0),
            ("v1.1 refuse no-credential", 2.0),
        ];
        assert_eq!(decisions(&stage).await, counted(&expected));
    });
}

#[test]
fn nothing_that_a_caller_makes_up_becomes_a_series() {
    block_on(async {
        let stage = deployment(1);
        let before: Vec<String> = scrape(&stage).await.into_keys().collect();
        for n in 0..200 {
            stage.gate_status(&format!("/2/made/up/{n}"), &format!("gh_bearer_{n}")).await;
            stage.gate_with(&format!("M{n}"), &format!("/1.1/{n}?q={n}"), Some(&format!("Scheme{n} x"))).await;
        }
        let after: Vec<String> = scrape(&stage).await.into_keys().collect();
        assert_eq!(before, after);
        assert!(after.len() < 300, "{} series", after.len());
    });
}

#[test]
fn reads_writes_calls_and_leases_are_counted_by_how_they_end() {
    block_on(async {
        let stage = deployment(1);
        let (_, token) = bearer_token(&stage.developer("alice").await).await;
        let before = scrape(&stage).await;
        assert!(before["gatehouse_kv_writes_total{outcome=\"written\"}"] >= 1.0);
        assert!(before["gatehouse_object_calls_total{class=\"name-registry\",outcome=\"answered\"}"] >= 2.0);
        assert!(before["gatehouse_deliveries_total{outcome=\"delivered\"}"] >= 3.0);

        // Another isolate of the same process: nothing is in its memory.
        let other = TestDeployment {
            world: stage.world.clone(),
            isolate: TestDeployment::isolate(&stage.world, &[("METRICS_TOKEN", TOKEN)]),
        };
        assert_eq!(other.gate_status("/1.1/limited.json", &token).await, 200);
        for _ in 0..20 {
            other.gate_status("/1.1/limited.json", &token).await;
        }
        other.world.kv_is_down.set(true);
        other.world.advance_seconds(60);
        other.gate_status("/1.1/limited.json", &token).await;
        other.world.kv_is_down.set(false);
        other.world.class_down.set(Some(ObjectClass::AppTraffic));
        other.world.advance_seconds(900);
        assert_eq!(other.gate_status("/1.1/limited.json", &token).await, 503);
        other.world.class_down.set(None);
        for _ in 0..40 {
            assert_eq!(other.gate_status("/1.1/busy.json", &token).await, 200);
        }
        other.isolate.renew_leases().await;
        other.isolate.return_leases(0).await;
        let after = scrape(&other).await;
        let rise = |series: &str| after[series] - before[series];
        assert!(rise("gatehouse_kv_reads_total{outcome=\"found\"}") >= 1.0, "{after:#?}");
        assert!(rise("gatehouse_kv_reads_total{outcome=\"failed\"}") >= 1.0);
        assert!(rise("gatehouse_object_calls_total{class=\"app-traffic\",outcome=\"failed\"}") >= 1.0);
        let lease = |event: &str| rise(&format!("gatehouse_leases_total{{event=\"{event}\"}}"));
        assert!(lease("asked") >= 4.0 && lease("refused") >= 1.0 && lease("failed") == 1.0, "{after:#?}");
        assert!(lease("returned") >= 1.0);
    });
}

#[test]
fn an_upstream_that_fails_is_counted_by_how_and_one_that_answers_by_its_time() {
    block_on(async {
        let stage = deployment(1);
        for failure in [UpstreamFailure::TimedOut, UpstreamFailure::Unreachable, UpstreamFailure::Unreachable] {
            stage.isolate.upstream_failure(&format!("{ORIGIN}/2/notes/7"), "id", failure, "text");
        }
        stage.world.metrics.upstream.observe(30);
        let all = scrape(&stage).await;
        assert_eq!(all["gatehouse_upstream_failures_total{kind=\"timed-out\"}"], 1.0);
        assert_eq!(all["gatehouse_upstream_failures_total{kind=\"unreachable\"}"], 2.0);
        assert_eq!(all["gatehouse_upstream_seconds_bucket{le=\"0.025\"}"], 0.0);
        assert_eq!(all["gatehouse_upstream_seconds_bucket{le=\"0.05\"}"], 1.0);
        assert_eq!(all["gatehouse_upstream_seconds_sum"], 0.03);
    });
}

#[test]
fn a_backlog_shows_its_count_and_age_until_it_is_delivered() {
    block_on(async {
        let stage = deployment(1);
        let alice = stage.developer("alice").await;
        let (app, _) = bearer_token(&alice).await;
        stage.world.settle().await;
        // KV takes one write a second of a key.
        stage.world.advance_seconds(10);
        let waiting = async || {
            let all = scrape(&stage).await;
            (all["gatehouse_outbox_waiting"], all["gatehouse_outbox_oldest_seconds"])
        };
        assert_eq!(waiting().await, (0.0, 0.0));
        stage.world.kv_is_down.set(true);
        let change = async |text: &str| {
            let body = json!({ "description": text, "permission": "read-write" });
            alice.call(Route::UpdateApp, &[("app_id", &app)], Some(body)).await.expect(200);
        };
        change("The first change").await;
        assert_eq!(waiting().await, (1.0, 0.0));
        stage.world.advance_seconds(600);
        assert_eq!(waiting().await, (1.0, 600.0));
        // The newer state takes the place of the older, which nobody has heard of either.
        change("The second change").await;
        assert_eq!(waiting().await, (1.0, 600.0));
        let failed = scrape(&stage).await["gatehouse_deliveries_total{outcome=\"failed\"}"];
        assert!(failed >= 2.0, "{failed}");

        // An object that starts again tells it again.
        let owner = ObjectName::DeveloperAccount(alice.own_developer_account().await.parse().unwrap());
        stage.world.metrics.outboxes.note(&owner.to_string(), None);
        assert_eq!(waiting().await, (0.0, 0.0));
        stage.world.restore(&owner, "").unwrap();
        alice.get(Route::FindApp, &[("app_id", &app)]).await.expect(200);
        assert_eq!(waiting().await, (1.0, 600.0));

        stage.world.kv_is_down.set(false);
        stage.world.settle().await;
        assert_eq!(waiting().await, (0.0, 0.0));
    });
}

#[test]
fn a_crash_leaves_no_backlog_that_is_not_there() {
    for after_steps in 0..30 {
        block_on(async {
            let stage = deployment(after_steps.into());
            let alice = stage.developer("alice").await;
            let (app, _) = bearer_token(&alice).await;
            stage.world.settle().await;
            stage.world.inject(Fault::Crash { after_steps });
            let body = json!({ "description": "Another description", "permission": "read-write" });
            alice.call(Route::UpdateApp, &[("app_id", &app)], Some(body)).await;
            stage.world.clear_fault();
            stage.world.settle().await;
            let all = scrape(&stage).await;
            assert_eq!(all["gatehouse_outbox_waiting"], 0.0, "after {after_steps} steps");
        });
    }
}

#[test]
fn alarms_are_counted_and_so_are_those_that_come_late() {
    block_on(async {
        let stage = deployment(1);
        let alice = stage.developer("alice").await;
        let (app, _) = bearer_token(&alice).await;
        stage.world.settle().await;
        let before = stage.world.metrics.alarms();
        stage.world.kv_is_down.set(true);
        let body = json!({ "description": "Another description", "permission": "read-write" });
        alice.call(Route::UpdateApp, &[("app_id", &app)], Some(body)).await.expect(200);
        stage.world.advance_seconds(5);
        assert!(stage.world.run_alarms().await > 0);
        let in_time = stage.world.metrics.alarms();
        assert!(in_time.0 > before.0 && in_time.1 == before.1, "{before:?} {in_time:?}");
        stage.world.advance_seconds(300);
        assert!(stage.world.run_alarms().await > 0);
        let all = scrape(&stage).await;
        assert!(all["gatehouse_alarms_late_total"] > before.1 as f64, "{in_time:?}");
        assert!(all["gatehouse_alarms_total"] > in_time.0 as f64);
    });
}

#[test]
fn the_account_index_tells_how_many_there_are_and_how_long_they_wait() {
    block_on(async {
        let stage = deployment(1);
        let empty = scrape(&stage).await;
        assert_eq!((empty["gatehouse_account_index_up"], empty["gatehouse_accounts"]), (1.0, 0.0));
        stage.developer("alice").await;
        let bob = stage.unapproved("bob").await;
        bob.post(Route::SubmitApplication, &[], crate::support::application()).await.expect(200);
        stage.world.advance_seconds(100);
        let all = scrape(&stage).await;
        // With the operator's.
        assert_eq!(all["gatehouse_accounts"], 3.0);
        assert_eq!(all["gatehouse_developer_accounts{state=\"approved\"}"], 1.0);
        assert_eq!(all["gatehouse_developer_accounts{state=\"in-review\"}"], 1.0);
        assert_eq!(all["gatehouse_applications_waiting_seconds"], 100.0);
        stage.world.class_down.set(Some(ObjectClass::AccountIndex));
        assert_eq!(scrape(&stage).await["gatehouse_accounts"], 3.0, "it is asked once a minute");
        stage.world.advance_seconds(60);
        let down = scrape(&stage).await;
        assert_eq!(down["gatehouse_account_index_up"], 0.0);
        assert!(!down.keys().any(|series| series.starts_with("gatehouse_accounts")), "{down:#?}");
        stage.world.class_down.set(None);
        assert_eq!(scrape(&stage).await["gatehouse_account_index_up"], 1.0);
    });
}
