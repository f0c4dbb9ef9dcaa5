//! Forward auth: a proxy has a request and asks whether it may pass. Which
//! request that is stands in headers, or in the path of the question.

use super::answer::{self, Answer, UpstreamFailure, plain_problem};
use super::{Head, Way};
use crate::deployment::Deployment;
use crate::ports::{EdgePorts, Event, log_error};

/// The request that a proxy asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outer {
    pub way: Way,
    pub method: String,
    /// Absolute.
    pub url: String,
}

/// Why it can't be told which request a proxy asks about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OuterError {
    #[error("There is no such question. Ask at /gate/check, or for the answer to a refused request at /gate/refusal.")]
    NoSuchQuestion,
    #[error(
        "Say which request this is about: X-Forwarded-Method and X-Forwarded-Uri, or X-Original-Method and \
         X-Original-URL."
    )]
    NoRequest,
    #[error("{uri} came without {method}: send both, so that a write is not checked as a read.")]
    NoMethod { uri: &'static str, method: &'static str },
    #[error("{0} can't be read.")]
    Malformed(&'static str),
    /// One of them came from the client, and it can't be told which.
    #[error("{0} and {1} name different requests. The proxy must set one of them and remove the other.")]
    Contradiction(&'static str, &'static str),
}

const CHECK: &str = "/gate/check";
const REFUSAL: &str = "/gate/refusal";

/// The names by which proxies say it: the URI, and the method with it.
const FAMILIES: [(&str, &str); 3] = [
    ("x-forwarded-uri", "x-forwarded-method"),
    ("x-original-url", "x-original-method"),
    ("x-original-uri", "x-original-method"),
];

/// Headers that only a proxy's question has: by these it says which request it
/// has. A GET that bears one and comes to another address than
/// [`read_outer`] reads is a question that was sent astray, and whatever
/// answered it with 2xx would let the proxy's request pass.
pub const OF_A_QUESTION: [&str; 5] =
    ["x-forwarded-method", "x-forwarded-uri", "x-original-method", "x-original-url", "x-original-uri"];

/// Reads which request a proxy asks about. `lines` are headers of the
/// question, `name: value`, one a line, names in lower case.
pub fn read_outer(method: &str, url: &str, lines: &str) -> Result<Outer, OuterError> {
    let head = Head { method, url, authorization: None };
    let header = |name: &str| {
        let mut headers = lines.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| *key == name).map(|(_, value)| value.trim())
    };
    let below = head.path().strip_prefix(CHECK).filter(|rest| rest.starts_with('/'));
    let (way, method, uri) = match (head.path(), below) {
        // Envoy puts its prefix before the path and keeps the method.
        (_, Some(path)) => (Way::ForwardAuth, method, format!("{path}{}", head.query())),
        (CHECK, _) => named(Way::ForwardAuth, header)?,
        (REFUSAL, _) => named(Way::Refusal, header)?,
        _ => return Err(OuterError::NoSuchQuestion),
    };
    let origin = origin(&head, header)?;
    Ok(Outer { way, method: method.to_owned(), url: format!("{origin}{uri}") })
}

/// The request that the headers name, if all of them that are there agree: a
/// proxy sets one family and passes the client's copy of the other on.
fn named<'a>(way: Way, header: impl Fn(&str) -> Option<&'a str>) -> Result<(Way, &'a str, String), OuterError> {
    let mut known: Option<((&str, &str), &str, &str)> = None;
    for (uri_name, method_name) in FAMILIES {
        let (uri, method) = match (header(uri_name), header(method_name)) {
            (Some(uri), Some(method)) => (path_and_query(uri).ok_or(OuterError::Malformed(uri_name))?, method),
            (Some(_), None) => return Err(OuterError::NoMethod { uri: uri_name, method: method_name }),
            (None, _) => continue,
        };
        if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-') {
            return Err(OuterError::Malformed(method_name));
        }
        match known {
            Some((first, _, known_uri)) if known_uri != uri => {
                return Err(OuterError::Contradiction(first.0, uri_name));
            }
            Some((first, known_method, _)) if known_method != method => {
                return Err(OuterError::Contradiction(first.1, method_name));
            }
            Some(_) => {}
            None => known = Some(((uri_name, method_name), method, uri)),
        }
    }
    let ((_, method_name), method, uri) = known.ok_or(OuterError::NoRequest)?;
    // A method without a URI says nothing by itself, but may not say otherwise.
    for other in ["x-forwarded-method", "x-original-method"] {
        if header(other).is_some_and(|other| other != method) {
            return Err(OuterError::Contradiction(method_name, other));
        }
    }
    Ok((way, method, uri.to_owned()))
}

