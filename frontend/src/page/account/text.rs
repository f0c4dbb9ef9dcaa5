//! The texts of the account pages.

pub const TITLE: &str = "Account settings";

pub const PROFILE: &str = "Profile";
pub const USERNAME: &str = "Username";
pub const EMAIL: &str = "Email address";
pub const ACCOUNT_ID: &str = "Account ID";
pub const MEMBER_SINCE: &str = "Member since";
pub const DEVELOPER_ACCOUNTS: &str = "Developer accounts";
pub const OPERATOR: &str = "Operator";

pub const ACTIVITY: &str = "Activity";
pub const ACTIVITY_EMPTY: &str = "Sign-ins and changes to your account appear here.";

pub const PASSWORD: &str = "Password";
pub const CURRENT_PASSWORD: &str = "Current password";
pub const NEW_PASSWORD: &str = "New password";
pub const NEW_PASSWORD_HINT: &str = "At least 12 characters. Changing it signs you out everywhere else.";
pub const CONNECTED_APPS_FIELD: &str = "Connected Apps";
pub const ALSO_REVOKE_APPS: &str = "Also revoke access for all connected Apps";
pub const CHANGE_PASSWORD: &str = "Change password";
pub const PASSWORD_CHANGED: &str = "Password changed. All your other sessions have ended.";
/// An operator's password is not kept here.
pub const OPERATOR_PASSWORD: &str =
    "Your password comes from the deployment’s OPERATOR_PASSWORD setting. Change it there.";

pub const SESSIONS: &str = "Sessions";
pub const SESSIONS_HINT: &str =
    "Browsers where you’re signed in. If you don’t recognize one, end its session and change your password.";
pub const THIS_BROWSER: &str = "This browser";
pub const SIGNED_IN: &str = "Signed in ";
pub const IN_USE_NOW: &str = " · in use now";
/// Before a day, such as “yesterday”: the time is known to the hour only.
pub const LAST_USED: &str = " · last used ";
pub const EXPIRES: &str = " · expires ";
pub const END_SESSION: &str = "End session";
pub const SESSION_ENDED: &str = "Session ended.";
pub const UNKNOWN_BROWSER: &str = "Unknown browser";

pub const CONNECTED_APPS: &str = "Connected Apps";
pub const CONNECTED_APPS_HINT: &str = "Apps you’ve authorized to access your account.";
pub const CONNECTED_APPS_LEAD: &str = "Apps you’ve authorized to access your account. They never see your password.";
pub const REVIEW_ACCESS: &str = "Review access";
pub const NO_APPS: &str = "No connected Apps";
pub const NO_APPS_HINT: &str = "Apps you authorize appear here, with what they can do.";
pub const AUTHORIZED_ON: &str = "Authorized on ";
pub const NOT_COLLECTED: &str = "You agreed to this, but the App hasn’t used it yet:";
pub const REVOKE: &str = "Revoke";
/// Before the bound within which every isolate knows of it.
pub const REVOKE_EFFECT: &str = "The App loses access to your account, and its tokens stop working.";
pub const REVOKE_AGAIN: &str = "To get access again, it must ask you again.";

pub fn revoke_app(name: &str) -> String {
    format!("Revoke {name}")
}

pub fn revoke_title(name: &str) -> String {
    format!("Revoke access for {name}?")
}

pub fn revoked(name: &str) -> String {
    format!("{name} no longer has access.")
}

pub fn end_session_in(browser: &str) -> String {
    format!("End session in {browser}")
}
