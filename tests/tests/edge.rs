//! What every answer has, and what no request can do.

use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, Reply, TestApp, TestDeployment, unique, wire};
use serde_json::json;
use std::io::ErrorKind;

fn get(path: &str) -> Reply {
    Client::new().send("GET", path, &[], &[])
}

/// The hashed files that the page names.
fn assets() -> Vec<String> {
    let page = get("/").text;
    let named = page.split('"').filter(|text| text.starts_with("/assets/")).map(str::to_owned).collect::<Vec<_>>();
    assert!(named.iter().any(|path| path.ends_with(".js")), "{page}");
    assert!(named.iter().any(|path| path.ends_with(".css")), "{page}");
    named
}

#[track_caller]
fn header_of<'a>(what: &str, reply: &'a Reply, name: &str) -> &'a str {
    reply.header(name).unwrap_or_else(|| panic!("{what} has no {name}: {:?}", reply.headers))
}

#[track_caller]
fn assert_secure(what: &str, reply: &Reply) {
    let header = |name: &str| header_of(what, reply, name);
    assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
    assert!(header("strict-transport-security").starts_with("max-age="), "{what}");
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    for loose in ["unsafe-inline", "'unsafe-eval'", "*", "http:", "https:"] {
        assert!(!policy.contains(loose), "{what}: {policy}");
    }
}

/// What a browser may show as a page, or loads for one, bears more than data.
#[track_caller]
fn assert_secure_page(what: &str, reply: &Reply) {
    assert_secure(what, reply);
    let header = |name: &str| header_of(what, reply, name);
    assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{what}");
    assert_eq!(header("referrer-policy"), "strict-origin-when-cross-origin", "{what}");
    assert!(header("permissions-policy").contains("camera=()"), "{what}");
}

#[test]
fn every_kind_of_answer_bears_the_security_headers() {
    let app: TestApp = Client::developer().create_project("read");
    let program = Client::new();
    let script = assets().into_iter().find(|path| path.ends_with(".js")).unwrap();
    for (what, reply) in [
        ("the page", get("/")),
        ("a deep link", get("/apps/1111111111111111111/keys")),
        ("an asset", get(&script)),
        ("a missing asset", get("/assets/missing-12345678.js")),
        ("a file", get("/favicon.svg")),
    ] {
        assert_secure_page(what, &reply);
    }
    for (what, reply) in [
        ("the API", get("/api/session")),
        ("an API refusal", get("/api/apps/1")),
        ("an unknown API path", get("/api/nothing")),
        ("the token endpoint", get("/oauth2/token")),
        ("the health check", get("/healthz")),
        ("a refusal of the gate in v2", get("/2/notes")),
        ("a refusal of the gate in v1.1", get("/1.1/notes.json")),
        ("a check of forward auth", program.gate("GET", "/gate/check/2/notes", &app.bearer_token)),
        ("a question that names no request", get("/gate/check")),
        ("a forwarded answer", program.gate("GET", "/2/notes", &app.bearer_token)),
        ("a forwarded refusal", program.gate("GET", "/2/notes/0", &app.bearer_token)),
    ] {
        assert_secure(what, &reply);
        // It is data: it runs nothing, even if it is shown as a page.
        assert!(reply.header("content-security-policy").is_some_and(|policy| policy.ends_with("; sandbox")), "{what}");
    }
}

#[test]
fn the_page_may_run_nothing_that_is_not_its_own_file() {
    let reply = get("/dashboard");
    let policy = reply.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval'"), "{policy}");
    for (at, _) in reply.text.match_indices("<script") {
        let tag = reply.text[at..].split('>').next().unwrap();
        assert!(tag.contains(" src=\"/"), "{tag}");
    }
    assert!(!reply.text.contains("<style") && !reply.text.contains(" style=") && !reply.text.contains(" onload="));
}

