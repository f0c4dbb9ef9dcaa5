use gatehouse_shared::oauth1::Received;
use std::borrow::Cow;

/// The parts of a request that the gate looks at.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// Upper case, as the runtime gives it.
    pub method: &'a str,
    /// Absolute, as the runtime gives it: dot segments are resolved.
    pub url: &'a str,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
}

impl<'a> Head<'a> {
    /// The whole request, with its body where that is a form.
    pub fn received(&self, form: Option<&'a [u8]>) -> Received<'a> {
        Received { method: self.method, url: self.url, authorization: self.authorization, form }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &'a str {
        self.url.get(..self.path_at()).unwrap_or_default()
    }

    /// The path, still percent-encoded, without the query.
    pub fn path(&self) -> &'a str {
        let rest = self.url.get(self.path_at()..).unwrap_or_default();
        let end = rest.bytes().position(|byte| matches!(byte, b'?' | b'#')).unwrap_or(rest.len());
        let path = rest.get(..end).unwrap_or_default();
        if path.is_empty() { "/" } else { path }
    }

    /// The query with its question mark; empty where there is none.
    pub fn query(&self) -> &'a str {
        let rest = self.url.get(self.path_at()..).unwrap_or_default();
        let rest = rest.split('#').next().unwrap_or_default();
        rest.find('?').and_then(|at| rest.get(at..)).unwrap_or_default()
    }

    fn path_at(&self) -> usize {
        let host_at = self.url.bytes().position(|byte| byte == b':').map_or(0, |colon| colon + "://".len());
        let rest = self.url.get(host_at..).unwrap_or_default();
        host_at + rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len())
    }
}

/// The path in the form in which routes are compared: decoded, without empty
/// segments. An upstream that reads `/2//notes/` or `/2/n%6Ftes` as
/// `/2/notes` must not be reached past that route's policy.
pub(crate) fn canonical(path: &str) -> Cow<'_, str> {
    // By bytes: a search for a text costs more than all the rest of most paths.
    let has_empty_segment = path.ends_with('/') || path.as_bytes().windows(2).any(|pair| pair == b"//");
    if !has_empty_segment && !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let segments: Vec<&str> = decoded.split('/').filter(|segment| !segment.is_empty()).collect();
    Cow::Owned(format!("/{}", segments.join("/")))
}

/// Whether servers may disagree on what a path names: with dot segments,
/// backslashes or NUL in it, however often they are percent-encoded. The
/// runtime resolves only plain ones; an upstream that decodes first would
/// serve `/1.1/..%2f2/notes` as `/2/notes`, past that version's rules.
pub(super) fn is_ambiguous(path: &str) -> bool {
    let mut path = Cow::Borrowed(path);
    for _ in 0..4 {
        let has_dots = path.split(['/', '\\']).any(|segment| {
            let name = segment.split(';').next().unwrap_or_default();
            name == "." || name == ".."
        });
        if has_dots || path.contains(['\\', '\0']) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_falls_into_origin_and_path() {
        for (url, origin, path) in [
            ("https://api.example.com/2/notes?x=/y", "https://api.example.com", "/2/notes"),
            ("http://127.0.0.1:8787", "http://127.0.0.1:8787", "/"),
            ("http://h?x=1", "http://h", "/"),
            ("http://h/2#/1.1/x", "http://h", "/2"),
        ] {
            let head = Head { method: "GET", url, authorization: None };
            assert_eq!((head.origin(), head.path()), (origin, path), "{url}");
        }
    }

    #[test]
    fn a_path_that_servers_read_differently_is_ambiguous() {
        for path in ["/1.1/..%2f2/echo", "/1.1/%252e%252e/2", "/2/..;/x", "/2/a%5cb", "/2/a\\b", "/2/%00", "/2/%2e"] {
            assert!(is_ambiguous(path), "{path}");
        }
        for path in
            ["/2/notes", "/2/a%2Fb", "/2/50%25", "/2/x..y", "/2/...", "/1.1/notes.json", "/2/caf%C3%A9", "/2/100%"]
        {
            assert!(!is_ambiguous(path), "{path}");
        }
    }

    #[test]
    fn spellings_of_one_path_are_one() {
        for path in ["/2/notes", "/2//notes", "/2/notes/", "/2/n%6Ftes", "/2/%6eotes//"] {
            assert_eq!(canonical(path), "/2/notes");
        }
    }
}
