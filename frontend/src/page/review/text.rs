//! The texts of the pages of the operator.

pub const TITLE: &str = "Review";
pub const LEAD: &str = "Developer applications, longest waiting first.";
pub const QUEUE: &str = "Review queue";
pub const ACCOUNTS: &str = "Accounts";
pub const DEVELOPER_ACCOUNTS: &str = "Developer accounts";
pub const STATE: &str = "Status";
pub const NONE: &str = "No applications";
pub const NONE_WAITING: &str = "No applications are waiting for review.";
pub const NONE_IN_STATE: &str = "No applications have this status.";
pub const MORE: &str = "Show more";
pub const NO_ORGANIZATION: &str = "No organization";
pub const SINCE: &str = "since ";

pub const EMAIL: &str = "Email";
pub const MEMBER_SINCE: &str = "Member since";
pub const MEMBERS: &str = "Members";
pub const ID: &str = "ID";
pub const NO_MEMBERSHIP: &str = "This person is a member of no developer account.";
pub const ACCOUNT_ID: &str = "Account ID";

pub const USERNAME_STARTS_WITH: &str = "Username starts with";
pub const NAME_STARTS_WITH: &str = "Name starts with";
pub const SEARCH: &str = "Search";
pub const SEARCH_LABEL: &str = "Username, email, App name, ID, API Key, Client ID, or request ID";
pub const SEARCH_HINT: &str = "Enter anything that names an account, a developer account, a Project, or an App. For a username or a developer \
    account, you can enter just the beginning. A request ID finds what that request changed.";
pub const NOTHING_HAS_IT: &str = "Nothing has this name, ID, or credential.";
pub const OPERATORS: &str = "Operators";
pub const OPERATORS_LEAD: &str = "To make somebody an operator, open their account and choose a role.";
pub const OPERATOR_ROLE: &str = "Operator role";
pub const NO_OPERATOR: &str = "None";
pub const NO_OPERATOR_HINT: &str = "An account like any other.";
pub const OPERATOR_ROLE_HINT: &str =
    "The role takes effect at their next click. Operators sign in again every 8 hours.";
pub const SETTINGS_OPERATOR: &str = "Signs in with the secret OPERATOR_PASSWORD, and is always an Administrator.";
pub const AUDIT: &str = "Audit log";
pub const AUDIT_LEAD: &str = "Changes that people, Apps, and operators made. Each entry bears the hash of the one before. To check the \
    chain, export the log and run cargo xtask audit verify.";
pub const AUDIT_ACTOR: &str = "Account ID of the actor";
pub const AUDIT_SUBJECT: &str = "ID of what was changed, or request ID";
pub const AUDIT_OPERATION: &str = "Operation, such as update_app";
pub const AUDIT_FROM: &str = "From";
pub const AUDIT_TO: &str = "To";
pub const AUDIT_NOTHING: &str = "No entry fits.";
pub const AUDIT_EXPORT: &str = "Export";
pub const AUDIT_ERASED: &str = "personal data erased";
pub const ROLES: &str = "What each role may do";
pub const SAVE: &str = "Save";
pub const NOTES: &str = "Notes";
pub const NOTE: &str = "New note";
pub const NOTE_HINT: &str = "Only operators see notes.";
pub const ADD_NOTE: &str = "Add note";
pub const USE_CASE_BEFORE: &str = "Use case before";
pub const APPROVE_EFFECT: &str = "The developer can create Projects and Apps at once.";
pub const INFORMATION_EFFECT: &str =
    "The developer reads your question, changes the application, and submits it again.";
pub const DECLINE_EFFECT: &str = "The developer reads the reason, and can apply again.";
pub const SUSPEND_DEVELOPER_EFFECT: &str =
    "All of its Apps stop at the gate, and its members can change nothing. Keys stay as they are.";
pub const REINSTATE_DEVELOPER_EFFECT: &str = "Its Apps pass again with the keys that they have.";
pub const APP_STATUS_EFFECT: &str = "Active: all requests pass. Write-restricted: requests that change something are refused. Suspended: all \
    requests are refused, and no user can let the App act for them. Keys stay as they are.";
pub const OLDEST_WAITS: &str = "The oldest application in review has been waiting since";
pub const NEXT: &str = "Next in the queue: ";
pub const NOT_FOUND: &str = "Nothing found";
pub const NO_ACCOUNTS: &str = "Nobody has signed up yet.";
pub const NO_DEVELOPER_ACCOUNTS: &str = "Nobody has applied yet.";

pub const APPLICATION: &str = "Application";
pub const USE_CASE: &str = "Use case";
pub const PURPOSE: &str = "Purpose";
pub const ORGANIZATION: &str = "Organization";
pub const NO_ORGANIZATION_GIVEN: &str = "None";
pub const TERMS_ACCEPTED: &str = "Terms accepted";
pub const APPS: &str = "Projects and Apps";
pub const NO_APPS: &str = "Nothing created yet";
pub const NO_APPS_HINT: &str = "This developer account’s Projects and Apps appear here.";
pub const PROJECTS: &str = "Projects: ";

pub const SET_STATUS: &str = "Change status";
pub const STATUS: &str = "Status";
pub const STATUS_MISSING: &str = "Choose a status.";
pub const STATUS_SET: &str = "Status changed.";
pub const REASON: &str = "Reason";
pub const STATUS_REASON_HINT: &str = "Shown to the developer. Optional when status is Active.";
pub const DECISION_REASON_HINT: &str = "The developer sees this in the portal.";
pub const SUSPEND_ACCOUNT: &str = "Suspend account";
pub const SUSPEND_EFFECT: &str = "Signs the person out everywhere and revokes the access they gave to Apps. Their developer accounts go on: suspend \
    these on their own pages.";
pub const ACCOUNT_SUSPENDED: &str = "Account suspended.";
pub const REINSTATE_ACCOUNT: &str = "Reinstate account";
pub const REINSTATE_EFFECT: &str = "The person can sign in again, and has to authorize connected Apps again.";
pub const ACCOUNT_REINSTATED: &str = "Account reinstated.";
pub const ACCOUNT_REASON_HINT: &str = "Shown when the person signs in with the correct password.";
pub const STANDALONE: &str = "Standalone";
pub const APP: &str = "App";
pub const APP_ID: &str = "App ID";
pub const DEVELOPER_ACCOUNT: &str = "Developer account";
pub const PROJECT: &str = "Project";
pub const DESCRIPTION: &str = "Description";
pub const PERMISSION: &str = "Permission";
pub const REFUSALS: &str = "Newest refused requests";
pub const NO_REFUSALS: &str = "No refused requests";
pub const NO_REFUSALS_WHY: &str = "Refused requests of the last 30 days are listed here.";
pub const REQUEST_ID: &str = "Request ID";

pub fn role_saved(username: &str, role: Option<gatehouse_shared::model::OperatorRole>) -> String {
    match role {
        Some(role) => format!("{username} is now an operator: {}.", role.label()),
        None => format!("{username} is no longer an operator."),
    }
}

pub fn changed_since(fields: &[&str]) -> String {
    if fields.is_empty() {
        return "Submitted again without a change".to_owned();
    }
    format!("Changed since the last submission: {}", fields.join(", "))
}

pub fn none_starts_with(text: &str) -> String {
    format!("No names start with “{text}”.")
}

pub fn set_status_of(app: &str) -> String {
    format!("Change status of {app}")
}

pub fn status_of(app: &str) -> String {
    format!("Status of {app}")
}
