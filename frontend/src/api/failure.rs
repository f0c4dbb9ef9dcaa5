//! The reasons why a call fails.

use gatehouse_shared::problem::{Code, FieldError, Problem};

/// Why a call failed.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The server refused the request, and says why.
    Refused(Box<Problem>),
    /// The values break a rule. Nothing was sent.
    Invalid(Vec<FieldError>),
    /// No answer came.
    Unreachable,
    /// The answer did not come from the portal API.
    Unreadable { status: u16 },
}

impl Failure {
    /// Tells the user what happened and what to do next.
    pub fn message(&self) -> String {
        match self {
            Self::Refused(problem) if problem.detail.is_empty() => format!("{}.", problem.title),
            Self::Refused(problem) => problem.detail.clone(),
            Self::Invalid(errors) => errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" "),
            Self::Unreachable => "The server can't be reached. Check your connection, then try again.".into(),
            Self::Unreadable { status } => {
                format!(
                    "The server gave an answer that the portal can't read (status {status}). Try again in a moment."
                )
            }
        }
    }

    /// The message, with the number of the request where the user should quote it to the operator.
    pub fn message_with_reference(&self) -> String {
        let reference = self.request_id().map(|id| format!(" (request {id})")).unwrap_or_default();
        self.message() + &reference
    }

    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Refused(problem) => Some(problem.code),
            _ => None,
        }
    }

    /// Whether the session has ended.
    pub fn is_signed_out(&self) -> bool {
        self.code() == Some(Code::NotSignedIn)
    }

    /// Whether somebody else has saved since the data was read.
    pub fn is_changed_meanwhile(&self) -> bool {
        self.code() == Some(Code::ChangedMeanwhile)
    }

    pub fn is_not_found(&self) -> bool {
        self.code() == Some(Code::NotFound)
    }

    pub fn field_errors(&self) -> &[FieldError] {
        match self {
            Self::Refused(problem) => &problem.errors,
            Self::Invalid(errors) => errors,
            _ => &[],
        }
    }

    /// The number to quote to the operator, for errors that the user cannot fix.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused(problem) if problem.status >= 500 => problem.request_id.as_deref(),
            _ => None,
        }
    }
}