/// Path and query as they were sent, of a URI that may be absolute. What
/// servers read in different ways is none: white space, control characters,
/// and a fragment, which no request has.
fn path_and_query(uri: &str) -> Option<&str> {
    let start = match uri.find("://") {
        Some(at) if !uri.starts_with('/') => at + 3 + uri.get(at + 3..)?.find('/')?,
        _ => 0,
    };
    let uri = uri.get(start..)?;
    let is_plain = uri.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    (uri.starts_with('/') && is_plain).then_some(uri)
}

/// Scheme, host and port that the client called: as the proxy says, else those
/// of the question itself. What a client signed must fit them, unless the
/// deployment's own origins are set.
fn origin<'a>(head: &Head<'a>, header: impl Fn(&str) -> Option<&'a str>) -> Result<String, OuterError> {
    let asked = head.origin().split_once("://").unwrap_or(("https", head.origin()));
    let named = header("x-original-url").and_then(|url| url.split_once("://"));
    let named = named.map(|(scheme, rest)| (scheme, rest.split('/').next().unwrap_or_default()));
    let scheme = header("x-forwarded-proto").or(named.map(|(scheme, _)| scheme)).unwrap_or(asked.0);
    let host = header("x-forwarded-host").or(named.map(|(_, host)| host)).or(header("host")).unwrap_or(asked.1);
    if !matches!(scheme, "http" | "https") {
        return Err(OuterError::Malformed("x-forwarded-proto"));
    }
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    if host.is_empty() || !host.bytes().all(is_host) {
        return Err(OuterError::Malformed("x-forwarded-host"));
    }
    // As the runtime writes it for a request that comes here, and as clients sign it (RFC 5849 §3.4.1.2).
    let host = host.to_ascii_lowercase();
    let default = if scheme == "http" { ":80" } else { ":443" };
    Ok(format!("{scheme}://{}", host.strip_suffix(default).unwrap_or(&host)))
}

impl<R: EdgePorts> Deployment<R> {
    /// Reads which request a proxy asks about, or says why that can't be told.
    pub fn read_outer(&self, method: &str, url: &str, lines: &str) -> Result<Outer, Answer> {
        read_outer(method, url, lines).map_err(|error| {
            let (status, title) = match error {
                OuterError::NoSuchQuestion => (404, "Not Found"),
                _ => (400, "Bad Request"),
            };
            plain_problem(status, title, &error.to_string()).with("x-gatehouse-request-id", self.request_id())
        })
    }

    /// The answer where somebody asks about a path under no version.
    pub fn no_version(&self) -> Answer {
        let detail = "This path lies under no version of the API.";
        plain_problem(404, "Not Found", detail).with("x-gatehouse-request-id", self.request_id())
    }

