//! What header, footer and guards say.

pub const MAIN: &str = "Main";
pub const DASHBOARD: &str = "Dashboard";
pub const DOCS: &str = "Docs";
pub const REVIEW_DESK: &str = "Review desk";
/// After the number of applications, for who can't see what it belongs to.
pub const WAITING: &str = "waiting for review";
pub const SIGN_IN: &str = "Sign in";
pub const SIGN_UP: &str = "Sign up";
pub const SIGN_OUT: &str = "Sign out";
pub const THEME: &str = "Theme";

pub const ACCOUNT_MENU_OF: &str = "Account menu of";
pub const OPERATOR: &str = "Operator";
pub const ACCOUNT_SETTINGS: &str = "Account settings";
pub const CONNECTED_APPS: &str = "Connected Apps";
pub const APPLICATION: &str = "Developer application";

pub const SKIP: &str = "Skip to content";
pub const BREADCRUMB: &str = "Breadcrumb";
/// The heading of a page whose subject's name is on its way.
pub const LOADING: &str = "Loading…";
pub const FOOTER: &str = "Footer";
pub const FOOTER_LINE: &str = "Developer portal and API gateway by Gatehouse";
pub const API_REFERENCE: &str = "API reference";
pub const ERROR_HELP: &str = "Error help";

pub const ONLY_OPERATORS: &str = "Operators only";
pub const ONLY_OPERATORS_WHY: &str = "Only the people who run this API can open this page.";
pub const TO_DASHBOARD: &str = "Go to your dashboard";
