//! Every metric: written by `GET /metrics`, and listed in docs/monitoring.md.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// Where a metric comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The process that is asked: the whole deployment on one machine, one isolate of many at Cloudflare.
    Process,
    /// The account index, which knows the whole deployment everywhere.
    AccountIndex,
}

/// A metric, with all its series.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    pub name: &'static str,
    pub kind: Kind,
    pub labels: &'static [&'static str],
    pub source: Source,
    /// What it tells, as plain text that is Markdown too.
    pub help: &'static str,
}

/// Declares the metrics as constants, and the list of all.
macro_rules! families {
    ($($constant:ident: $name:literal $kind:ident $labels:expr, $source:ident, $help:literal;)+) => {
        impl Family {
            $(pub const $constant: Self = Self {
                name: $name,
                kind: Kind::$kind,
                labels: &$labels,
                source: Source::$source,
                help: $help,
            };)+

            /// All metrics, in the order in which they are written.
            pub const ALL: &[Self] = &[$(Self::$constant),+];
        }
    };
}

families! {
    BUILD_INFO: "gatehouse_build_info" Gauge ["version"], Process,
        "Always 1; the label says which version runs.";
    REQUESTS: "gatehouse_requests_total" Counter ["version", "verdict", "reason"], Process,
        "Decisions of the gate. version: the name in api.toml, or none; verdict: forward, answer or refuse; reason: why it \
         was refused.";
    UPSTREAM_SECONDS: "gatehouse_upstream_seconds" Histogram [], Process,
        "Time from forwarding a request until the API begins to answer. Failures are not in it, and neither is forward auth.";
    UPSTREAM_FAILURES: "gatehouse_upstream_failures_total" Counter ["kind"], Process,
        "Forwarded requests without a valid answer of the API. kind: unreachable (the caller got 502) or timed-out (504).";
    LEASES: "gatehouse_leases_total" Counter ["event"], Process,
        "Leases of admissions. event: asked, refused (a limit is used up), failed (no answer) or returned (unspent).";
    KV_READS: "gatehouse_kv_reads_total" Counter ["outcome"], Process,
        "Reads of KV. outcome: found, absent or failed.";
    KV_WRITES: "gatehouse_kv_writes_total" Counter ["outcome"], Process,
        "Writes of KV. outcome: written or failed.";
    OBJECT_CALLS: "gatehouse_object_calls_total" Counter ["class", "outcome"], Process,
        "Calls of Durable Objects, by their class. outcome: answered or failed.";
    DELIVERIES: "gatehouse_deliveries_total" Counter ["outcome"], Process,
        "Tries to deliver a publication from an outbox. outcome: delivered or failed.";
    OUTBOX_WAITING: "gatehouse_outbox_waiting" Gauge [], Process,
        "Publications that wait in outboxes. While it is not 0, the gate may not know of a change, such as a revocation.";
    OUTBOX_OLDEST: "gatehouse_outbox_oldest_seconds" Gauge [], Process,
        "Age of the oldest change that waits in an outbox; 0 if none waits.";
    ALARMS: "gatehouse_alarms_total" Counter [], Process,
        "Alarms of Durable Objects that began.";
    ALARMS_LATE: "gatehouse_alarms_late_total" Counter [], Process,
        "Alarms that began more than 10 seconds after they were due. A retry of the runtime is not counted as late.";
    PORTAL_REQUESTS: "gatehouse_portal_requests_total" Counter ["status"], Process,
        "Answers to requests that are not the API's: pages, files, the portal's API, OAuth endpoints, health checks. status: 2xx \
         and so on.";
    ACCOUNT_INDEX_UP: "gatehouse_account_index_up" Gauge [], AccountIndex,
        "1 if the account index answered. If 0, the metrics that come from it are missing.";
    ACCOUNTS: "gatehouse_accounts" Gauge [], AccountIndex,
        "Accounts.";
    DEVELOPER_ACCOUNTS: "gatehouse_developer_accounts" Gauge ["state"], AccountIndex,
        "Developer accounts, by the state of their application.";
    APPLICATIONS_WAITING: "gatehouse_applications_waiting_seconds" Gauge [], AccountIndex,
        "Age of the application that waits for a review for the longest; 0 if none waits.";
}
