//! Describes which pages of other origins may call the API.

use serde::{Deserialize, Serialize};

/// Which pages of other origins may call the API, and what they may read of an
/// answer besides what the gate itself adds: `cors` in `api.toml`. Cookies are
/// never asked for: the API's callers have tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cors {
    pub origins: Origins,
    /// Names of headers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expose: Vec<String>,
    /// For how long a browser may remember the answer to a preflight.
    pub max_age_seconds: u32,
}

/// The origins whose pages are let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origins {
    Any,
    /// As browsers write them.
    Listed(Vec<String>),
}

impl Cors {
    /// Whether pages of an origin may call.
    pub fn allows(&self, origin: &str) -> bool {
        match &self.origins {
            Origins::Any => true,
            Origins::Listed(origins) => origins.iter().any(|allowed| allowed == origin),
        }
    }
}