    /// The answer in place of one of the API behind the gate; `text` is for the log.
    pub fn upstream_failure(&self, url: &str, request_id: &str, failure: UpstreamFailure, text: &str) -> Answer {
        log_error(&self.runtime, Event::UpstreamFailed, request_id, text);
        let head = Head { method: "GET", url, authorization: None };
        answer::upstream_failure(failure, self.settings.api.version_of(head.path()), request_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: &str = "https://gate.example/gate/check";

    fn read(url: &str, lines: &str) -> Result<Outer, OuterError> {
        read_outer("GET", url, lines)
    }

    fn outer(method: &str, url: &str) -> Outer {
        Outer { way: Way::ForwardAuth, method: method.to_owned(), url: url.to_owned() }
    }

    #[test]
    fn each_proxys_way_to_say_it_is_understood() {
        let traefik = "x-forwarded-method: POST\nx-forwarded-proto: https\nx-forwarded-host: api.example\n\
                       x-forwarded-uri: /2/notes?a=1\nhost: gate.example\n";
        assert_eq!(read(ASKED, traefik), Ok(outer("POST", "https://api.example/2/notes?a=1")));
        let ingress = "x-original-method: PUT\nx-original-url: http://api.example:8080/2/notes\nhost: gate.example\n";
        assert_eq!(read(ASKED, ingress), Ok(outer("PUT", "http://api.example:8080/2/notes")));
        let nginx = "x-original-method: GET\nx-original-uri: /2/notes\nx-forwarded-host: API.example:443\n";
        assert_eq!(read(ASKED, nginx), Ok(outer("GET", "https://api.example/2/notes")));
        let envoy = read_outer("PATCH", "http://gate.example/gate/check/2/notes?a=/b", "host: api.example\n");
        assert_eq!(envoy, Ok(outer("PATCH", "http://api.example/2/notes?a=/b")));
        let refusal = read("https://gate.example/gate/refusal", nginx).unwrap();
        assert_eq!((refusal.way, refusal.url.as_str()), (Way::Refusal, "https://api.example/2/notes"));
    }

    #[test]
    fn a_request_that_is_not_named_is_not_guessed() {
        for lines in ["", "host: h\n", "x-forwarded-method: GET\n", "x-original-method: GET\nx-forwarded-host: h\n"] {
            assert_eq!(read(ASKED, lines), Err(OuterError::NoRequest), "{lines}");
        }
        let no_method = OuterError::NoMethod { uri: "x-original-uri", method: "x-original-method" };
        assert_eq!(read(ASKED, "x-original-uri: /2/notes\nx-forwarded-method: GET\n"), Err(no_method));
        for path in ["/gate", "/gate/", "/gate/checks", "/gate/2/notes", "/gate/refusal/2/notes"] {
            let asked = read(&format!("https://gate.example{path}"), "");
            assert_eq!(asked, Err(OuterError::NoSuchQuestion), "{path}");
        }
    }

    #[test]
    fn two_families_that_disagree_are_refused() {
        let honest = "x-forwarded-method: POST\nx-forwarded-uri: /2/notes?a=1\n";
        for spoof in [
            "x-original-method: POST\nx-original-url: https://h/1.1/notes.json\n",
            "x-original-method: POST\nx-original-uri: /2/notes\n",
            "x-original-method: POST\nx-original-uri: /2/notes?a=2\n",
            "x-original-method: GET\nx-original-uri: /2/notes?a=1\n",
            "x-original-method: GET\n",
            "x-original-method: POST\nx-original-url: https://h/2/notes?a=1\nx-original-uri: /1.1/notes.json\n",
        ] {
            let read = read(ASKED, &format!("{honest}{spoof}"));
            assert!(matches!(read, Err(OuterError::Contradiction(..))), "{spoof}: {read:?}");
        }
        let ingress = "x-original-method: POST\nx-original-url: https://h/2/notes\n";
        let read_both = read(ASKED, &format!("{ingress}x-forwarded-method: GET\n"));
        assert!(matches!(read_both, Err(OuterError::Contradiction(..))), "{read_both:?}");
        let agreeing = "x-original-method: POST\nx-original-url: https://h/2/notes?a=1\n";
        assert!(read(ASKED, &format!("{honest}{agreeing}")).is_ok());
    }

    #[test]
    fn what_servers_read_in_different_ways_is_malformed() {
        for uri in ["2/notes", "*", "/2/no tes", "/2/a#b", "/2/\u{e9}", "/2/a\tb", "https://h", "", "api:443"] {
            let read = read(ASKED, &format!("x-forwarded-method: GET\nx-forwarded-uri: {uri}\n"));
            assert_eq!(read, Err(OuterError::Malformed("x-forwarded-uri")), "{uri}");
        }
        for line in ["method: get", "method: GET, POST", "proto: https, http", "host: a, b", "host: a/b", "host: u@h"] {
            let name = line.split(':').next().unwrap();
            let honest = "x-forwarded-method: GET\nx-forwarded-uri: /2/notes\n"
                .replace(if name == "method" { "x-forwarded-method: GET\n" } else { "none" }, "");
            let read = read(ASKED, &format!("{honest}x-forwarded-{line}\n"));
            assert!(matches!(read, Err(OuterError::Malformed(header)) if header.ends_with(name)), "{line}: {read:?}");
        }
    }
}
