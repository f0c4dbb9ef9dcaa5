//! What `/metrics` and `/readyz` say on the real runtime, read as Prometheus reads it.

use gatehouse_tests::{Client, Server, Upstream, answer_with, bearer_token_of, eventually, python, run};
use serde_json::{Value, json};

const TOKEN: &str = "a-token-of-the-operators-prometheus";

/// The metrics of a server, as the parser of prometheus_client understands them.
struct Scrape(Value);

impl Scrape {
    fn of(server: &Server) -> Self {
        let mut reader = python("read_metrics.py");
        let read = run(reader.arg(format!("{}/metrics", server.url())).env("METRICS_TOKEN", TOKEN));
        Self(serde_json::from_str(&read).unwrap())
    }

    /// The sum of all samples of a name that have these labels.
    fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let samples = self.0["samples"][name].as_array().unwrap_or_else(|| panic!("no {name}"));
        let has = |sample: &&Value| labels.iter().all(|(label, value)| sample[0][label] == *value);
        samples.iter().filter(has).map(|sample| sample[1].as_f64().unwrap()).sum()
    }
}

#[test]
fn calls_are_counted_and_prometheus_can_read_it() {
    let upstream = Upstream::start(|head, stream| {
        if !head.contains("/2/broken") {
            answer_with(stream, 200, "", "{}");
        } else {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
    });
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("UPSTREAM_URL", upstream.url()), ("METRICS_TOKEN", TOKEN)]);
    let token = bearer_token_of(&server);
    let client = Client::at(server.url().to_owned());
    let before = Scrape::of(&server);
    for _ in 0..7 {
        assert_eq!(client.gate("GET", "/2/notes", &token).status, 200);
    }
    assert_eq!(client.gate("GET", "/2/broken", &token).status, 502);
    for _ in 0..3 {
        assert_eq!(client.gate("GET", "/2/notes", "gh_bearer_made_up").status, 401);
    }
    assert_eq!(client.gate("GET", "/1.1/notes.json", "gh_bearer_made_up").status, 401);
    for path in ["/docs", "/readyz"] {
        assert_eq!(client.send("GET", path, &[], b"").status, 200, "{path}");
    }
    let after = Scrape::of(&server);

    let rise = |name: &str, labels: &[(&str, &str)]| after.sum(name, labels) - before.sum(name, labels);
    let requests = |verdict, reason| {
        rise("gatehouse_requests_total", &[("version", "v2"), ("verdict", verdict), ("reason", reason)])
    };
    assert_eq!(requests("forward", "none"), 8.0);
    assert_eq!(requests("refuse", "unknown-credential"), 3.0);
    assert_eq!(rise("gatehouse_requests_total", &[]), 12.0);
    assert_eq!(rise("gatehouse_upstream_seconds_count", &[]), 7.0);
    assert_eq!(rise("gatehouse_upstream_seconds_bucket", &[("le", "+Inf")]), 7.0);
    assert_eq!(rise("gatehouse_upstream_failures_total", &[("kind", "unreachable")]), 1.0);
    // The page, the test of readiness, and the scrape before.
    assert_eq!(rise("gatehouse_portal_requests_total", &[("status", "2xx")]), 3.0);
    assert_eq!(rise("gatehouse_kv_reads_total", &[("outcome", "found")]), 1.0);
    assert!(rise("gatehouse_leases_total", &[("event", "asked")]) >= 1.0);
    // The objects count where requests do.
    assert!(before.sum("gatehouse_deliveries_total", &[("outcome", "delivered")]) >= 3.0);
    assert!(before.sum("gatehouse_kv_writes_total", &[("outcome", "written")]) >= 1.0);
    assert!(before.sum("gatehouse_object_calls_total", &[("class", "name-registry"), ("outcome", "answered")]) >= 2.0);
    assert_eq!(after.sum("gatehouse_accounts", &[]), 1.0);
    assert_eq!(after.sum("gatehouse_developer_accounts", &[("state", "approved")]), 1.0);
    assert_eq!(after.sum("gatehouse_account_index_up", &[]), 1.0);
    assert_eq!(after.sum("gatehouse_build_info", &[]), 1.0);
    assert_eq!(after.0["types"]["gatehouse_upstream_seconds"], "histogram");
    eventually("everything is delivered, and an alarm came", || {
        let now = Scrape::of(&server);
        let (waiting, alarms) = (now.sum("gatehouse_outbox_waiting", &[]), now.sum("gatehouse_alarms_total", &[]));
        if waiting == 0.0 && alarms >= 1.0 { Ok(()) } else { Err(format!("{waiting} wait, {alarms} alarms")) }
    });
    assert_eq!(Scrape::of(&server).sum("gatehouse_alarms_late_total", &[]), 0.0);
}

#[test]
fn metrics_are_for_whoever_has_the_token_and_readiness_is_for_all() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("METRICS_TOKEN", TOKEN)]);
    let client = Client::at(server.url().to_owned());
    for wrong in ["", "Bearer", "Bearer x", "Basic eDp5", TOKEN] {
        let refused = client.send("GET", "/metrics", &[("authorization", wrong)], b"");
        assert_eq!(refused.status, 401, "{wrong}: {}", refused.text);
        assert_eq!(refused.header("www-authenticate"), Some("Bearer realm=\"metrics\""), "{wrong}");
    }
    let bearer = format!("Bearer {TOKEN}");
    let told = client.send("GET", "/metrics", &[("authorization", &bearer)], b"");
    assert_eq!((told.status, told.header("cache-control")), (200, Some("no-store")));
    assert_eq!(client.send("GET", "/metrics/x", &[("authorization", &bearer)], b"").status, 404);
    // Where none is set, there is no such path: `wrong_addresses.rs`.
    let ready = Client::new().send("GET", "/readyz", &[], b"");
    assert_eq!(ready.status, 200, "{}", ready.text);
    let check = |name: &str| json!({ "name": name, "status": "ok", "detail": "" });
    let checks = ["settings", "master-keys", "object", "kv"].map(check);
    assert_eq!(ready.json, json!({ "status": "ok", "checks": checks }));
}

#[test]
fn a_token_that_is_too_short_is_a_mistake_in_the_settings() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("METRICS_TOKEN", "fifteen letters")]);
    let client = Client::at(server.url().to_owned());
    for path in ["/metrics", "/readyz"] {
        let reply = client.send("GET", path, &[("authorization", "Bearer fifteen letters")], b"");
        assert_eq!((reply.status, reply.json["code"].as_str()), (500, Some("bad-configuration")), "{}", reply.text);
    }
}
