//! Forward auth: a proxy has a request and asks whether it may pass. Which
//! request that is stands in headers, or in the path of the question.

use super::Asker;
use crate::isolate::Isolate;
use gatehouse_domain::gate;
use gatehouse_domain::gate::{Answer, UpstreamFailure, plain_problem};
use gatehouse_domain::metrics::{Decision, UpstreamFailureKind};
use gatehouse_domain::ports::{EdgePorts, Event, log_error};
use gatehouse_domain::request::RequestHead;
use gatehouse_domain::settings::Settings;
use gatehouse_shared::model::ErrorForm;
use std::borrow::Cow;

/// The request that a proxy asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalRequest {
    pub asker: Asker,
    pub method: String,
    /// Absolute.
    pub url: String,
}

/// Why it can't be told which request a proxy asks about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginalRequestError {
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
    /// Whoever asks has another secret than the deployment's proxies.
    #[error("{CHECK_SECRET} is not this deployment's GATE_CHECK_SECRET. Give the proxy the one that is set.")]
    WrongSecret,
    /// One of them came from the client, and it can't be told which.
    #[error("{0} and {1} name different requests. The proxy must set one of them and remove the other.")]
    Contradiction(&'static str, &'static str),
}

/// With this a proxy proves that it is one of the deployment's.
const CHECK_SECRET: &str = "x-gatehouse-check";

const CHECK: &str = "/gate/check";
const REFUSAL: &str = "/gate/refusal";

/// The names by which proxies say it: the URI, and the method with it.
const FAMILIES: [(&str, &str); 3] = [
    ("x-forwarded-uri", "x-forwarded-method"),
    ("x-original-url", "x-original-method"),
    ("x-original-uri", "x-original-method"),
];

/// Headers that only a proxy's question has: by these it says which request it
/// has, and who it is. A GET that bears one and comes to another address than
/// [`read_original_request`] reads is a question that was sent astray, and whatever
/// answered it with 2xx would let the proxy's request pass.
pub const OF_A_QUESTION: [&str; 6] =
    ["x-forwarded-method", "x-forwarded-uri", "x-original-method", "x-original-url", "x-original-uri", CHECK_SECRET];

/// The headers of a question that [`read_original_request`] and
/// [`Isolate::read_original_request`] read. The secret is among them only where the
/// deployment has one: each costs a step out of wasm.
pub fn original_request_headers(settings: &Settings) -> Vec<&'static str> {
    let of_a_question =
        OF_A_QUESTION.into_iter().filter(|name| *name != CHECK_SECRET || settings.check_secret.is_some());
    ["host", "x-forwarded-host", "x-forwarded-proto"].into_iter().chain(of_a_question).collect()
}

/// Reads which request a proxy asks about. `lines` are headers of the
/// question, `name: value`, one a line, names in lower case.
pub fn read_original_request(method: &str, url: &str, lines: &str) -> Result<OriginalRequest, OriginalRequestError> {
    let head = RequestHead { method, url, authorization: None };
    // Divided once: most of them are asked for more than once.
    let lines: Vec<(&str, &str)> = headers_of(lines).collect();
    let header = |name: &str| lines.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let below = head.path().strip_prefix(CHECK).filter(|rest| rest.starts_with('/'));
    let (asker, method, uri) = match (head.path(), below) {
        // Envoy puts its prefix before the path and keeps the method.
        (_, Some(path)) => (ASKED, method, format!("{path}{}", head.query())),
        (CHECK, _) => named(ASKED, header)?,
        (REFUSAL, _) => named(Asker::ProxyAfterRefusal, header)?,
        _ => return Err(OriginalRequestError::NoSuchQuestion),
    };
    let origin = origin(&head, header)?;
    Ok(OriginalRequest { asker, method: method.to_owned(), url: format!("{origin}{uri}") })
}

/// Until the proxy has proven itself.
const ASKED: Asker = Asker::ForwardAuth { signs: false };

/// Names and values of `name: value` lines.
fn headers_of(lines: &str) -> impl Iterator<Item = (&str, &str)> {
    lines.lines().filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim()))
}

