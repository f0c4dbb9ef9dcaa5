//! The texts of the start page.

pub const EYEBROW: &str = "Developer portal";
pub const TO_DASHBOARD: &str = "Go to your dashboard";
pub const TO_REVIEW: &str = "Go to review";
pub const SIGN_UP: &str = "Create an account";
pub const SIGN_IN: &str = "Sign in";
pub const READ_DOCS: &str = "Read the docs ";

pub const STEPS: &str = "From sign-up to your first call";
pub const APPLY: &str = "Apply";
pub const APPLY_TEXT: &str =
    "Create an account and describe your project. You’ll see the decision, and the reason for it, here.";
pub const CREATE_APP: &str = "Create an App";
pub const CREATE_APP_TEXT: &str =
    "Create a standalone App, or a Project with one App per environment. Choose its permissions.";
pub const CALL: &str = "Call the API";
pub const CALL_TEXT: &str = "Copy your Bearer Token and send your first request.";

pub const OFFER: &str = "What the API offers";
pub const NEEDS_PROJECT: &str = "Apps in a Project";
pub const EVERY_APP: &str = "Every App";
