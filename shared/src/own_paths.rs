//! The paths that belong to the deployment itself. One list for everybody who
//! answers them or must keep off them.

use crate::page::Page;

/// The portal's API.
pub const API: &str = "/api";

/// Prefixes under which the credential protocol has its endpoints and consent
/// pages. No file lies below them.
pub const PROTOCOL: [&str; 4] = ["/oauth", "/oauth2", "/i", "/.well-known"];

/// The prefix of the OAuth 2.0 endpoints, which lie below a version of the API
/// where one has the prefix `/2`.
pub const OAUTH2: &str = "/2/oauth2";

/// What monitors ask: whether the deployment lives, whether it can serve, and what
/// it counted.
pub const HEALTH: &str = "/healthz";
pub const READINESS: &str = "/readyz";
pub const METRICS: &str = "/metrics";

/// Forward auth, what monitors ask, and the folders of the portal's files: hashed
/// ones and profile pictures.
pub const SERVICES: [&str; 6] = ["/gate", HEALTH, READINESS, METRICS, "/assets", "/profile_images"];

/// Where profile pictures lie, which pages of other origins may show.
pub const PICTURES: &str = "/profile_images/";

/// The portal's files that lie at the root.
pub const FILES: [&str; 4] = ["/favicon.svg", "/index.html", "/openapi.json", "/theme.js"];

/// Whether a path is a prefix or lies below it.
pub fn lies_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The path of the deployment that a version's prefix would lie over, or below.
/// In any case: some APIs and some people read `/Docs` as `/docs`.
pub fn overlapped_by(prefix: &str) -> Option<&'static str> {
    let prefix = prefix.to_ascii_lowercase();
    let below_version = |own: &str| own == OAUTH2 && lies_below(own, &prefix);
    let pages = Page::addresses().filter(|address| !lies_below(address, OAUTH2)).filter_map(first_segment);
    let all = [API, OAUTH2].into_iter().chain(PROTOCOL).chain(SERVICES).chain(pages).chain(FILES);
    // A version may lie around the OAuth 2.0 endpoints, which are answered first.
    let mut all = all.filter(|own| lies_below(&prefix, own) || (lies_below(own, &prefix) && !below_version(own)));
    all.next()
}

/// `/apps` of `/apps/:app_id`.
fn first_segment(address: &'static str) -> Option<&'static str> {
    let end = address.get(1..)?.find('/').map_or(address.len(), |at| at + 1);
    address.get(..end).filter(|segment| segment.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_over_an_own_path_is_found_in_either_direction_and_any_case() {
        for (prefix, own) in [
            ("/apps", "/apps"),
            ("/docs/v2", "/docs"),
            ("/Account", "/account"),
            ("/oauth2/x", "/oauth2"),
            ("/2/oauth2", "/2/oauth2"),
            ("/2/oauth2/v1", "/2/oauth2"),
            ("/theme.js", "/theme.js"),
            ("/gate", "/gate"),
            ("/metrics/v1", "/metrics"),
            ("/profile_images/1", "/profile_images"),
        ] {
            assert_eq!(overlapped_by(prefix), Some(own), "{prefix}");
        }
        for prefix in ["/2", "/1.1", "/v1/apps", "/apps2", "/application", "/i18n"] {
            assert_eq!(overlapped_by(prefix), None, "{prefix}");
        }
    }
}
