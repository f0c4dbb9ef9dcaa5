//! Which paths are the deployment's own, and who answers them.

/// The endpoints of the credential protocol.
pub(super) const REQUEST_TOKEN: &str = "/oauth/request_token";
pub(super) const ACCESS_TOKEN: &str = "/oauth/access_token";
pub(super) const BEARER_TOKEN: &str = "/oauth2/token";
pub(super) const INVALIDATE_BEARER_TOKEN: &str = "/oauth2/invalidate_token";
pub(super) const TOKEN: &str = "/2/oauth2/token";
pub(super) const REVOKE: &str = "/2/oauth2/revoke";
pub(super) const INTROSPECT: &str = "/2/oauth2/introspect";
pub(super) const METADATA: &str = "/.well-known/oauth-authorization-server";

/// Pages on which a user is asked; the portal shows them.
const CONSENT_PAGES: [&str; 5] =
    ["/oauth/authorize", "/oauth/authenticate", "/i/oauth/authenticate", "/i/oauth2/authorize", "/2/oauth2/authorize"];

/// Whether a path is the deployment's, though it may lie below a version of
/// the API.
pub fn is_own(path: &str) -> bool {
    // Most paths are the API's, and end here.
    path.contains("oauth2") && [TOKEN, REVOKE, INTROSPECT, "/2/oauth2/authorize"].contains(&path)
}

/// Whether a path is answered by [`crate::deployment::Deployment::handle`], and by no file: the
/// portal's API, and the paths of the credential protocol, for which a page
/// would read as an answer.
pub fn is_answered(path: &str) -> bool {
    let protocol = ["/oauth/", "/oauth2/", "/i/", "/.well-known/", "/2/oauth2/"];
    let is_protocol = protocol.iter().any(|prefix| path.starts_with(prefix)) && !CONSENT_PAGES.contains(&path);
    is_api(path) || path == "/healthz" || is_protocol
}

pub(super) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}
