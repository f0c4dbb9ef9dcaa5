//! Answers that tell of no credential: the API behind the gate failed, or the caller asked too late or from a page that
//! may not call.

use super::form::problem::plain_problem;
use crate::gate::Answer;
use gatehouse_shared::description::Version;
use gatehouse_shared::model::ErrorForm;

/// Why the API behind the gate gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpstreamFailure {
    /// It can't be reached, or broke off.
    Unreachable,
    /// It did not begin to answer within the time of the settings.
    TimedOut,
}

/// The answer in place of one of the API, in the form of its version. Whether
/// the API acted is not known: no code that tells the caller to send it again.
pub fn upstream_failure(failure: UpstreamFailure, version: Option<&Version>, request_id: &str) -> Answer {
    let (status, title, detail) = match failure {
        UpstreamFailure::Unreachable => (502, "Bad Gateway", "The API behind the gate did not answer."),
        UpstreamFailure::TimedOut => (504, "Gateway Timeout", "The API behind the gate did not answer in time."),
    };
    let answer = match version.map(|version| version.errors) {
        Some(ErrorForm::Codes) => Answer::coded(status, 131, "Internal error"),
        Some(ErrorForm::Problem) | None => plain_problem(status, title, detail),
    };
    answer.with("x-gatehouse-request-id", request_id)
}

/// The answer to a proxy that asks what to tell a refused caller, where the
/// request would pass now.
pub fn passes_now(version: Option<&Version>, request_id: &str) -> Answer {
    let answer = match version.map(|version| version.errors) {
        Some(ErrorForm::Codes) => Answer::coded(503, 130, "Over capacity"),
        Some(ErrorForm::Problem) | None => {
            plain_problem(503, "Service Unavailable", "This request would pass now. Send it again.")
        }
    };
    answer.with("retry-after", "0").with("x-gatehouse-request-id", request_id)
}

/// The answer to a browser that asks for a page which may not call.
pub fn page_not_allowed(version: &Version, origin: &str, request_id: &str) -> Answer {
    let detail = format!(
        "Pages of {origin} may not call this endpoint. Its operator lets them in with “cors” in the API description."
    );
    let answer = match version.errors {
        ErrorForm::Codes => Answer::coded(403, 220, &detail),
        ErrorForm::Problem => plain_problem(403, "Forbidden", &detail),
    };
    answer.with("vary", "Origin").with("x-gatehouse-request-id", request_id)
}
