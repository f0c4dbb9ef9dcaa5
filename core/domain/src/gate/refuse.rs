//! Refuses a request: chooses the form of the answer, and adds the headers that say how to go on.

use super::form::codes::with_code;
use super::form::problem::with_problem;
use crate::gate::{Answer, Asked, Reason};
use crate::limit::Exhausted;
use gatehouse_shared::model::{AppId, ErrorForm, Permission};

/// A refused request: why, and what its sender is told of that.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    pub reason: Reason,
    pub answer: Answer,
    /// Whose credential it came with, where that was made here.
    pub app_id: Option<AppId>,
    /// Whether the caller had proven to be that App.
    pub is_proven: bool,
}

/// Why a request does not pass, and what is known of its caller.
pub struct Denial {
    pub reason: Reason,
    pub app_id: Option<AppId>,
    /// What the caller is told it may do, where the caller is known.
    pub level: Option<Permission>,
}

impl<T: Into<Reason>> From<T> for Denial {
    fn from(reason: T) -> Self {
        Self { reason: reason.into(), app_id: None, level: None }
    }
}

impl Denial {
    pub fn of(self, app_id: AppId) -> Self {
        Self { app_id: Some(app_id), ..self }
    }
}

/// Makes the answer to a refused request in the form of its version.
pub fn refuse(Denial { reason, app_id, level }: Denial, asked: &Asked<'_>, request_id: &str) -> Refused {
    let Asked { version, origin, now, .. } = *asked;
    let answer = match version.errors {
        ErrorForm::Codes => with_code(&reason, version, origin),
        ErrorForm::Problem => with_problem(&reason, version, origin),
    };
    let answer = match level {
        Some(level) => answer.with("x-access-level", level.as_str()),
        None => answer,
    };
    let answer = match &reason {
        Reason::LimitReached { rate: Some(rate), .. } => answer.with_rate(Some(*rate), now),
        Reason::LimitReached { exhausted: Exhausted::Month { ends_at }, .. } => {
            answer.with("ratelimit", format!("\"month\";r=0;t={}", ends_at.0.saturating_sub(now.0)))
        }
        _ => answer,
    };
    let answer = match asked.header_for(&reason) {
        Some((name, value)) => answer.with(name, value),
        None => answer,
    };
    // Who repeats a signed request that was seen proves nothing.
    let is_proven = level.is_some() && !matches!(reason, Reason::Unproven(_));
    Refused { reason, app_id, is_proven, answer: answer.with("x-gatehouse-request-id", request_id) }
}
