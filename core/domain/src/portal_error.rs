//! Names why a portal operation is refused.

use crate::ports::{PortError, SqlError};
use gatehouse_shared::model::{AppStatus, ApplicationState, DeveloperAccountId, MemberRole, OperatorRole, UnixSeconds};
use gatehouse_shared::problem::FieldError;
use serde::{Deserialize, Serialize};

/// Why a portal operation was refused: rich reasons, made into a wire form in
/// one place (`http::problem`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PortalError {
    NotSignedIn,
    WrongCredentials,
    NotOperator,
    /// An operator would decide about a developer account that they are a member of.
    OwnDeveloperAccount,
    /// The operator's role does not allow this; one of these does.
    OtherOperatorRole {
        role: OperatorRole,
        needed: Vec<OperatorRole>,
    },
    NotApproved(ApplicationState),
    /// The member's role in the developer account does not allow this.
    RoleTooLow {
        role: MemberRole,
        needed: MemberRole,
    },
    /// An operator suspended the account, for this reason.
    AccountSuspended(String),
    /// An operator restricted or suspended the App, for this reason.
    AppStopped {
        status: AppStatus,
        reason: String,
    },
    NotFound(Missing),
    /// The App or Project went to another developer account, which is to be asked instead.
    Moved {
        missing: Missing,
        receiver: DeveloperAccountId,
        /// Whether the receiver may not have it yet.
        is_on_its_way: bool,
    },
    Invalid(Vec<FieldError>),
    /// The username or the e-mail address is in use; never which of them.
    IdentityTaken,
    AppNameTaken {
        field: String,
    },
    TooManyProjects(u32),
    TooManyApps(u32),
    TooManyAppsInProject(u32),
    TooManyMembers(u32),
    /// Whoever accepts is a member of the developer account.
    AlreadyMember,
    /// The developer account would have no Owner.
    LastOwner,
    ProjectHasApps(usize),
    AppNotInProject,
    /// A credential of this kind is in its overlap until then.
    OverlapRunning(UnixSeconds),
    /// Somebody else is signed in by now than the page showed.
    OtherAccount,
    /// The App asks for something else by now than the page showed.
    ConsentChanged,
    /// An App or a Project has another version by now than the change was made from.
    ChangedMeanwhile(Changed),
    /// Only a confidential OAuth 2.0 client has a secret.
    NotConfidential,
    ApplicationClosed(ApplicationState),
    DecisionDoesNotApply(ApplicationState),
    OperatorPasswordIsSetting,
    /// The account of the operator whose password is a setting keeps its status and role.
    OperatorStays,
    /// Nothing is counted against the caller any more after that many seconds.
    TooManyTries {
        wait_seconds: u64,
    },
    /// A part of the deployment did not answer; the text is for the log.
    Unavailable(String),
    /// A defect; the text is for the log.
    Internal(String),
}

impl PortalError {
    /// The same refusal where nobody else is to be asked.
    pub fn not_followed(self) -> Self {
        match self {
            Self::Moved { missing, .. } => Self::NotFound(missing),
            refusal => refusal,
        }
    }
}

/// What could not be found, or belongs to somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missing {
    Route,
    /// A page of the portal.
    Page,
    Account,
    DeveloperAccount,
    Member,
    Invitation,
    Transfer,
    Session,
    Project,
    App,
    Credential,
    /// What an account lets an App do for it.
    Grant,
}

/// What has another version by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Changed {
    App,
    Project,
}

impl Changed {
    /// Refuses a change that was made from another version than the present one.
    pub fn refuse_unless_current(self, made_from: Option<u64>, present: u64) -> Result<(), PortalError> {
        match made_from {
            Some(version) if version != present => Err(PortalError::ChangedMeanwhile(self)),
            _ => Ok(()),
        }
    }
}

impl std::fmt::Display for Changed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::App => "App",
            Self::Project => "Project",
        })
    }
}

impl From<SqlError> for PortalError {
    fn from(error: SqlError) -> Self {
        if error.is_busy() { Self::Unavailable(error.to_string()) } else { Self::Internal(error.to_string()) }
    }
}

impl From<PortError> for PortalError {
    fn from(error: PortError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<serde_json::Error> for PortalError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(format!("json: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_database_is_unavailable_and_no_defect() {
        for text in ["database is locked: SQLITE_BUSY", "database table is locked: SQLITE_LOCKED"] {
            assert!(matches!(PortalError::from(SqlError(text.into())), PortalError::Unavailable(_)), "{text}");
        }
        assert!(matches!(PortalError::from(SqlError("no such table: app".into())), PortalError::Internal(_)));
    }
}
