//! The texts around new credentials.

pub const TITLE: &str = "Save your credentials";
pub const COPY_NOW: &str = "Copy these now. You won’t see them again.";
pub const HOW: &str = "Store them where only your software can read them, never in a public repository. If you lose them, \
                       regenerate them on the App’s page.";
pub const SAVED: &str = "I’ve saved them";
pub const GONE: &str = "These credentials are no longer shown";
pub const GONE_WHY: &str = "You left the page that showed them. If you didn’t save them, regenerate them under ";
pub const SIGN_HINT: &str =
    "In Python with requests-oauthlib and the four values of the .env file. Any OAuth 1.0a library works.";
