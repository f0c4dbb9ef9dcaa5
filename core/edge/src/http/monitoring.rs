//! What monitors ask: `/healthz`, `/readyz` and `/metrics`.

use super::problem::respond;
use super::reply::Response;
use super::request::Request;
use crate::isolate::{Check, Isolate, KeysError};
use gatehouse_domain::message::account_index::{AccountIndexCall, IndexCounts};
use gatehouse_domain::metrics::{CONTENT_TYPE, Decision, Exposition, Family};
use gatehouse_domain::ports::{EdgePorts, ObjectName, PortError, ask, log_failure};
use gatehouse_shared::model::ApplicationState;
use gatehouse_shared::problem::Code;
use serde::Serialize;

/// For how long the account index is not asked again how many there are, in seconds: to count them it reads each.
const COUNTS_KEPT_SECONDS: u64 = 60;

#[derive(Serialize)]
struct Readiness {
    status: &'static str,
    checks: Vec<Check>,
}

impl<R: EdgePorts> Isolate<R> {
    /// Tells whether the settings are good and the master keys the right ones.
    /// An account index that does not answer leaves that open: that is not an ill deployment.
    pub(super) async fn answer_health(&self) -> Response {
        match self.check_master_keys().await {
            Err(error @ KeysError::Wrong(_)) => {
                let body =
                    serde_json::json!({ "status": "failed", "code": "master-key-wrong", "detail": error.to_string() });
                Response::new(500, "application/json", body.to_string())
            }
            Ok(()) | Err(KeysError::Unknown(_)) => Response::new(200, "application/json", r#"{"status":"ok"}"#.into()),
        }
    }

    /// Tells whether the deployment can serve.
    pub(super) async fn answer_readiness(&self, request: &Request, request_id: &str) -> Response {
        if let Some(refused) = refuse_method(request, request_id) {
            return refused;
        }
        let checks = self.check_readiness().await;
        let (code, status) = if checks.iter().all(Check::has_passed) { (200, "ok") } else { (503, "failed") };
        let body = serde_json::to_string(&Readiness { status, checks }).unwrap_or_default();
        Response::new(code, "application/json", body)
    }

    /// Tells what was counted, to whoever has the token.
    pub(super) async fn answer_metrics(&self, request: &Request, request_id: &str) -> Response {
        if let Some(refused) = refuse_method(request, request_id) {
            return refused;
        }
        let presented = request.header("authorization").and_then(|header| header.split_once(' '));
        let presented = presented.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = self.settings.metrics_token.as_ref();
        if !presented.is_some_and(|(_, presented)| token.is_some_and(|token| token.matches(presented.trim()))) {
            let body = "Send the METRICS_TOKEN of this deployment as a Bearer Token.\n".to_owned();
            let challenge = "Bearer realm=\"metrics\"";
            return Response::new(401, "text/plain; charset=utf-8", body).with("www-authenticate", challenge);
        }
        let counts = self.count_index().await;
        if let Err(error) = &counts {
            log_failure(&self.runtime, "count_index", request_id, error);
        }
        Response::new(200, CONTENT_TYPE, self.write_metrics(counts.ok().as_ref()))
    }

    /// How many there are of what the account index lists, as it said within the last minute.
    async fn count_index(&self) -> Result<IndexCounts, PortError> {
        let now = self.runtime.now();
        if let Some((at, counts)) = &*self.index_counts.borrow()
            && now < at.plus_seconds(COUNTS_KEPT_SECONDS)
        {
            return Ok(counts.clone());
        }
        let counts: IndexCounts = ask(&self.runtime, &ObjectName::AccountIndex, &AccountIndexCall::CountAll).await?;
        self.index_counts.replace(Some((now, counts.clone())));
        Ok(counts)
    }

    /// Writes the metrics, in the order of [`Family::ALL`].
    fn write_metrics(&self, index: Option<&IndexCounts>) -> String {
        let (metrics, mut text) = (self.runtime.metrics(), Exposition::default());
        text.begin(&Family::BUILD_INFO);
        text.sample(Family::BUILD_INFO.name, &[("version", env!("CARGO_PKG_VERSION"))], 1);
        text.begin(&Family::REQUESTS);
        for (version, counts) in self.decisions() {
            for (verdict, (reason, count)) in Decision::verdicts().zip(counts.all()) {
                let labels = [("version", version), ("verdict", verdict), ("reason", reason)];
                text.sample(Family::REQUESTS.name, &labels, count);
            }
        }
        text.histogram(&Family::UPSTREAM_SECONDS, &metrics.upstream);
        text.counts(&Family::UPSTREAM_FAILURES, "kind", &metrics.upstream_failures);
        text.counts(&Family::LEASES, "event", &metrics.leases);
        text.counts(&Family::KV_READS, "outcome", &metrics.kv_reads);
        text.counts(&Family::KV_WRITES, "outcome", &metrics.kv_writes);
        text.begin(&Family::OBJECT_CALLS);
        for (class, calls) in metrics.object_calls() {
            for (outcome, count) in calls.all() {
                text.sample(Family::OBJECT_CALLS.name, &[("class", class), ("outcome", outcome)], count);
            }
        }
        text.counts(&Family::DELIVERIES, "outcome", &metrics.deliveries);
        let backlog = metrics.outboxes.sum();
        let age = backlog.map_or(0, |backlog| self.now().0.saturating_sub(backlog.since.0));
        text.value(&Family::OUTBOX_WAITING, backlog.map_or(0, |backlog| backlog.count));
        text.value(&Family::OUTBOX_OLDEST, age);
        let (alarms, late) = metrics.alarms();
        text.value(&Family::ALARMS, alarms);
        text.value(&Family::ALARMS_LATE, late);
        text.counts(&Family::PORTAL_REQUESTS, "status", &metrics.portal_requests);
        text.value(&Family::ACCOUNT_INDEX_UP, u64::from(index.is_some()));
        if let Some(index) = index {
            self.write_index(&mut text, index);
        }
        text.finish()
    }

    fn write_index(&self, text: &mut Exposition, IndexCounts { accounts, applications }: &IndexCounts) {
        text.value(&Family::ACCOUNTS, *accounts);
        text.begin(&Family::DEVELOPER_ACCOUNTS);
        for state in ApplicationState::ALL {
            let counted = applications.states.iter().find(|counted| counted.state == state);
            let count = counted.map_or(0, |counted| counted.count);
            text.sample(Family::DEVELOPER_ACCOUNTS.name, &[("state", state.as_str())], count);
        }
        let waiting = applications.waiting_since.map_or(0, |since| self.now().0.saturating_sub(since.0));
        text.value(&Family::APPLICATIONS_WAITING, waiting);
    }
}

/// The answer where the method is neither GET nor HEAD.
fn refuse_method(request: &Request, request_id: &str) -> Option<Response> {
    if matches!(request.method.as_str(), "GET" | "HEAD") {
        return None;
    }
    let detail = "This path takes GET and HEAD.".to_owned();
    Some(respond(Code::MethodNotAllowed, detail, Vec::new(), request_id).with("allow", "GET, HEAD"))
}
