//! Paths, and what other servers may take them for.

mod readings;

pub use readings::{Rule, is_plain, rule_of};

use gatehouse_shared::own_paths::OAUTH2;
use std::borrow::Cow;

/// The path in the form in which routes are compared: decoded, without empty
/// segments. An upstream that reads `/2//notes/` or `/2/n%6Ftes` as
/// `/2/notes` must not be reached past that route's policy.
pub fn canonical(path: &str) -> Cow<'_, str> {
    // By bytes: a search for a text costs more than all the rest of most paths.
    let has_empty_segment = path.ends_with('/') || path.as_bytes().windows(2).any(|pair| pair == b"//");
    if !has_empty_segment && !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let segments: Vec<&str> = decoded.split('/').filter(|segment| !segment.is_empty()).collect();
    Cow::Owned(format!("/{}", segments.join("/")))
}

/// Whether a path is the deployment's, though it may lie below a version of
/// the API.
pub fn is_own(path: &str) -> bool {
    // In every spelling: what is meant for these endpoints has secrets in it, and must not reach the API.
    let path = canonical(path);
    let below = |prefix: &str| path.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    below(OAUTH2) && matches!(path.as_bytes().get(OAUTH2.len()), None | Some(b'/'))
}

/// Whether a path leads elsewhere than it seems: with dot segments or NUL in
/// it, however often they are percent-encoded. The runtime resolves only plain
/// ones; an upstream that decodes first would serve `/1.1/..%2f2/notes` as
/// `/2/notes`, past that version's rules.
pub fn leads_elsewhere(path: &str) -> bool {
    let mut path = Cow::Borrowed(path);
    for _ in 0..4 {
        if has_dot_segment(&path) || path.contains('\0') {
            return true;
        }
        if !path.contains('%') {
            return false;
        }
        let decoded = percent_encoding::percent_decode_str(&path).decode_utf8_lossy().into_owned();
        if decoded == *path {
            return false;
        }
        path = Cow::Owned(decoded);
    }
    true
}

/// Whether a segment is `.` or `..`, with parameters or without.
fn has_dot_segment(path: &str) -> bool {
    path.split(['/', '\\']).any(|segment| matches!(segment.split(';').next(), Some("." | "..")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_dot_segments_or_nul_leads_elsewhere_under_every_encoding() {
        for path in ["/1.1/..%2f2/echo", "/1.1/%252e%252e/2", "/2/..;/x", "/2/..%5cb", "/2/..\\b", "/2/%00", "/2/%2e"] {
            assert!(leads_elsewhere(path), "{path}");
        }
        for path in [
            "/2/notes",
            "/2/a%2Fb",
            "/2/a%5cb",
            "/2/50%25",
            "/2/x..y",
            "/2/...",
            "/1.1/notes.json",
            "/2/caf%C3%A9",
            "/2/100%",
        ] {
            assert!(!leads_elsewhere(path), "{path}");
        }
    }

    #[test]
    fn spellings_of_one_path_are_one() {
        for path in ["/2/notes", "/2//notes", "/2/notes/", "/2/n%6Ftes", "/2/%6eotes//"] {
            assert_eq!(canonical(path), "/2/notes");
        }
    }
}
