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
    for path in ["/", "/docs", "/sign-in", "/oauth/authorize", "/favicon.svg", "/healthz", "/readyz", "/api/session"] {
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

/// Where Envoy joins its prefix with a path that has dot segments, they lead out of `/gate/check`: at Cloudflare before the
/// deployment sees the address, which then is a page's. What proves the proxy gives the question away. On one machine the
/// address arrives as it was sent, and the question is about a path that servers read in different ways.
#[test]
fn a_question_that_dot_segments_lead_to_a_page_is_never_a_yes() {
    let secret = gatehouse_tests::TestDeployment::check_secret();
    let app = Client::developer().create_project("read");
    let authorization = format!("Bearer {}", app.bearer_token);
    for proof in [secret.as_str(), "another"] {
        let proof = ("x-gatehouse-check", proof);
        for path in ["/docs", "/healthz", "/"] {
            let reply = get(path, &[proof]);
            assert_eq!(reply.status, 404, "{path}: {}", reply.text);
        }
        for path in ["/2/%2e%2e/%2e%2e/%2e%2e/docs", "/../../docs", "/../../healthz"] {
            let path = format!("/gate/check{path}");
            let credential = ("authorization", authorization.as_str());
            let start = format!("GET {path}");
            let reply = wire::exchange(&wire::request(&start, &[proof, credential], b"")).unwrap();
            assert!(matches!(reply.status, 403 | 404), "{path}: {} {}", reply.status, reply.text);
        }
    }
}

#[test]
fn a_path_without_a_page_is_404_for_browsers_and_for_programs() {
    for path in ["/metrics", "/ready", "/livez", "/no/such/page", "/apps/1/keys", "/wp-login"] {
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
    for path in ["/healthz", "/readyz"] {
        assert_eq!(get(path, &[]).json["status"], "ok", "{path}");
    }
}

#[test]
fn a_host_that_the_caller_chose_is_not_spoken_of() {
    let request =
        "GET /.well-known/oauth-authorization-server HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n";
    let reply = wire::exchange(request.as_bytes()).unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.json["issuer"], gatehouse_tests::TestDeployment::url(), "{}", reply.text);
    assert!(!reply.text.contains("evil"), "{}", reply.text);
    let change = "POST /api/sessions HTTP/1.1\r\nhost: evil.example\r\norigin: http://evil.example\r\nconnection: close\r\n\
                  content-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    wire::exchange(change.as_bytes()).unwrap().refused(403, "cross-site-request");
}

#[test]
fn serving_writes_no_record_of_requests_and_their_urls() {
    let secret = gatehouse_tests::unique("code");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let reply = Client::new().send("POST", &format!("/2/oauth2/token?code={secret}&client_id=x"), &form, b"");
    assert!(matches!(reply.status, 400 | 401), "{}", reply.text);
    let mut folders = vec![std::path::PathBuf::from(gatehouse_tests::TestDeployment::data())];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            assert!(!path.to_string_lossy().contains("observability"), "{}", path.display());
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                files += 1;
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{} holds a code that came in a URL", path.display());
            }
        }
    }
    assert!(files > 3, "only {files} files were looked at");
}

#[test]
fn a_host_that_is_no_host_gets_the_page_as_any_other_does() {
    for host in ["127.0.0.1:99999", "127.0.0.1:S7040", "[::1", "a b"] {
        for path in ["/", "/theme.js"] {
            let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
            let reply = wire::exchange(request.as_bytes()).unwrap_or_else(|error| panic!("{host}: {error}"));
            assert_eq!(reply.status, 200, "{host} {path}: {}", reply.text);
        }
    }
}
