//! The API as its operator describes it in `api.toml`.

#[cfg(feature = "description-file")]
mod file;

#[cfg(feature = "description-file")]
pub use file::{DescriptionError, parse};

use crate::api::{PlanLimits, ScopeSummary};
use crate::model::Permission;
use serde::{Deserialize, Serialize};

/// The scope that asks for refresh tokens; every deployment has it.
pub const OFFLINE_SCOPE: &str = "offline.access";

/// A form in which credentials come with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CredentialForm {
    /// An App's Bearer Token.
    #[serde(rename = "bearer-token")]
    BearerToken,
    /// A request signed for a user (RFC 5849).
    #[serde(rename = "oauth1-user")]
    OAuth1User,
    /// An OAuth 2.0 access token of a user (RFC 6749).
    #[serde(rename = "oauth2-user")]
    OAuth2User,
}

impl CredentialForm {
    pub const ALL: [Self; 3] = [Self::OAuth1User, Self::BearerToken, Self::OAuth2User];

    /// What error answers call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::OAuth1User => "OAuth 1.0a User Context",
            Self::BearerToken => "OAuth 2.0 Application-Only",
            Self::OAuth2User => "OAuth 2.0 User Context",
        }
    }
}

/// The form of the gate's error answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ErrorForm {
    /// `{"errors":[{"code":…,"message":…}]}`
    Codes,
    /// `application/problem+json`
    Problem,
}

/// Where requests that may pass go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Upstream {
    /// The name of a service binding.
    Service(String),
    /// An origin such as `https://api.internal.example.com`.
    Url(String),
}

/// The checked content of `api.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiDescription {
    pub name: String,
    pub summary: String,
    /// What every credential of the deployment starts with.
    pub token_prefix: String,
    pub terms_url: String,
    pub reserved_words: Vec<String>,
    pub use_case_minimum: usize,
    pub upstream: Upstream,
    pub versions: Vec<Version>,
    pub plan: PlanLimits,
    /// What Apps may ask users for with OAuth 2.0, besides `offline.access`.
    #[serde(default)]
    pub scopes: Vec<ScopeSummary>,
}

/// One version of the API: everything below a path prefix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    pub name: String,
    /// Starts with `/`, does not end with it.
    pub prefix: String,
    /// Whether an App must be in a Project to use it.
    pub needs_project: bool,
    pub errors: ErrorForm,
    /// What routes that are not listed take.
    pub credentials: Vec<CredentialForm>,
    pub routes: Vec<RoutePolicy>,
}

/// What one route asks of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutePolicy {
    /// Upper case.
    pub methods: Vec<String>,
    /// A path below the version's prefix; `:name` stands for one segment.
    pub path: String,
    pub summary: String,
    pub credentials: Vec<CredentialForm>,
    pub permission: Permission,
    /// What an OAuth 2.0 access token must have been granted: all of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Present where the deployment answers by itself, and forwards nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builtin: Option<Builtin>,
}

/// What the deployment can answer by itself, from its own accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Builtin {
    /// The user behind the request, in the form of v1.1.
    VerifyCredentials,
    /// Revokes the Access Token that signs the request.
    InvalidateAccessToken,
    /// The user behind the request, as `{"data":{…}}`, like the next two.
    FindMe,
    /// The user whose id is the path's last segment.
    FindUser,
    /// The user whose name is the path's last segment.
    FindUserByUsername,
}

impl ApiDescription {
    /// The version that a path belongs to.
    pub fn version_of(&self, path: &str) -> Option<&Version> {
        self.versions.iter().find(|version| {
            path.strip_prefix(version.prefix.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

impl Version {
    /// The policy listed for a request, if one is.
    pub fn route_of(&self, method: &str, path: &str) -> Option<&RoutePolicy> {
        // HEAD is GET without the body (RFC 9110 §9.3.2).
        let method = if method == "HEAD" { "GET" } else { method };
        self.routes
            .iter()
            .find(|route| route.methods.iter().any(|allowed| allowed == method) && path_matches(&route.path, path))
    }
}

/// Whether a request changes something, unless its route says otherwise.
pub fn is_write(method: &str) -> bool {
    !matches!(method, "GET" | "HEAD" | "OPTIONS")
}

fn path_matches(pattern: &str, path: &str) -> bool {
    let mut given = path.split('/');
    pattern.split('/').all(|wanted| match given.next() {
        Some(segment) => segment == wanted || (wanted.starts_with(':') && !segment.is_empty()),
        None => false,
    }) && given.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_stands_for_one_segment() {
        assert!(path_matches("/2/notes/:id", "/2/notes/7"));
        for other in ["/2/notes", "/2/notes/", "/2/notes/7/x", "/2/other/7"] {
            assert!(!path_matches("/2/notes/:id", other), "{other}");
        }
    }
}
