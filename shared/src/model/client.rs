//! Names where an App runs, and so whether it keeps a secret.

use serde::{Deserialize, Serialize};

/// Where an App runs, which decides whether it can keep a secret (RFC 6749 §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ClientType {
    WebApp,
    AutomatedApp,
    NativeApp,
    SinglePageApp,
}

impl ClientType {
    pub const ALL: [Self; 4] = [Self::WebApp, Self::AutomatedApp, Self::NativeApp, Self::SinglePageApp];

    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WebApp => "web-app",
            Self::AutomatedApp => "automated-app",
            Self::NativeApp => "native-app",
            Self::SinglePageApp => "single-page-app",
        }
    }

    /// What the portal calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::WebApp => "Web App",
            Self::AutomatedApp => "Automated App",
            Self::NativeApp => "Native App",
            Self::SinglePageApp => "Single Page App",
        }
    }

    /// Whether it has a Client Secret; the others are public clients.
    pub fn is_confidential(self) -> bool {
        matches!(self, Self::WebApp | Self::AutomatedApp)
    }
}