/// The request that the headers name, if all of them that are there agree: a
/// proxy sets one family and passes the client's copy of the other on.
fn named<'a>(
    asker: Asker,
    header: impl Fn(&str) -> Option<&'a str>,
) -> Result<(Asker, &'a str, String), OriginalRequestError> {
    let mut known: Option<((&str, &str), &str, Cow<'_, str>)> = None;
    for (uri_name, method_name) in FAMILIES {
        let (uri, method) = match (header(uri_name), header(method_name)) {
            (Some(uri), Some(method)) => {
                (path_and_query(uri).ok_or(OriginalRequestError::Malformed(uri_name))?, method)
            }
            (Some(_), None) => return Err(OriginalRequestError::NoMethod { uri: uri_name, method: method_name }),
            (None, _) => continue,
        };
        if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-') {
            return Err(OriginalRequestError::Malformed(method_name));
        }
        match &known {
            Some((first, _, known_uri)) if *known_uri != uri => {
                return Err(OriginalRequestError::Contradiction(first.0, uri_name));
            }
            Some((first, known_method, _)) if *known_method != method => {
                return Err(OriginalRequestError::Contradiction(first.1, method_name));
            }
            Some(_) => {}
            None => known = Some(((uri_name, method_name), method, uri)),
        }
    }
    let ((_, method_name), method, uri) = known.ok_or(OriginalRequestError::NoRequest)?;
    // A method without a URI says nothing by itself, but may not say otherwise.
    for other in ["x-forwarded-method", "x-original-method"] {
        if header(other).is_some_and(|other| other != method) {
            return Err(OriginalRequestError::Contradiction(method_name, other));
        }
    }
    Ok((asker, method, uri.into_owned()))
}

/// Path and query as they were sent, of a URI that may be absolute. What
/// servers read in different ways is none: white space, control characters,
/// and a fragment, which no request has. Other characters than ASCII, which
/// browsers and `curl` may send as they are, are percent-encoded, as the
/// runtime does where such a request comes here.
fn path_and_query(uri: &str) -> Option<Cow<'_, str>> {
    let start = match uri.find("://") {
        Some(at) if !uri.starts_with('/') => at + 3 + uri.get(at + 3..)?.find('/')?,
        _ => 0,
    };
    let uri = uri.get(start..)?;
    // What was no UTF-8 has been lost on the way here.
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'#';
    if !uri.starts_with('/') || !uri.bytes().all(|byte| is_plain(byte) || !byte.is_ascii()) || uri.contains('\u{fffd}')
    {
        return None;
    }
    Some(if uri.is_ascii() {
        Cow::Borrowed(uri)
    } else {
        // Escapes nothing that is ASCII.
        Cow::Owned(percent_encoding::utf8_percent_encode(uri, percent_encoding::CONTROLS).to_string())
    })
}

/// Scheme, host and port that the client called: as the proxy says, else those
/// of the question itself. What a client signed must fit them, unless the
/// deployment's own origins are set.
///
/// Of a list, to which each proxy on the way has added what it was called
/// with, the first element counts: that is what the client called.
fn origin<'a>(
    head: &RequestHead<'a>,
    header: impl Fn(&str) -> Option<&'a str>,
) -> Result<String, OriginalRequestError> {
    let first = |name| header(name).map(|list| list.split(',').next().unwrap_or_default().trim());
    let asked = head.origin().split_once("://").unwrap_or(("https", head.origin()));
    let named = header("x-original-url").and_then(|url| url.split_once("://"));
    let named = named.map(|(scheme, rest)| (scheme, rest.split('/').next().unwrap_or_default()));
    let scheme = first("x-forwarded-proto").or(named.map(|(scheme, _)| scheme)).unwrap_or(asked.0);
    let host = first("x-forwarded-host").or(named.map(|(_, host)| host)).or(header("host")).unwrap_or(asked.1);
    // A scheme has no case (RFC 3986 §3.1), and a WebSocket is signed as the request that opens it.
    let scheme = match scheme {
        "http" | "https" => scheme,
        other if other.eq_ignore_ascii_case("https") || other.eq_ignore_ascii_case("wss") => "https",
        other if other.eq_ignore_ascii_case("http") || other.eq_ignore_ascii_case("ws") => "http",
        _ => return Err(OriginalRequestError::Malformed("x-forwarded-proto")),
    };
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    if host.is_empty() || !host.bytes().all(is_host) {
        return Err(OriginalRequestError::Malformed("x-forwarded-host"));
    }
    // As the runtime writes it for a request that comes here, and as clients sign it (RFC 5849 §3.4.1.2).
    let host = host.to_ascii_lowercase();
    let default = if scheme == "http" { ":80" } else { ":443" };
    Ok(format!("{scheme}://{}", host.strip_suffix(default).unwrap_or(&host)))
}

