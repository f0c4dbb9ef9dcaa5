//! The texts of header, footer, guards and sign-in form.

pub const MAIN: &str = "Main";
pub const DASHBOARD: &str = "Dashboard";
pub const DOCS: &str = "Docs";
pub const REVIEW: &str = "Review";
/// Follows the number of applications, for users of screen readers.
pub const WAITING: &str = "waiting for review";
pub const SIGN_IN: &str = "Sign in";
pub const SIGN_UP: &str = "Sign up";
pub const SIGN_OUT: &str = "Sign out";
pub const THEME: &str = "Theme";

pub const ACCOUNT_MENU_OF: &str = "Account menu of";
pub fn operator(role: gatehouse_shared::model::OperatorRole) -> String {
    format!("Operator, {}", role.label())
}
pub const ACCOUNT_SETTINGS: &str = "Account settings";
pub const CONNECTED_APPS: &str = "Connected Apps";
pub const APPLICATION: &str = "Developer application";
pub const DEVELOPER_ACCOUNTS: &str = "Developer accounts";

pub const MEMBERS: &str = "Members";
/// In place of the role in a developer account that nobody applied for.
pub const NOT_APPLIED: &str = "Not applied";

/// The dialog about a membership that has ended, or has a lower role.
pub mod demotion {
    use gatehouse_shared::model::MemberRole;

    pub const ENDED_WHY: &str = "You can no longer open its Projects and Apps. Access Tokens that you generated for its Apps stop \
                                 working. If this is a mistake, ask one of its Owners or Admins to invite you again.";
    pub const NO_TOKENS: &str = "Access Tokens that you generated for its Apps stop working.";
    pub const CONTINUE: &str = "Continue";

    pub fn title(name: &str, role: Option<MemberRole>) -> String {
        match role {
            Some(role) => format!("Your role in {name} is now {}", role.label()),
            None => format!("You’re no longer a member of {name}"),
        }
    }
}

pub const SKIP: &str = "Skip to content";
pub const BREADCRUMB: &str = "Breadcrumb";
/// The heading of a page while the name of its subject is loading.
pub const LOADING: &str = "Loading…";
pub const FOOTER: &str = "Footer";
pub const FOOTER_LINE: &str = "Developer portal and API gateway by Gatehouse";
pub const API_REFERENCE: &str = "API reference";
pub const ERROR_HELP: &str = "Error help";

pub const ONLY_OPERATORS: &str = "Operators only";
pub const ONLY_OPERATORS_WHY: &str = "Only the people who run this API can open this page.";
pub const TO_DASHBOARD: &str = "Go to your dashboard";

pub const LOGIN: &str = "Username or email address";
pub const SIGN_IN_AGAIN: &str = "Your session has ended";
pub const SIGN_IN_AGAIN_WHY: &str = "Sign in to continue. What you typed on this page is still there.";
pub const LEAVE: &str = "Leave this page";
pub const PASSWORD: &str = "Password";

pub const NOT_FOUND: &str = "Page not found";
pub const NOT_FOUND_LEAD: &str = "There’s nothing at this address. Check the link for typos.";
pub const TO_START: &str = "Go to the start page";
pub const READ_DOCS: &str = "Read the docs";
