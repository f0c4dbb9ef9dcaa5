//! The way to credentials that are shown once.

use super::{Browser, by_testid};
use crate::unique;

/// The credentials of a new App, as the portal shows them.
pub struct ShownCredentials {
    pub app_name: String,
    pub api_key: String,
    pub api_key_secret: String,
    pub bearer_token: String,
}

impl Browser {
    /// Creates a standalone App by way of the dashboard, and stays where its credentials are shown.
    #[track_caller]
    pub fn create_standalone_app(&self) -> ShownCredentials {
        self.open("/dashboard", "dashboard");
        self.press("create-app");
        self.expect_page("new-app");
        let app_name = unique("App");
        self.fill("name", &app_name);
        self.fill("description", "An App for tests");
        self.choose("project_id", "");
        self.press("submit");
        self.see(&by_testid("credentials"));
        let shown = |name: &str| self.text(&by_testid(name));
        ShownCredentials {
            app_name,
            api_key: shown("api_key"),
            api_key_secret: shown("api_key_secret"),
            bearer_token: shown("bearer_token"),
        }
    }
}
