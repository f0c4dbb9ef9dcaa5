//! Limits how many requests pass in a window of time.

use serde::{Deserialize, Serialize};

/// How many requests pass in a window of time. Windows of a length follow one
/// another from midnight UTC on, so that all edges know when one ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// With an App's own credentials; `None`: any number.
    #[serde(default)]
    pub app: Option<u32>,
    /// Of each user for whom an App acts.
    #[serde(default)]
    pub user: Option<u32>,
    /// Divides a day.
    #[serde(default = "default_window_seconds")]
    pub window_seconds: u32,
}

fn default_window_seconds() -> u32 {
    900
}

impl Default for Limit {
    fn default() -> Self {
        Self { app: None, user: None, window_seconds: default_window_seconds() }
    }
}

impl Limit {
    pub fn is_none(&self) -> bool {
        self.app.is_none() && self.user.is_none()
    }
}
