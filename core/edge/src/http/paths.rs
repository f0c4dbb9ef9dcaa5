//! The paths of the endpoints, and who answers a path.

use gatehouse_domain::path::is_own;
use gatehouse_shared::own_paths::{API, HEALTH, METRICS, PROTOCOL, READINESS, lies_below};
use gatehouse_shared::page::Page;

/// The endpoints of the credential protocol.
pub(super) const REQUEST_TOKEN: &str = "/oauth/request_token";
pub(super) const ACCESS_TOKEN: &str = "/oauth/access_token";
pub(super) const BEARER_TOKEN: &str = "/oauth2/token";
pub(super) const INVALIDATE_BEARER_TOKEN: &str = "/oauth2/invalidate_token";
pub(super) const TOKEN: &str = "/2/oauth2/token";
pub(super) const REVOKE: &str = "/2/oauth2/revoke";
pub(super) const INTROSPECT: &str = "/2/oauth2/introspect";
pub(super) const METADATA: &str = "/.well-known/oauth-authorization-server";

/// Whether a path is an endpoint of the protocol that reads credentials of Apps
/// or makes some of users.
pub(super) fn reads_credentials(path: &str) -> bool {
    [REQUEST_TOKEN, ACCESS_TOKEN, BEARER_TOKEN, INVALIDATE_BEARER_TOKEN, TOKEN, REVOKE, INTROSPECT].contains(&path)
}

/// Whether a path is answered by [`crate::isolate::Isolate::handle`], and by no file: the
/// portal's API, what monitors ask, and the paths of the credential protocol, for which a page
/// would read as an answer.
pub(super) fn is_answered(path: &str, has_metrics: bool) -> bool {
    let is_below = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'));
    let is_protocol = is_own(path) || PROTOCOL.into_iter().any(is_below);
    let is_protocol = is_protocol && !is_consent_page(path);
    let is_monitored = matches!(path, HEALTH | READINESS) || (has_metrics && path == METRICS);
    is_api(path) || is_monitored || is_protocol
}

/// Whether the portal has a page there.
pub fn is_page(path: &str) -> bool {
    Page::at(path) != Page::NotFound
}

/// Whether the portal shows a consent page there.
pub fn is_consent_page(path: &str) -> bool {
    matches!(Page::at(path), Page::Consent(_))
}

pub(super) fn is_api(path: &str) -> bool {
    lies_below(path, API)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_the_token_endpoints_is_the_deployments_own() {
        for path in [
            "/2/oauth2/token",
            "/2/oauth2/token/",
            "/2//oauth2/token",
            "/2/OAuth2/token",
            "/2/oauth2/%74oken",
            "/2/%6fauth2/x",
        ] {
            assert!(is_own(path) && is_answered(path, true), "{path}");
        }
        assert!(is_own("/2/oauth2/authorize") && !is_answered("/2/oauth2/authorize", true));
        for path in ["/2/notes", "/2/oauth2x", "/1.1/oauth/invalidate_token", "/2/users/me", "/2/é"] {
            assert!(!is_own(path) && !is_answered(path, true), "{path}");
        }
    }

    #[test]
    fn metrics_have_a_path_only_where_a_token_is_set() {
        assert!(is_answered("/metrics", true) && !is_answered("/metrics", false));
        for path in ["/healthz", "/readyz"] {
            assert!(is_answered(path, false), "{path}");
        }
        for path in ["/metrics/", "/metrics/x", "/Metrics", "/livez", "/readyz/"] {
            assert!(!is_answered(path, true), "{path}");
        }
    }
}
