use gatehouse_shared::problem::{Code, FieldError, Problem};

/// Why a call brought no answer to work with.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The server refused, and says why.
    Refused(Box<Problem>),
    /// By the rules, before anything was sent.
    Invalid(Vec<FieldError>),
    /// No answer came at all.
    Unreachable,
    /// An answer came that is not the portal API's.
    Unreadable { status: u16 },
}

impl Failure {
    /// What happened and what to do next, for the person at the screen.
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

    /// Whether nobody is signed in any more.
    pub fn is_signed_out(&self) -> bool {
        self.code() == Some(Code::NotSignedIn)
    }

    /// Whether somebody else has saved since the thing was read.
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

    /// What to quote to the operator, where the person at the screen can do nothing about it.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused(problem) if problem.status >= 500 => problem.request_id.as_deref(),
            _ => None,
        }
    }
}
