//! Declares the requests and responses of the operator.

use super::member::MemberView;
use super::{AccountView, AppUsage, AppView, ApplicationView, DeveloperAccountSummary, ProjectView, RefusalList};
use crate::model::{
    AccountId, AccountStatus, AppId, AppStatus, ApplicationState, DecisionKind, DeveloperAccountId,
    DeveloperApplication, OperatorRole, ProjectId, Role, UnixSeconds,
};
use crate::problem::FieldError;
use crate::validate::{self, Check};
use serde::{Deserialize, Serialize};

/// Decides about a developer's application.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideApplicationRequest {
    pub decision: DecisionKind,
    /// What the developer reads. May be empty only for `approve` and `reinstate`.
    #[serde(default)]
    pub reason: String,
}

impl DecideApplicationRequest {
    /// Applies the rules; gives the request with its text trimmed.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        let may_be_empty = matches!(self.decision, DecisionKind::Approve | DecisionKind::Reinstate);
        check_reason(&mut self.reason, may_be_empty)?;
        Ok(self)
    }
}

/// Sets whether the gate lets an App pass.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetAppStatusRequest {
    pub status: AppStatus,
    /// What the developer reads. May be empty only for `active`.
    #[serde(default)]
    pub reason: String,
}

impl SetAppStatusRequest {
    /// Applies the rules; gives the request with its text trimmed.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        check_reason(&mut self.reason, self.status == AppStatus::Active)?;
        Ok(self)
    }
}

/// Suspends an account, or lets it go on, whatever the state of its application.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetAccountStatusRequest {
    pub status: AccountStatus,
    /// What the person reads who signs in. May be empty only for `active`.
    #[serde(default)]
    pub reason: String,
}

impl SetAccountStatusRequest {
    /// Applies the rules; gives the request with its text trimmed.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        check_reason(&mut self.reason, self.status == AccountStatus::Active)?;
        Ok(self)
    }
}

fn check_reason(reason: &mut String, may_be_empty: bool) -> Result<(), Vec<FieldError>> {
    let mut check = Check::default();
    if !(may_be_empty && reason.trim().is_empty()) {
        check.field("reason", reason, validate::reason);
    }
    check.finish(())
}

/// One account in a list of the operator's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountListItem {
    pub id: AccountId,
    pub username: String,
    pub role: Role,
    /// What the account may do as an operator.
    pub operator: Option<OperatorRole>,
    pub status: AccountStatus,
}

/// A note of an operator about an account or a developer account. Only operators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoteView {
    pub at: UnixSeconds,
    /// The operator's username.
    pub by: String,
    pub text: String,
}

/// Adds a note.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateNoteRequest {
    pub text: String,
}

impl CreateNoteRequest {
    /// Applies the rules; gives the request with its text trimmed.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        check.field("text", &mut self.text, validate::note);
        check.finish(self)
    }
}

/// How many applications are in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StateCount {
    pub state: ApplicationState,
    pub count: u64,
}

/// What waits for operators.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApplicationCounts {
    /// Of the states in which there are any.
    pub states: Vec<StateCount>,
    /// Since when the application waits that waits for the longest; `null` where none does.
    pub waiting_since: Option<UnixSeconds>,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SearchHit {
    Account { id: AccountId, username: String },
    DeveloperAccount { id: DeveloperAccountId, name: String },
    Project { id: ProjectId, name: String, developer_account_id: DeveloperAccountId },
    App { id: AppId, name: String, developer_account_id: DeveloperAccountId },
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SearchResults {
    /// Of names no more than a page of each kind.
    pub hits: Vec<SearchHit>,
}

/// An App as operators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReviewedApp {
    pub developer_account_id: DeveloperAccountId,
    pub developer_account_name: String,
    pub app: AppView,
    pub usage: AppUsage,
    pub refusals: RefusalList,
}

/// Every operator of the deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OperatorList {
    /// By username. The one whose password is a setting is among them once they signed in.
    pub operators: Vec<AccountListItem>,
}

/// Makes an account an operator.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetOperatorRoleRequest {
    pub role: OperatorRole,
}

/// One developer account in a list of the operator's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeveloperAccountListItem {
    pub id: DeveloperAccountId,
    pub name: String,
    /// Who applied for it.
    pub applicant: String,
    pub application_state: ApplicationState,
    /// When the application came into its present state.
    pub since: UnixSeconds,
    /// How the use case begins, while the application waits for a decision; otherwise empty.
    #[serde(default)]
    pub use_case: String,
}

/// A page of the review queue, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApplicationQueue {
    pub items: Vec<DeveloperAccountListItem>,
    /// Pass as `cursor` for the next page.
    pub next_cursor: Option<String>,
}

/// A page of accounts, by username.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountList {
    pub items: Vec<AccountListItem>,
    pub next_cursor: Option<String>,
}

/// A page of developer accounts, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeveloperAccountList {
    pub items: Vec<DeveloperAccountListItem>,
    pub next_cursor: Option<String>,
}

/// Everything that the operator sees of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountRecord {
    pub account: AccountView,
    pub developer_accounts: Vec<DeveloperAccountSummary>,
    /// Newest first.
    pub notes: Vec<NoteView>,
}

/// Everything that the operator sees of one developer account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeveloperAccountRecord {
    pub id: DeveloperAccountId,
    pub name: String,
    pub application: ApplicationView,
    pub members: Vec<MemberView>,
    pub projects: Vec<ProjectView>,
    pub apps: Vec<AppView>,
    /// What was submitted before the present application; `null` where it is the first.
    pub previous_application: Option<DeveloperApplication>,
    /// Newest first.
    pub notes: Vec<NoteView>,
}

/// What deriving an account's secrets anew came to; each number counts credentials.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RederivedCredentials {
    /// Moved to the newest master key now.
    pub moved: u32,
    /// Already there.
    pub unchanged: u32,
    /// Beyond help: their master key is not in `MASTER_KEYS`. Only regenerating helps.
    pub lost: u32,
}
