//! Pages of other origins (Fetch standard, “CORS protocol”). A browser asks
//! first whether a page may send a request with credentials, and that question
//! bears none. Where `api.toml` says which pages may call, the gate answers it
//! and says in each answer what the page may read; else both are the API's.

use super::Asker;
use crate::isolate::Isolate;
use gatehouse_domain::gate;
use gatehouse_domain::gate::Answer;
use gatehouse_domain::metrics::Decision;
use gatehouse_domain::path::{is_own, leads_elsewhere, rule_of};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_domain::request::RequestHead;
use gatehouse_shared::description::{Cors, Origins, Version};
use std::fmt::Write;

/// What a browser says of the page that a request comes from.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The `Origin` header.
    pub origin: &'a str,
    /// `Access-Control-Request-Method`: what the page wants to send.
    pub method: Option<&'a str>,
    /// `Access-Control-Request-Headers`: which headers it wants to send.
    pub headers: Option<&'a str>,
}

/// What becomes of a request that comes from a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Browsing {
    /// It is decided as any other request.
    Usual,
    /// The same, with these `name: value` lines on the answer in place of the
    /// API's own `access-control-*`.
    Told(String),
    /// A question before a request: it passes to the API without identity,
    /// under this request id.
    Ask(String),
    Answer(Answer),
}

/// What every answer of the gate and of the API behind it may bear that a page
/// has a use for.
const EXPOSED: &str = "www-authenticate, retry-after, x-gatehouse-request-id, x-access-level, x-rate-limit-limit, \
                       x-rate-limit-remaining, x-rate-limit-reset, ratelimit, ratelimit-policy";

/// The most bytes of `Access-Control-Request-Headers` that are repeated.
const MOST_HEADERS: usize = 2_000;

impl<R: EdgePorts> Isolate<R> {
    /// Says what becomes of a request with an `Origin` header.
    pub fn browse(&self, asker: Asker, head: &RequestHead<'_>, page: &Page<'_>) -> Browsing {
        let path = head.path();
        let Some(version) = self.settings.api.version_of(path) else { return Browsing::Usual };
        if is_own(path) || leads_elsewhere(path) {
            return Browsing::Usual;
        }
        // A browser never sends credentials with its question: whoever does is no browser, and is known by them.
        let asked = page.method.filter(|_| head.method == "OPTIONS" && head.authorization.is_none());
        let route = rule_of(version, asked.unwrap_or(head.method), path).route.map(|(_, route)| route);
        let browsing = match (version.cors_of(route), asked) {
            (None, None) => Browsing::Usual,
            (None, Some(_)) => self.pass_question(asker, version),
            (Some(cors), None) => Browsing::Told(told(cors, page.origin)),
            (Some(cors), Some(method)) if cors.allows(page.origin) => match asker {
                Asker::Client => Browsing::Answer(allow(cors, page, method, &self.request_id())),
                Asker::Worker | Asker::ForwardAuth { .. } | Asker::ProxyAfterRefusal => {
                    self.pass_question(asker, version)
                }
            },
            (Some(_), Some(_)) => Browsing::Answer(gate::page_not_allowed(version, page.origin, &self.request_id())),
        };
        if asked.is_some() && asker != Asker::ProxyAfterRefusal {
            self.count_decision(Some(version), decision_of(&browsing, asker));
        }
        browsing
    }

    fn pass_question(&self, asker: Asker, version: &Version) -> Browsing {
        let request_id = self.request_id();
        match asker {
            Asker::Client | Asker::Worker => Browsing::Ask(request_id),
            Asker::ForwardAuth { .. } => {
                let headers = vec![("x-gatehouse-request-id".to_owned(), request_id)];
                Browsing::Answer(Answer { status: 200, headers, body: String::new() })
            }
            Asker::ProxyAfterRefusal => Browsing::Answer(gate::passes_now(Some(version), &request_id)),
        }
    }
}

/// What the end of a browser's question is counted as.
fn decision_of(browsing: &Browsing, asker: Asker) -> Decision {
    match browsing {
        Browsing::Answer(answer) if answer.status >= 400 => Decision::PageNotAllowed,
        Browsing::Answer(_) if asker == Asker::Client => Decision::Preflight,
        _ => Decision::Forwarded,
    }
}

/// Answers a browser's question. What the page wants is repeated: the gate
/// decides on the request itself when it comes.
fn allow(cors: &Cors, page: &Page<'_>, method: &str, request_id: &str) -> Answer {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let is_list = |text: &&str| {
        text.len() <= MOST_HEADERS && text.bytes().all(|byte| is_token(byte) || matches!(byte, b',' | b' '))
    };
    let mut answer = Answer { status: 204, headers: Vec::new(), body: String::new() }
        .with("access-control-allow-origin", allowed_origin(cors, page.origin))
        .with("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
        .with("access-control-max-age", cors.max_age_seconds.to_string());
    if method.bytes().all(is_token) {
        answer = answer.with("access-control-allow-methods", method);
    }
    if let Some(headers) = page.headers.filter(is_list) {
        answer = answer.with("access-control-allow-headers", headers);
    }
    answer.with("x-gatehouse-request-id", request_id)
}

fn allowed_origin<'a>(cors: &Cors, origin: &'a str) -> &'a str {
    match cors.origins {
        Origins::Any => "*",
        Origins::Listed(_) => origin,
    }
}

/// The lines on an answer to a request of a page. Who is not let in gets none
/// that let it read.
fn told(cors: &Cors, origin: &str) -> String {
    let mut lines = String::with_capacity(320);
    if matches!(cors.origins, Origins::Listed(_)) {
        lines.push_str("vary: Origin\n");
    }
    if cors.allows(origin) {
        let allowed = allowed_origin(cors, origin);
        let _ = write!(lines, "access-control-allow-origin: {allowed}\naccess-control-expose-headers: {EXPOSED}");
        for name in &cors.expose {
            let _ = write!(lines, ", {name}");
        }
        lines.push('\n');
    }
    lines
}
