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
pub const OPERATOR: &str = "Operator";
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

pub fn none_starts_with(text: &str) -> String {
    format!("No names start with “{text}”.")
}

pub fn set_status_of(app: &str) -> String {
    format!("Change status of {app}")
}

pub fn status_of(app: &str) -> String {
    format!("Status of {app}")
}
