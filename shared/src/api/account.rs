//! Declares the requests and responses about accounts and sessions.

use super::member::ReceivedInvitation;
use crate::model::{
    AccountId, AccountStatus, ApplicationEvent, ApplicationState, DeveloperAccountId, DeveloperApplication, MemberRole,
    OperatorRole, Purpose, Role, UnixSeconds,
};
use crate::problem::FieldError;
use crate::validate::{self, Check, Rules, Violation};
use serde::{Deserialize, Serialize};

/// Asks for a new account.
// No `Debug`: it bears a password.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignUpRequest {
    pub username: String,
    pub email: String,
    pub password: String,
}

impl SignUpRequest {
    /// Applies the rules; gives the request with its texts trimmed.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        check.field("username", &mut self.username, validate::username);
        check.field("email", &mut self.email, validate::email);
        let (username, email) = (self.username.clone(), self.email.clone());
        check.field("password", &mut self.password, |text| validate::password(text, &username, &email));
        check.finish(self)
    }
}

/// Asks for a session.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// The username or the e-mail address.
    pub login: String,
    pub password: String,
}

impl SignInRequest {
    /// Refuses empty fields; whether they are right is not a rule's business.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        self.login = self.login.trim().to_owned();
        let mut check = Check::default();
        for (field, value, message) in [
            ("login", &self.login, "Enter your username or email address."),
            ("password", &self.password, "Enter your password."),
        ] {
            if value.is_empty() {
                check.refuse(field, Violation { rule: "required", message: message.into() });
            } else if value.len() > 1024 {
                check.refuse(field, Violation { rule: "too-long", message: "Use at most 1,024 characters.".into() });
            }
        }
        check.finish(self)
    }
}

/// Asks for another password.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePasswordRequest {
    pub current_password: String,
    pub new_password: String,
    /// Whether connected Apps lose their access as well. What an App has not
    /// collected yet ends in any case.
    #[serde(default)]
    pub revoke_apps: bool,
}

impl ChangePasswordRequest {
    /// Applies the rules that need no knowledge of the account.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        if self.current_password.is_empty() || self.current_password.len() > 1024 {
            let message = "Enter your current password.".into();
            check.refuse("current_password", Violation { rule: "required", message });
        }
        check.field("new_password", &mut self.new_password, |text| validate::password(text, "", ""));
        check.finish(self)
    }
}

/// The account, as its owner and the operator see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountView {
    pub id: AccountId,
    pub username: String,
    pub email: String,
    pub role: Role,
    /// What the account may do as an operator.
    pub operator: Option<OperatorRole>,
    pub status: AccountStatus,
    /// Why an operator suspended the account; empty while it is active.
    pub status_reason: String,
    pub created_at: UnixSeconds,
}

/// Who is signed in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionInfo {
    pub account: Option<AccountView>,
    /// Those that the account is a member of; its own comes first, also before anybody applied for it.
    pub developer_accounts: Vec<DeveloperAccountSummary>,
    /// Invitations to others, for this account.
    pub invitations: Vec<ReceivedInvitation>,
}

/// A developer account as its members see it in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeveloperAccountSummary {
    pub id: DeveloperAccountId,
    /// The organization of its application, or the applicant's username.
    pub name: String,
    /// The member's own role.
    pub role: MemberRole,
    pub application_state: ApplicationState,
}

/// One session of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionView {
    pub id: String,
    pub created_at: UnixSeconds,
    /// To the hour.
    pub last_seen_at: UnixSeconds,
    pub expires_at: UnixSeconds,
    /// The browser's `User-Agent`, cut to 200 characters.
    pub user_agent: String,
    /// Whether this call came in this session.
    pub current: bool,
}

/// The account's sessions, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionList {
    pub sessions: Vec<SessionView>,
}

/// Applies for a developer account, or answers the operator's question.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SubmitApplicationRequest {
    pub use_case: String,
    pub purpose: Purpose,
    /// Empty for a person.
    #[serde(default)]
    pub organization: String,
    pub accept_terms: bool,
}

impl SubmitApplicationRequest {
    /// Applies the rules; gives the request with its texts trimmed.
    pub fn check(mut self, rules: &Rules) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        check.field("use_case", &mut self.use_case, |text| validate::use_case(text, rules));
        check.field("organization", &mut self.organization, |text| validate::organization(text, rules));
        if !self.accept_terms {
            let message = "Check this box to apply.".into();
            check.refuse("accept_terms", Violation { rule: "required", message });
        }
        check.finish(self)
    }
}

/// The developer application: where it stands, what was said, what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApplicationView {
    pub state: ApplicationState,
    pub application: Option<DeveloperApplication>,
    /// Oldest first.
    pub history: Vec<ApplicationEvent>,
}