impl<R: EdgePorts> Isolate<R> {
    /// Reads which request a proxy asks about, or says why that can't be told.
    pub fn read_original_request(&self, method: &str, url: &str, lines: &str) -> Result<OriginalRequest, Answer> {
        read_original_request(method, url, lines).and_then(|original| self.prove(original, lines)).map_err(|error| {
            let (status, title) = match error {
                OriginalRequestError::NoSuchQuestion => (404, "Not Found"),
                OriginalRequestError::WrongSecret => (403, "Forbidden"),
                _ => (400, "Bad Request"),
            };
            plain_problem(status, title, &error.to_string()).with("x-gatehouse-request-id", self.request_id())
        })
    }

    /// Counts a question that can't be read.
    pub fn count_unread_question(&self) {
        self.count_decision(None, Decision::Question);
    }

    /// Whether whoever asks may have signed what the API is to be told.
    fn prove(&self, original: OriginalRequest, lines: &str) -> Result<OriginalRequest, OriginalRequestError> {
        let presented = || headers_of(lines).find(|(name, _)| *name == CHECK_SECRET);
        let proven = match self.settings.check_secret.as_ref().map(|secret| (secret, presented())) {
            Some((secret, Some((_, presented)))) if !secret.matches(presented) => {
                return Err(OriginalRequestError::WrongSecret);
            }
            Some((_, Some(_))) => true,
            _ => false,
        };
        let signs = proven || self.settings.signs_every_check;
        let asker = if original.asker == ASKED { Asker::ForwardAuth { signs } } else { original.asker };
        Ok(OriginalRequest { asker, ..original })
    }

    /// The answer to a question that was sent astray, in the form of the
    /// version where it came below one.
    pub fn astray(&self, url: &str) -> Answer {
        let head = RequestHead { method: "GET", url, authorization: None };
        let answer = match self.settings.api.version_of(head.path()).map(|version| version.errors) {
            Some(ErrorForm::Codes) => Answer::coded(404, 34, "Sorry, that page does not exist."),
            Some(ErrorForm::Problem) | None => {
                let detail = "This has headers of a question of forward auth, which is asked at /gate/check.";
                plain_problem(404, "Not Found", detail)
            }
        };
        answer.with("x-gatehouse-request-id", self.request_id())
    }

    /// The answer where somebody asks about a path under no version.
    pub fn no_version(&self) -> Answer {
        let detail = "This path lies under no version of the API.";
        plain_problem(404, "Not Found", detail).with("x-gatehouse-request-id", self.request_id())
    }

