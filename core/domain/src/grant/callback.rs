//! Finds a callback URL among those that an App registered.

use form_urlencoded::byte_serialize;

/// The longest callback with a query of the caller's, in bytes.
const LONGEST_CALLBACK: usize = 2048;

/// A place that an App registered: the only kind that is ever redirected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback(String);

impl Callback {
    /// Finds what was asked for among the registered ones: exactly the same,
    /// trailing slash included; the port of an http address on this machine may differ
    /// (RFC 8252 §7.3).
    pub fn find(registered: &[String], wanted: &str) -> Option<Self> {
        let same = |known: &String| known == wanted || is_same_loopback(known, wanted);
        registered.iter().any(same).then(|| Self(wanted.to_owned()))
    }

    /// As [`Self::find`], for OAuth 1.0a alone: a query is the caller's and is
    /// not compared. Whoever asks has signed the request.
    pub fn find_without_query(registered: &[String], wanted: &str) -> Option<Self> {
        Self::find(registered, wanted).or_else(|| {
            let (wanted_front, query) = wanted.split_once('?')?;
            // A fragment would swallow the answer, and the rest is in no URL.
            let is_foreign = |c: char| c.is_control() || c.is_whitespace() || c == '#';
            if wanted.len() > LONGEST_CALLBACK || query.contains(is_foreign) {
                return None;
            }
            let fronts: Vec<String> = registered.iter().map(|known| front_of(known).to_owned()).collect();
            Self::find(&fronts, wanted_front).map(|_| Self(wanted.to_owned()))
        })
    }

    /// The address as it was asked for.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address with parameters added; a query that it has is kept.
    pub fn with(&self, params: &[(&str, &str)]) -> String {
        let mut url = self.0.clone();
        for (name, value) in params {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.extend(byte_serialize(name.as_bytes()).chain(["="]).chain(byte_serialize(value.as_bytes())));
        }
        url
    }

    /// What a person recognises it by: the host, or the scheme of an App's own.
    pub fn place(&self) -> String {
        let (scheme, rest) = self.0.split_once(':').unwrap_or((&self.0, ""));
        let authority = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?']).next()).unwrap_or_default();
        let is_web = ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
        if is_web { authority.to_owned() } else { format!("{scheme}:") }
    }
}

/// An address without its query.
fn front_of(url: &str) -> &str {
    url.split_once('?').map_or(url, |(front, _)| front)
}

fn is_same_loopback(known: &str, wanted: &str) -> bool {
    match (without_port(known), without_port(wanted)) {
        (Some(known), Some(wanted)) => known == wanted,
        _ => false,
    }
}

/// Host and the rest of an `http` address on this machine (RFC 8252 §7.3). Its
/// names are not the same one: each is for itself.
fn without_port(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("http://")?;
    let host = ["127.0.0.1", "[::1]", "localhost"].into_iter().find(|host| rest.starts_with(host))?;
    let left_for_others = &rest[host.len()..];
    let end = left_for_others.find(['/', '?']).unwrap_or(left_for_others.len());
    let (port, rest) = left_for_others.split_at(end);
    let is_number = |port: &str| port.starts_with(|c: char| ('1'..='9').contains(&c)) && port.parse::<u16>().is_ok();
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_number);
    is_port.then_some((host, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(registered: &str, wanted: &str) -> Option<String> {
        Callback::find(&[registered.to_owned()], wanted).map(|callback| callback.0)
    }

    #[test]
    fn only_a_registered_callback_is_found_and_a_loopback_port_is_free() {
        for (registered, wanted, is_found) in [
            ("https://a.example/cb", "https://a.example/cb", true),
            ("https://a.example/cb", "https://a.example/cb/", false),
            ("https://a.example/cb", "https://a.example/cb?x=1", false),
            ("https://a.example/cb", "https://a.example:444/cb", false),
            ("http://127.0.0.1:3000/cb", "http://127.0.0.1:61234/cb", true),
            ("http://127.0.0.1/cb", "http://127.0.0.1:61234/cb", true),
            ("http://[::1]/cb", "http://[::1]:61234/cb", true),
            ("http://127.0.0.1/cb", "http://127.0.0.1:61234/other", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:+80/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:0/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:65536/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example/cb", false),
            ("http://127.0.0.1/cb", "http://[::1]/cb", false),
            ("http://localhost:3000/cb", "http://localhost:61234/cb", true),
            ("http://localhost/cb", "http://127.0.0.1/cb", false),
            ("http://localhost/cb", "http://localhost.evil.example/cb", false),
            ("http://localhost/cb", "http://localhost:1@evil.example/cb", false),
            ("https://localhost:3000/cb", "https://localhost:61234/cb", false),
            ("https://127.0.0.1/cb", "https://127.0.0.1:61234/cb", false),
        ] {
            assert_eq!(find(registered, wanted).is_some(), is_found, "{registered} {wanted}");
        }
    }

    #[test]
    fn a_query_of_the_callers_is_not_compared_for_oauth_1() {
        let find = |registered: &str, wanted: &str| {
            Callback::find_without_query(&[registered.to_owned()], wanted).map(|callback| callback.0)
        };
        for (registered, wanted) in [
            ("https://a.example/cb", "https://a.example/cb"),
            ("https://a.example/cb", "https://a.example/cb?from=x"),
            ("https://a.example", "https://a.example?source=twitter"),
            ("https://a.example/cb?k=1", "https://a.example/cb?k=1"),
            ("https://a.example/cb?k=1", "https://a.example/cb?k=2&é=%20"),
            ("http://127.0.0.1:3000/cb", "http://127.0.0.1:61234/cb?x=1"),
            ("myapp://cb", "myapp://cb?x"),
        ] {
            assert_eq!(find(registered, wanted).as_deref(), Some(wanted), "{registered}");
        }
        let long = format!("https://a.example/cb?{}", "x".repeat(2048));
        for wanted in [
            "https://a.example/cb/?from=x",
            "https://a.example/other?from=x",
            "https://a.example.evil.example/cb?x",
            "https://a.example/cb?x#y",
            "https://a.example/cb#?x",
            "https://a.example/cb?x\r\ny",
            "https://a.example/cb?x y",
            &long,
        ] {
            assert_eq!(find("https://a.example/cb", wanted), None, "{wanted}");
        }
    }

    #[test]
    fn parameters_are_added_to_what_is_there() {
        let at = |url: &str| Callback(url.to_owned()).with(&[("code", "a b"), ("state", "x&y")]);
        assert_eq!(at("https://a.example/cb"), "https://a.example/cb?code=a+b&state=x%26y");
        assert_eq!(at("https://a.example/cb?k=1"), "https://a.example/cb?k=1&code=a+b&state=x%26y");
        assert_eq!(at("myapp:/cb"), "myapp:/cb?code=a+b&state=x%26y");
        assert_eq!(Callback("https://a.example:8/cb".into()).place(), "a.example:8");
        assert_eq!(Callback("HTTPS://a.example/cb".into()).place(), "a.example");
        assert_eq!(Callback("myapp://cb".into()).place(), "myapp:");
    }
}
