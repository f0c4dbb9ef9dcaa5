//! Pages of other origins at the gate: preflights, and what a page may read.

use crate::support;
use crate::support::{API, Deployed, ORIGIN};
use futures::executor::block_on;
use gatehouse_domain::gate::{Answer, Verdict};
use gatehouse_domain::request::RequestHead;
use gatehouse_domain::settings::Settings;
use gatehouse_edge::check::{Asker, Browsing, Form, Page};
use gatehouse_edge::isolate::Isolate;
use gatehouse_shared::description::parse;
use gatehouse_simulation::{MemoryRuntime, World};
use std::rc::Rc;

const APP: &str = "https://app.example";

/// An isolate whose `api.toml` has CORS for v2, of other origins for one of its
/// routes, and none for v1.1.
fn isolate() -> Deployed {
    let v2 = "prefix = \"/2\"\n";
    let route = "path = \"/2/limited\"\n";
    let text = API
        .replacen(
            v2,
            &format!("{v2}cors = {{ origins = [\"{APP}\"], expose = [\"X-Total\"], max_age_seconds = 5 }}\n"),
            1,
        )
        .replacen(route, &format!("{route}cors = {{ origins = \"*\" }}\n"), 1);
    let keys = format!("1:{}", "5a".repeat(32));
    let settings = Settings::read(parse(&text).unwrap(), |name| match name {
        "MASTER_KEYS" => Some(keys.clone()),
        "OPERATOR_PASSWORD" => Some(support::OPERATOR_PASSWORD.to_owned()),
        _ => None,
    });
    Rc::new(Isolate::new(MemoryRuntime(World::new(1)), settings.unwrap()))
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn preflight(isolate: &Deployed, way: Asker, path: &str, origin: &str) -> Browsing {
    let url = format!("{ORIGIN}{path}");
    let head = RequestHead { method: "OPTIONS", url: &url, authorization: None };
    let page = Page { origin, method: Some("PATCH"), headers: Some("authorization,traceparent, x-mine") };
    isolate.browse(way, &head, &page)
}

fn told(isolate: &Deployed, path: &str, origin: &str) -> Browsing {
    let url = format!("{ORIGIN}{path}");
    let head = RequestHead { method: "GET", url: &url, authorization: Some("Bearer x") };
    isolate.browse(Asker::Client, &head, &Page { origin, method: None, headers: None })
}

#[test]
fn a_preflight_of_an_allowed_page_is_answered_before_credentials_and_repeats_what_is_asked() {
    let isolate = isolate();
    for (path, origin, vary) in [("/2/notes/7", APP, true), ("/2/other", APP, true)] {
        let Browsing::Answer(answer) = preflight(&isolate, Asker::Client, path, origin) else { panic!("{path}") };
        assert_eq!((answer.status, answer.body.as_str()), (204, ""));
        for (name, value) in [
            ("access-control-allow-origin", origin),
            ("access-control-allow-methods", "PATCH"),
            ("access-control-allow-headers", "authorization,traceparent, x-mine"),
            ("access-control-max-age", "5"),
        ] {
            assert_eq!(header(&answer, name), Some(value), "{path}");
        }
        assert_eq!(header(&answer, "vary").is_some_and(|value| value.starts_with("Origin")), vary);
        assert_eq!(header(&answer, "access-control-allow-credentials"), None);
        assert!(header(&answer, "x-gatehouse-request-id").is_some());
    }
}

#[test]
fn a_preflight_is_answered_by_the_rule_of_the_route_and_method_that_is_asked_for() {
    let isolate = isolate();
    let url = format!("{ORIGIN}/2/limited");
    let head = RequestHead { method: "OPTIONS", url: &url, authorization: None };
    let ask = |method| {
        isolate.browse(
            Asker::Client,
            &head,
            &Page { origin: "https://any.example", method: Some(method), headers: None },
        )
    };
    let Browsing::Answer(answer) = ask("GET") else { panic!() };
    assert_eq!((answer.status, header(&answer, "access-control-allow-origin")), (204, Some("*")));
    let Browsing::Answer(answer) = ask("POST") else { panic!() };
    assert_eq!((answer.status, header(&answer, "access-control-allow-origin")), (403, None));
}

#[test]
fn a_page_that_is_not_allowed_is_told_so_and_may_read_nothing() {
    let isolate = isolate();
    for origin in ["https://evil.example", "https://app.example:8443", "http://app.example", "null"] {
        for way in [Asker::Client, Asker::Worker, Asker::ForwardAuth { signs: false }, Asker::ProxyAfterRefusal] {
            let Browsing::Answer(answer) = preflight(&isolate, way, "/2/notes/7", origin) else { panic!("{origin}") };
            assert_eq!(answer.status, 403);
            assert!(answer.body.contains("cors"), "{}", answer.body);
            assert!(answer.headers.iter().all(|(name, _)| !name.starts_with("access-control-")), "{origin}");
        }
        assert_eq!(told(&isolate, "/2/notes/7", origin), Browsing::Told("vary: Origin\n".to_owned()));
    }
}

#[test]
fn an_allowed_page_may_read_answers_and_refusals_with_their_headers() {
    let isolate = isolate();
    let Browsing::Told(lines) = told(&isolate, "/2/notes/7", APP) else { panic!() };
    assert!(lines.starts_with("vary: Origin\naccess-control-allow-origin: https://app.example\n"), "{lines}");
    for name in
        ["www-authenticate", "retry-after", "x-gatehouse-request-id", "x-rate-limit-reset", "ratelimit", "x-total"]
    {
        assert!(lines.lines().last().unwrap().split([' ', ',']).any(|exposed| exposed == name), "{name}: {lines}");
    }
    let Browsing::Told(lines) = told(&isolate, "/2/limited", "https://any.example") else { panic!() };
    assert!(lines.starts_with("access-control-allow-origin: *\n"), "{lines}");
}

#[test]
fn without_cors_a_preflight_passes_without_identity_and_the_apis_headers_stay() {
    let isolate = isolate();
    for way in [Asker::Client, Asker::Worker] {
        let Browsing::Ask(request_id) = preflight(&isolate, way, "/1.1/notes.json", APP) else { panic!() };
        assert_eq!(request_id.len(), 16);
    }
    let Browsing::Answer(answer) = preflight(&isolate, Asker::ForwardAuth { signs: false }, "/1.1/notes.json", APP)
    else {
        panic!()
    };
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    let names: Vec<&str> = answer.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["x-gatehouse-request-id"], "no identity");
    let Browsing::Answer(answer) = preflight(&isolate, Asker::ProxyAfterRefusal, "/1.1/notes.json", APP) else {
        panic!()
    };
    assert_eq!(answer.status, 503, "nothing is refused");
    assert_eq!(told(&isolate, "/1.1/notes.json", APP), Browsing::Usual);
}

