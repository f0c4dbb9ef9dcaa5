//! Writes the operator's log, each event under its own name.

/// Where the operator reads what went wrong. One JSON line an event; never a
/// secret.
pub trait Log {
    fn error(&self, line: &str);
}

/// Each of these is named here once: the docs list them, and an alert can rely
/// on the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    BadConfiguration,
    UnknownSetting,
    RequestFailed,
    ReportFailed,
    PublicationFailed,
    MasterKeyMissing,
    MasterKeyWrong,
    UpstreamFailed,
    InternalError,
}

impl Event {
    pub const ALL: [Self; 9] = [
        Self::BadConfiguration,
        Self::UnknownSetting,
        Self::RequestFailed,
        Self::ReportFailed,
        Self::PublicationFailed,
        Self::MasterKeyMissing,
        Self::MasterKeyWrong,
        Self::UpstreamFailed,
        Self::InternalError,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::BadConfiguration => "bad-configuration",
            Self::UnknownSetting => "unknown-setting",
            Self::RequestFailed => "request-failed",
            Self::ReportFailed => "report-failed",
            Self::PublicationFailed => "publication-failed",
            Self::MasterKeyMissing => "master-key-missing",
            Self::MasterKeyWrong => "master-key-wrong",
            Self::UpstreamFailed => "upstream-failed",
            Self::InternalError => "internal-error",
        }
    }

    /// What it means and what to do, as Markdown.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::BadConfiguration => {
                "a setting can't be used; the text names it. Once an isolate, and every request is answered with 500. \
                 **Alert at once**"
            }
            Self::UnknownSetting => {
                "a variable has the name of no setting: it is misspelled, or of another version. Once an isolate; \
                 nothing else comes of it"
            }
            Self::RequestFailed => {
                "a request could not be decided or carried out, since KV or a Durable Object did not answer, or holds \
                 what can't be read; the caller got 503 or 500. The text begins with the operation. **Alert when it \
                 goes on** for minutes; at once where it says that a newer Worker has written something, see \
                 “Forward and back”"
            }
            Self::ReportFailed => {
                "what no request waits for was not written down: a day of last use, refusals, or admissions to give \
                 back (which only makes a limit a little tighter)"
            }
            Self::PublicationFailed => {
                "a change is safe, but the gate does not know of it yet: a revocation among them. The alarm retries, \
                 at first after 2 seconds and at the slowest every 5 minutes. **Alert when it goes on** for longer \
                 than the freshness bound"
            }
            Self::MasterKeyMissing => {
                "credentials need a master key that is not there, see “Master keys”. Once an isolate and case. \
                 **Alert at once**"
            }
            Self::MasterKeyWrong => {
                "`MASTER_KEYS` has another key under an id than the one that this storage was used with, see “Master \
                 keys”. Once an isolate. Credentials of that id get 503, changes in the portal too, and `/healthz` \
                 500. **Alert at once**"
            }
            Self::UpstreamFailed => {
                "the API behind the gate gave no answer, or not in time. **Alert on the rate**: it is the API's \
                 availability"
            }
            Self::InternalError => {
                "a fault in Gatehouse itself: a panic or what JavaScript threw. **Alert at once**, and report it"
            }
        }
    }
}

/// Logs an event with a text and the request it belongs to.
pub fn log_error(log: &impl Log, event: Event, request_id: &str, text: &str) {
    log.error(
        &serde_json::json!({ "level": "error", "event": event.name(), "request_id": request_id, "text": text })
            .to_string(),
    );
}

/// Logs what kept a request from being decided or carried out.
pub fn log_failure(log: &impl Log, operation: &str, request_id: &str, error: impl std::fmt::Display) {
    log_error(log, Event::RequestFailed, request_id, &format!("{operation}: {error}"));
}