#[test]
fn hashed_assets_are_kept_for_ever_and_the_page_is_asked_for_again() {
    for path in assets() {
        let reply = get(&path);
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.header("cache-control"), Some("public, max-age=31536000, immutable"), "{path}");
        let media_type = reply.header("content-type").unwrap_or_default();
        let expected = if path.ends_with(".css") {
            "text/css"
        } else if path.ends_with(".js") {
            "javascript"
        } else {
            ""
        };
        assert!(media_type.contains(expected), "{path}: {media_type}");
    }
    assert_eq!(get("/").header("cache-control"), Some("no-cache"));
    assert_eq!(get("/api/session").header("cache-control"), Some("no-store"));
}

#[test]
fn a_missing_asset_is_a_real_404_that_nobody_keeps() {
    for path in
        ["/assets/index-00000000.js", "/assets/gone.css", "/assets/gone", "/gone.js", "/robots.json", "/a/b.png"]
    {
        let reply = get(path);
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
        assert!(!reply.text.contains("<script"), "{path} is the page");
    }
}

#[test]
fn a_deep_link_is_answered_with_the_page() {
    let page = get("/").text;
    for path in ["/sign-in", "/apps/1111111111111111111/keys", "/docs/errors/not-found", "/review?state=declined"] {
        let reply = get(path);
        assert_eq!((reply.status, &reply.text), (200, &page), "{path}");
        assert!(reply.header("content-type").unwrap().starts_with("text/html"), "{path}");
    }
}

#[test]
fn the_page_answers_head_and_tells_when_it_is_unchanged() {
    let program = Client::new();
    for path in ["/", "/dashboard"] {
        let head = program.send("HEAD", path, &[], &[]);
        assert_eq!((head.status, head.text.as_str()), (200, ""), "{path}");
        assert_eq!(head.header("cache-control"), Some("no-cache"));
        let etag = get(path).header("etag").expect("an ETag").to_owned();
        let unchanged = program.send("GET", path, &[("if-none-match", etag.as_str())], &[]);
        assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""), "{path}");
        assert_secure("304", &unchanged);
        let changed = program.send("GET", path, &[("if-none-match", "\"other\"")], &[]);
        assert_eq!(changed.status, 200, "{path}");
    }
}

fn own_origin() -> (&'static str, String) {
    ("origin", TestDeployment::url())
}

#[test]
fn a_body_of_more_than_64_kib_is_refused_however_it_is_sent() {
    let body = format!("{{\"login\":\"{}\"}}", "a".repeat(64 * 1024)).into_bytes();
    let (name, origin) = own_origin();
    let headers = [(name, origin.as_str()), ("content-type", "application/json")];
    let length = body.len().to_string();
    let plain = wire::request("POST /api/sessions", &[&headers[..], &[("content-length", &length)]].concat(), &body);
    let chunks = wire::chunked(&body);
    let chunked =
        wire::request("POST /api/sessions", &[&headers[..], &[("transfer-encoding", "chunked")]].concat(), &chunks);
    for (what, request) in [("with its length", plain), ("in chunks", chunked)] {
        let reply = wire::exchange(&request).unwrap_or_else(|error| panic!("{what}: {error}"));
        reply.refused(413, "body-too-large");
    }
    // A body of the limit's size is read: it is then refused for what it says.
    let fits = format!("{{\"login\":\"{}\"}}", "a".repeat(64 * 1024 - 12));
    assert_eq!(fits.len(), 64 * 1024);
    Client::new().send("POST", "/api/sessions", &headers, fits.as_bytes()).refused(422, "invalid-fields");
}