    /// The answer in place of one of the API behind the gate; `text` is for the log.
    pub fn upstream_failure(&self, url: &str, request_id: &str, failure: UpstreamFailure, text: &str) -> Answer {
        log_error(&self.runtime, Event::UpstreamFailed, request_id, text);
        self.runtime.metrics().upstream_failures.add(match failure {
            UpstreamFailure::Unreachable => UpstreamFailureKind::Unreachable,
            UpstreamFailure::TimedOut => UpstreamFailureKind::TimedOut,
        });
        let head = RequestHead { method: "GET", url, authorization: None };
        gate::upstream_failure(failure, self.settings.api.version_of(head.path()), request_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://gate.example/gate/check";

    fn read(url: &str, lines: &str) -> Result<OriginalRequest, OriginalRequestError> {
        read_original_request("GET", url, lines)
    }

    fn original(method: &str, url: &str) -> OriginalRequest {
        OriginalRequest { asker: ASKED, method: method.to_owned(), url: url.to_owned() }
    }

    #[test]
    fn each_proxys_way_to_say_it_is_understood() {
        let traefik = "x-forwarded-method: POST\nx-forwarded-proto: https\nx-forwarded-host: api.example\n\
                       x-forwarded-uri: /2/notes?a=1\nhost: gate.example\n";
        assert_eq!(read(URL, traefik), Ok(original("POST", "https://api.example/2/notes?a=1")));
        let ingress = "x-original-method: PUT\nx-original-url: http://api.example:8080/2/notes\nhost: gate.example\n";
        assert_eq!(read(URL, ingress), Ok(original("PUT", "http://api.example:8080/2/notes")));
        let nginx = "x-original-method: GET\nx-original-uri: /2/notes\nx-forwarded-host: API.example:443\n";
        assert_eq!(read(URL, nginx), Ok(original("GET", "https://api.example/2/notes")));
        let envoy =
            read_original_request("PATCH", "http://gate.example/gate/check/2/notes?a=/b", "host: api.example\n");
        assert_eq!(envoy, Ok(original("PATCH", "http://api.example/2/notes?a=/b")));
        let refusal = read("https://gate.example/gate/refusal", nginx).unwrap();
        assert_eq!((refusal.asker, refusal.url.as_str()), (Asker::ProxyAfterRefusal, "https://api.example/2/notes"));
    }

    #[test]
    fn a_request_that_is_not_named_is_not_guessed() {
        for lines in ["", "host: h\n", "x-forwarded-method: GET\n", "x-original-method: GET\nx-forwarded-host: h\n"] {
            assert_eq!(read(URL, lines), Err(OriginalRequestError::NoRequest), "{lines}");
        }
        let no_method = OriginalRequestError::NoMethod { uri: "x-original-uri", method: "x-original-method" };
        assert_eq!(read(URL, "x-original-uri: /2/notes\nx-forwarded-method: GET\n"), Err(no_method));
        for path in ["/gate", "/gate/", "/gate/checks", "/gate/2/notes", "/gate/refusal/2/notes"] {
            let asked = read(&format!("https://gate.example{path}"), "");
            assert_eq!(asked, Err(OriginalRequestError::NoSuchQuestion), "{path}");
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
            let read = read(URL, &format!("{honest}{spoof}"));
            assert!(matches!(read, Err(OriginalRequestError::Contradiction(..))), "{spoof}: {read:?}");
        }
        let ingress = "x-original-method: POST\nx-original-url: https://h/2/notes\n";
        let read_both = read(URL, &format!("{ingress}x-forwarded-method: GET\n"));
        assert!(matches!(read_both, Err(OriginalRequestError::Contradiction(..))), "{read_both:?}");
        let agreeing = "x-original-method: POST\nx-original-url: https://h/2/notes?a=1\n";
        assert!(read(URL, &format!("{honest}{agreeing}")).is_ok());
    }

    #[test]
    fn what_servers_read_in_different_ways_is_malformed() {
        for uri in ["2/notes", "*", "/2/no tes", "/2/a#b", "/2/\u{fffd}", "/2/a\tb", "https://h", "", "api:443"] {
            let read = read(URL, &format!("x-forwarded-method: GET\nx-forwarded-uri: {uri}\n"));
            assert_eq!(read, Err(OriginalRequestError::Malformed("x-forwarded-uri")), "{uri}");
        }
        for line in
            ["method: get", "method: GET, POST", "proto: ftp", "proto: , https", "host: a b", "host: a/b", "host: u@h"]
        {
            let name = line.split(':').next().unwrap();
            let honest = "x-forwarded-method: GET\nx-forwarded-uri: /2/notes\n"
                .replace(if name == "method" { "x-forwarded-method: GET\n" } else { "none" }, "");
            let read = read(URL, &format!("{honest}x-forwarded-{line}\n"));
            assert!(
                matches!(read, Err(OriginalRequestError::Malformed(header)) if header.ends_with(name)),
                "{line}: {read:?}"
            );
        }
    }

    #[test]
    fn of_a_list_the_first_element_is_what_the_client_called() {
        let honest = "x-forwarded-method: GET\nx-forwarded-uri: /2/notes\n";
        for (lines, origin) in [
            ("x-forwarded-proto: https,http\nx-forwarded-host: api.example\n", "https://api.example"),
            ("x-forwarded-proto: http, https\nx-forwarded-host: api.example, inner:8080\n", "http://api.example"),
            ("x-forwarded-proto: wss\nx-forwarded-host: api.example\n", "https://api.example"),
            ("x-forwarded-proto: WS\nx-forwarded-host: api.example\n", "http://api.example"),
            ("x-forwarded-proto: HTTPS\nx-forwarded-host: API.example:443\n", "https://api.example"),
        ] {
            let read = read(URL, &format!("{honest}{lines}"));
            assert_eq!(read, Ok(original("GET", &format!("{origin}/2/notes"))), "{lines}");
        }
    }

    #[test]
    fn a_uri_that_was_sent_raw_is_read_as_the_runtime_reads_it() {
        let read = read(URL, "x-forwarded-method: GET\nx-forwarded-uri: /2/caf\u{e9}?q=\u{2603}&a=%20|\nhost: h\n");
        assert_eq!(read, Ok(original("GET", "https://h/2/caf%C3%A9?q=%E2%98%83&a=%20|")));
    }
}
