//! Reads the parts of a request that the gate looks at.

use gatehouse_shared::oauth1::Received;

/// The parts of a request that the gate looks at.
#[derive(Debug, Clone, Copy)]
pub struct RequestHead<'a> {
    /// Upper case, as the runtime gives it.
    pub method: &'a str,
    /// Absolute, as the runtime gives it: dot segments are resolved.
    pub url: &'a str,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
}

impl<'a> RequestHead<'a> {
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
            let head = RequestHead { method: "GET", url, authorization: None };
            assert_eq!((head.origin(), head.path()), (origin, path), "{url}");
        }
    }
}
