//! What is said at an address that leads nowhere: never what a proxy, which takes any 2xx for a yes, or a monitor would
//! take for a good sign.

use gatehouse_tests::{Client, Reply, wire};

/// Sends the path as it is.
#[track_caller]
fn get(path: &str, headers: &[(&str, &str)]) -> Reply {
    let start = format!("GET {path}");
    wire::exchange(&wire::request(&start, headers, b"")).unwrap_or_else(|error| panic!("{path}: {error}"))
}

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

#[test]
fn a_question_at_a_wrong_address_is_never_answered_with_a_pass() {
    for path in [
        "//gate/check",
        "/Gate/check",
        "/GATE/CHECK",
        "/gate%2fcheck",
        "/%67ate/check",
        "/gates/check",
        "/gate-check",
        "/gate/checks",
        "/gate/Check",
        "/gate//check",
        "/gate/check/../../login",
        "/gate/check/2/%2e%2e/%2e%2e/%2e%2e/login",
        "/gate/check;x/2/notes",
        "/auth",
        "/check",
        "/docs//",
        "//docs",
        "/docs/errors/none",
        "/apps/7",
        "/index.html",
    ] {
        for headers in [&[][..], &[BROWSER], &[("authorization", "Bearer x")], &[("accept", "*/*")]] {
            let reply = get(path, headers);
            assert!(matches!(reply.status, 400..=499), "{path} {headers:?}: {} {}", reply.status, reply.text);
        }
    }
}

#[test]
fn a_question_that_was_sent_astray_gets_404_also_where_there_is_a_page() {
    let signs = [
        ("x-forwarded-method", "GET"),
        ("x-forwarded-uri", "/2/notes"),
        ("x-original-method", "GET"),
        ("x-original-url", "https://api.example/2/notes"),
        ("x-original-uri", "/2/notes"),
    ];
    for path in ["/", "/docs", "/sign-in", "/oauth/authorize", "/favicon.svg", "/healthz", "/api/session"] {
        for sign in signs {
            let reply = get(path, &[sign, BROWSER]);
            assert_eq!(reply.status, 404, "{path} {sign:?}: {}", reply.text);
            assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{path} {sign:?}");
            let head = wire::request(&format!("HEAD {path}"), &[sign, ("content-length", "0")], b"");
            let reply = wire::exchange(&head).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(reply.status, 404, "HEAD {path} {sign:?}");
        }
        // A proxy in front of all, and a password before a staging host, send these to every address.
        let usual = [
            ("x-forwarded-for", "192.0.2.1"),
            ("x-forwarded-host", "portal.example"),
            ("x-forwarded-proto", "https"),
            ("authorization", "Basic c3RhZ2luZzpwYXNzd29yZA=="),
        ];
        assert_eq!(get(path, &usual).status, 200, "{path}");
    }
}

#[test]
fn a_path_without_a_page_is_404_for_browsers_and_for_programs() {
    for path in ["/metrics", "/readyz", "/livez", "/no/such/page", "/apps/1/keys", "/wp-login"] {
        let shown = get(path, &[BROWSER]);
        assert_eq!(shown.status, 404, "{path}");
        assert!(shown.header("content-type").is_some_and(|kind| kind.starts_with("text/html")), "{path}");
        assert_eq!(shown.header("cache-control"), Some("no-store"), "{path}");
        assert!(shown.text.contains("<script"), "{path}: not the portal's page");
        let etag = get("/", &[BROWSER]).header("etag").expect("an ETag").to_owned();
        assert_eq!(get(path, &[BROWSER, ("if-none-match", &etag)]).status, 404, "{path}: a 304 would say yes");
        for headers in [&[][..], &[("accept", "*/*")]] {
            get(path, headers).refused(404, "not-found");
        }
        for method in ["POST", "PUT", "DELETE"] {
            Client::new().send(method, path, &[], b"").refused(404, "not-found");
        }
    }
    assert_eq!(get("/healthz", &[]).json["status"], "ok");
}