#[test]
fn a_body_that_is_no_json_object_is_refused_with_the_reason() {
    let (name, origin) = own_origin();
    let json_type = ("content-type", "application/json");
    let deep = format!("{}{}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    let nested = "[".repeat(30_000);
    for body in ["", "{", "nul", "[]", "\"text\"", "{\"login\":}", "\u{feff}{}", "{}{}", &nested, &deep] {
        let reply = Client::new().send("POST", "/api/sessions", &[(name, &origin), json_type], body.as_bytes());
        let code = reply.json["code"].as_str().unwrap_or_default();
        let start: String = body.chars().take(20).collect();
        assert!(
            (reply.status, code) == (400, "malformed-body") || (reply.status, code) == (422, "invalid-fields"),
            "{start}: {} {}",
            reply.status,
            reply.text
        );
    }
    let invalid_text = [b"{\"login\":\"", &[0xff, 0xfe][..], b"\",\"password\":\"x\"}"].concat();
    Client::new()
        .send("POST", "/api/sessions", &[(name, &origin), json_type], &invalid_text)
        .refused(400, "malformed-body");
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let headers = [(name, origin.as_str()), ("content-type", media_type)];
        let reply = Client::new().send("POST", "/api/sessions", &headers, b"{\"login\":\"a\",\"password\":\"b\"}");
        reply.refused(415, "unsupported-media-type");
    }
}

#[test]
fn a_field_that_breaks_a_rule_is_named_and_nothing_changes() {
    let developer = Client::developer();
    let body =
        json!({ "name": "x".repeat(33), "description": "short", "callback_urls": ["ok://x", "javascript:alert(1)"] });
    let problem = developer.post(Route::CreateApp, &[], body).refused(422, "invalid-fields");
    let named: Vec<&str> = problem["errors"].as_array().unwrap().iter().filter_map(|e| e["field"].as_str()).collect();
    for field in ["name", "description", "callback_urls[1]"] {
        assert!(named.contains(&field), "{named:?}");
    }
    let typed = json!({ "name": 7, "description": "An App for tests" });
    let problem = developer.post(Route::CreateApp, &[], typed).refused(422, "invalid-fields");
    assert_eq!(problem["errors"][0]["field"], "name");
    let unknown = json!({ "name": unique("App"), "description": "An App for tests", "admin": true });
    let problem = developer.post(Route::CreateApp, &[], unknown).refused(422, "invalid-fields");
    assert_eq!(problem["errors"][0]["field"], "admin");
    let dashboard = developer.get(Route::FindDashboard, &[]).expect(200);
    assert_eq!(dashboard["standalone_apps"], json!([]));
}

#[test]
fn an_unknown_id_and_somebody_elses_get_the_same_answer() {
    let (owner, stranger) = (Client::developer(), Client::developer());
    let app = owner.create_project("read");
    let without_id = |reply: Reply| {
        let mut problem = reply.refused(404, "not-found");
        problem["request_id"] = json!(null);
        problem
    };
    let unknown = without_id(stranger.get(Route::FindApp, &[("app_id", "1000000000000000001")]));
    for id in [app.id.as_str(), "1", "abc", "9999999999999999999", "%00", "..%2f..", "1000000000000000001%20"] {
        assert_eq!(without_id(stranger.get(Route::FindApp, &[("app_id", id)])), unknown, "{id}");
    }
    let params = [("app_id", app.id.as_str())];
    let confirm = json!({ "confirm_name": app.name });
    stranger.call(Route::DeleteApp, &params, Some(confirm)).refused(404, "not-found");
    let bearer = [params[0], ("kind", "bearer-token")];
    stranger.post(Route::RegenerateCredential, &bearer, json!({})).refused(404, "not-found");
    let attach = json!({ "project_id": app.project_id });
    let own = stranger.create_app("read");
    stranger.call(Route::AttachApp, &[("app_id", own.id.as_str())], Some(attach)).refused(404, "not-found");
    owner.get(Route::FindApp, &params).expect(200);
}

#[test]
fn a_change_from_another_site_is_refused() {
    let developer = Client::developer();
    let body = json!({ "name": unique("App"), "description": "An App for tests" }).to_string();
    let json_type = ("content-type", "application/json");
    let path = Route::CreateApp.path(&[("developer_account_id", &developer.own_developer_account())]);
    for headers in [
        vec![json_type],
        vec![json_type, ("origin", "https://evil.example")],
        vec![json_type, ("origin", "null")],
        vec![json_type, ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
    ] {
        developer.send("POST", &path, &headers, body.as_bytes()).refused(403, "cross-site-request");
    }
}

/// Methods that the runtime does not know (`BREW`), `OPTIONS *` and `CONNECT` never reach the Worker: the platform's front
/// end answers them, here with 500 and 501, and they are not in the table.
#[test]
fn no_request_makes_the_server_fail() {
    let long = "x".repeat(6_000);
    let long_path = format!("GET /{}", "y".repeat(4_000));
    let many: Vec<(String, String)> = (0..60).map(|number| (format!("x-many-{number}"), "z".repeat(60))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let origin = TestDeployment::url();
    let json = [("origin", origin.as_str()), ("content-type", "application/json"), ("content-length", "2")];
    let starts = [
        "GET /%",
        "GET /%zz",
        "GET /%00",
        "GET /%ff%fe",
        "GET /a%2fb",
        "GET /..%2f..%2fetc/passwd",
        "GET /../../etc/passwd",
        "GET //",
        "GET ///api//apps",
        "GET /api/",
        "GET /api//session",
        "GET /api/apps/%",
        "GET /api/apps/%00",
        "GET /.",
        "GET /?%",
        "GET /?a=%zz&&&=",
        "GET /api/review/applications?state=%00&cursor=%ff",
        "GET /2/%",
        "GET /2/%00",
        "GET /2//notes",
        "GET /2",
        "GET /2/",
        "GET /1.1",
        "GET /1.1/..%2f2/notes",
        "GET /2/notes?access_token=x",
        "GET /assets/",
        "GET /assets/%2e%2e/index.js",
        "GET /index.html",
        "GET /api/description?%",
        "GET /oauth2/token/",
        "GET /favicon.svg/x",
        "GET /\\api\\session",
        "GET /a;b=c",
        "POST /",
        "PUT /sign-in",
        "DELETE /assets/x.js",
        "PATCH /2/notes",
        "PROPFIND /",
        "PROPFIND /2/notes",
        "OPTIONS /api/session",
        "TRACE /",
        "HEAD /api/session",
        "HEAD /2/notes",
        "POST /api/sessions",
        "POST /oauth2/token",
        "SEARCH /api/apps",
        "DELETE /api/session",
        "POST /api/session",
        "GET http://127.0.0.1:1/x",
        "GET /api/sessions/%",
        &long_path,
    ];
    let (mut checked, mut failed) = (0, Vec::new());
    for start in starts {
        for headers in [
            &[][..],
            &json[..],
            &many[..],
            &[("authorization", long.as_str())][..],
            &[("authorization", "Bearer \u{ff}\u{fe}")][..],
            &[("authorization", "Basic ====")][..],
            &[("cookie", "__Host-gatehouse=%00; __Host-gatehouse=;;;=")][..],
            &[("content-type", "\u{ff}"), ("range", "bytes=9-1"), ("if-none-match", "\"\u{ff}")][..],
        ] {
            let body: &[u8] = if headers.iter().any(|(name, _)| *name == "content-length") { b"{}" } else { b"" };
            let shown: String = format!("{start} {headers:?}").chars().take(160).collect();
            match wire::exchange(&wire::request(start, headers, body)) {
                Ok(reply) => {
                    checked += 1;
                    if reply.status >= 500 {
                        failed.push(format!("{shown}: {} {}", reply.status, reply.text));
                    }
                }
                // To close on what is no HTTP is an answer too; to say nothing is none.
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    failed.push(format!("{shown}: no answer"));
                }
                Err(_) => {}
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(checked > starts.len() * 6, "only {checked} answers");
    assert_eq!(get("/healthz").status, 200);
}