#[test]
fn forward_auth_lets_an_allowed_preflight_through_without_identity() {
    let isolate = isolate();
    let Browsing::Answer(answer) = preflight(&isolate, Asker::ForwardAuth { signs: false }, "/2/notes/7", APP) else {
        panic!()
    };
    assert_eq!(answer.status, 200);
    assert!(header(&answer, "x-gatehouse-app").is_none());
    assert!(matches!(preflight(&isolate, Asker::Worker, "/2/notes/7", APP), Browsing::Ask(_)));
}

#[test]
fn what_is_no_preflight_is_decided_as_ever() {
    let isolate = isolate();
    let page = Page { origin: APP, method: Some("GET"), headers: None };
    for (method, path, authorization) in [
        // Whoever sends credentials is known by them.
        ("OPTIONS", "/1.1/notes.json", Some("Bearer x")),
        ("GET", "/1.1/notes.json", None),
        // Not the API's.
        ("OPTIONS", "/2/oauth2/token", None),
        ("OPTIONS", "/dashboard", None),
        ("OPTIONS", "/2/..%2fx", None),
    ] {
        let url = format!("{ORIGIN}{path}");
        let head = RequestHead { method, url: &url, authorization };
        assert_eq!(isolate.browse(Asker::Client, &head, &page), Browsing::Usual, "{method} {path}");
    }
    // Without what is asked for, OPTIONS is a request like any other.
    let url = format!("{ORIGIN}/1.1/notes.json");
    let head = RequestHead { method: "OPTIONS", url: &url, authorization: None };
    assert_eq!(isolate.browse(Asker::Client, &head, &Page { method: None, ..page }), Browsing::Usual);
    let step = block_on(isolate.check(Asker::Client, &head, &Form::None));
    assert!(matches!(step, Some(Verdict::Refuse(_))));
}

#[test]
fn what_a_page_asks_for_breaks_no_header() {
    let isolate = isolate();
    let url = format!("{ORIGIN}/2/other");
    let head = RequestHead { method: "OPTIONS", url: &url, authorization: None };
    for (method, headers) in [("GET\r\nx: y", "a\r\nb: c"), ("G T", "a\u{e9}"), ("GET", &*"x".repeat(2_001))] {
        let page = Page { origin: APP, method: Some(method), headers: Some(headers) };
        let Browsing::Answer(answer) = isolate.browse(Asker::Client, &head, &page) else { panic!() };
        assert_eq!(header(&answer, "access-control-allow-headers"), None);
        assert!(answer.headers.iter().all(|(_, value)| !value.contains(['\r', '\n'])));
    }
}
