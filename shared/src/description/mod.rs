//! The API as its operator describes it in `api.toml`.

mod cors;
#[cfg(feature = "description-file")]
mod file;
mod path_data;

pub use cors::{Cors, Origins};
#[cfg(feature = "description-file")]
pub use file::{DescriptionError, parse};
pub use path_data::PathData;

use crate::model::{CredentialForm, ErrorForm, Limit, Permission, PlanLimits, ScopeSummary};
use serde::{Deserialize, Serialize};

/// The scope that asks for refresh tokens; every deployment has it.
pub const OFFLINE_SCOPE: &str = "offline.access";

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
    /// Its place in the description.
    pub index: u16,
    pub name: String,
    /// Starts with `/`, does not end with it.
    pub prefix: String,
    /// Whether an App must be in a Project to use it.
    pub needs_project: bool,
    pub errors: ErrorForm,
    /// What routes that are not listed take.
    pub credentials: Vec<CredentialForm>,
    /// How many requests paths that are not listed take, all together.
    #[serde(default, skip_serializing_if = "Limit::is_none")]
    pub limit: Limit,
    /// What the API takes as data in paths that are not listed.
    #[serde(default, skip_serializing_if = "PathData::is_none")]
    pub path_data: PathData,
    /// Whether a route has a capital letter, so that a path in lower case may
    /// be another route's for an API that knows no case.
    #[serde(default, skip_serializing_if = "is_false")]
    pub has_capitals: bool,
    /// Which pages of other origins may call it; `None`: the API says so itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cors: Option<Cors>,
    pub routes: Vec<RoutePolicy>,
}

fn is_false(value: &bool) -> bool {
    !value
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
    #[serde(default, skip_serializing_if = "Limit::is_none")]
    pub limit: Limit,
    /// What the API takes as data in this path.
    #[serde(default, skip_serializing_if = "PathData::is_none")]
    pub path_data: PathData,
    /// Where it differs from that of its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cors: Option<Cors>,
    /// Present where the deployment answers by itself, and forwards nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builtin: Option<Builtin>,
}

/// Names what requests are counted under: a listed route, or all paths of a
/// version that are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RouteClass {
    /// Index of the version.
    pub version: u16,
    /// Index of the route in it.
    pub route: Option<u16>,
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
    /// What is left of the limits of each route, in the form of v1.1.
    RateLimitStatus,
    /// What the App's Project has used of its month, by day.
    Usage,
}

impl ApiDescription {
    /// The version that a path belongs to.
    pub fn version_of(&self, path: &str) -> Option<&Version> {
        self.versions.iter().find(|version| {
            path.strip_prefix(version.prefix.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Whether any version or route says which pages may call it.
    pub fn has_cors(&self) -> bool {
        let on_route = |version: &Version| version.routes.iter().any(|route| route.cors.is_some());
        self.versions.iter().any(|version| version.cors.is_some() || on_route(version))
    }

    /// Every class of routes, with its limit.
    pub fn classes(&self) -> impl Iterator<Item = (RouteClass, Limit)> {
        self.versions.iter().zip(0..).flat_map(|(version, index)| {
            let listed = version
                .routes
                .iter()
                .zip(0..)
                .map(move |(route, number)| (RouteClass { version: index, route: Some(number) }, route.limit));
            listed.chain([(RouteClass { version: index, route: None }, version.limit)])
        })
    }

    /// The route that a class stands for, if it stands for one.
    pub fn route(&self, class: RouteClass) -> Option<&RoutePolicy> {
        self.versions.get(usize::from(class.version))?.routes.get(usize::from(class.route?))
    }

    /// The permissions that mean something with this API, lowest first.
    pub fn permissions(&self) -> Vec<Permission> {
        let routes = self.versions.iter().flat_map(|version| &version.routes).map(|route| route.permission);
        Permission::levels(routes.chain(self.scopes.iter().map(|scope| scope.permission))).collect()
    }

    /// The name that a class's requests are stored under and shown with:
    /// `GET /2/notes/:id`, or `/2/*`.
    pub fn class_name(&self, class: RouteClass) -> String {
        match self.route(class) {
            Some(route) => format!("{} {}", route.methods.join("|"), route.path),
            None => {
                let version = self.versions.get(usize::from(class.version));
                format!("{}/*", version.map_or("", |version| &version.prefix))
            }
        }
    }
}

impl Version {
    /// The policy listed for a request, if one is, and its index. `path` is
    /// decoded; empty segments in it don't count.
    pub fn route_of(&self, method: &str, path: &str) -> Option<(u16, &RoutePolicy)> {
        self.find_route(method, path, |wanted, given| wanted == given)
    }

    /// The same for an API that does not tell capital letters from small ones.
    pub fn route_in_any_case(&self, method: &str, path: &str) -> Option<(u16, &RoutePolicy)> {
        self.find_route(method, path, str::eq_ignore_ascii_case)
    }

    fn find_route(
        &self,
        method: &str,
        path: &str,
        is_same: impl Fn(&str, &str) -> bool,
    ) -> Option<(u16, &RoutePolicy)> {
        // HEAD is GET without the body (RFC 9110 §9.3.2).
        let method = if method == "HEAD" { "GET" } else { method };
        (0..u16::MAX).zip(&self.routes).find(|(_, route)| {
            route.methods.iter().any(|allowed| allowed == method) && path_matches(&route.path, path, &is_same)
        })
    }

    /// Which pages of other origins may call a route, or all paths that are
    /// not listed; `None` where the API says so itself.
    pub fn cors_of<'a>(&'a self, route: Option<&'a RoutePolicy>) -> Option<&'a Cors> {
        route.and_then(|route| route.cors.as_ref()).or(self.cors.as_ref())
    }
}

/// Whether a request changes something, unless its route says otherwise.
pub fn is_write(method: &str) -> bool {
    !matches!(method, "GET" | "HEAD" | "OPTIONS")
}

fn path_matches(pattern: &str, path: &str, is_same: impl Fn(&str, &str) -> bool) -> bool {
    let mut given = path.split('/').filter(|segment| !segment.is_empty());
    let mut wanted = pattern.split('/').filter(|segment| !segment.is_empty());
    wanted.all(|wanted| given.next().is_some_and(|given| wanted.starts_with(':') || is_same(wanted, given)))
        && given.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_api_that_asks_for_direct_messages_has_that_permission() {
        use Permission::{Read, ReadWrite, ReadWriteDirectMessages};
        let of = |asked: &[Permission]| Permission::levels(asked.iter().copied()).collect::<Vec<_>>();
        assert_eq!(of(&[]), [Read, ReadWrite]);
        assert_eq!(of(&[Read, ReadWrite]), [Read, ReadWrite]);
        assert_eq!(of(&[Read, ReadWriteDirectMessages]), Permission::ALL);
    }

    #[test]
    fn a_colon_stands_for_one_segment() {
        let matches = |path| path_matches("/2/notes/:id", path, |wanted, given| wanted == given);
        for path in ["/2/notes/7", "/2//notes/7/"] {
            assert!(matches(path), "{path}");
        }
        for other in ["/2/notes", "/2/notes/", "/2/notes/7/x", "/2/other/7", "/2/Notes/7"] {
            assert!(!matches(other), "{other}");
        }
    }
}
