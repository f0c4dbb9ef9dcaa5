//! Proxies of others before an API, with the configurations that the docs show; the questions themselves; and a Worker
//! that asks through a service binding.

use gatehouse_shared::api::Route;
use gatehouse_tests::{
    Client, Proxy, Reply, Server, Signer, TestApp, TestDeployment, Upstream, answer_with, application, eventually,
    header_in, sign_up_request, unique, websocket, wire,
};
use serde_json::{Value, json};
use std::{io::Read, net::TcpStream};

/// An API that says how much it got, as `bytes`.
fn api() -> Upstream {
    Upstream::start(|head: &str, stream: &mut TcpStream| {
        let length = header_in(head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        let _ = stream.read_exact(&mut body);
        answer_with(stream, 200, "content-type: application/json\r\n", &json!({ "bytes": length }).to_string());
    })
}

fn bearer(app: &TestApp) -> String {
    format!("Bearer {}", app.bearer_token)
}

/// Asserts that a proxy answers as the gate itself does, but for the origin and the request's id.
#[track_caller]
fn assert_same(proxy: &Proxy, through: &Reply, direct: &Reply) {
    let own = |text: &str| text.replace(proxy.url(), &TestDeployment::url());
    assert_eq!((through.status, own(&through.text)), (direct.status, direct.text.clone()));
    for name in ["content-type", "www-authenticate", "x-access-level", "cache-control"] {
        assert_eq!(through.header(name).map(own).as_deref(), direct.header(name), "{name}");
    }
    assert!(through.header("x-gatehouse-request-id").is_some(), "{:?}", through.headers);
}

/// Where proxies differ.
struct Manners {
    /// Whether the caller hears with the API's answer what the gate has to tell.
    tells_caller: bool,
    /// Whether a header with an underscore in its name is refused; else it does not arrive.
    refuses_underscores: bool,
}

const USUAL: Manners = Manners { tells_caller: true, refuses_underscores: false };

/// What every proxy must do.
fn prove(proxy: &Proxy, api: &Upstream, manners: &Manners) {
    let developer = Client::developer();
    let app = developer.create_project("read");
    let standalone = developer.create_app("read");
    let (outside, direct) = (Client::at(proxy.url().to_owned()), Client::new());
    let through = |method: &str, path: &str, headers: &[(&str, &str)]| outside.send(method, path, headers, b"");
    let authorization = bearer(&app);
    let credential = ("authorization", authorization.as_str());

    // A Bearer Token passes, and the API hears who calls from nobody but the gate.
    let mut forged = vec![
        credential,
        ("x-gatehouse-app", "1"),
        ("x-gatehouse-user", "2"),
        ("x-gatehouse-scopes", "everything"),
        ("x_gatehouse_user", "2"),
        ("x-access-level", "everything"),
        ("x_access_level", "everything"),
        ("signature", "gatehouse=:AAAA:"),
        ("signature-input", "gatehouse=();created=1"),
        ("cookie", "a=b"),
    ];
    if manners.refuses_underscores {
        assert_eq!(through("GET", "/2/notes?passes=1", &forged).status, 400);
        forged.retain(|(name, _)| !name.contains('_'));
    }
    let reply = through("GET", "/2/notes?passes=1", &forged);
    assert_eq!(
        (reply.status, reply.header("x-access-level")),
        (200, manners.tells_caller.then_some("read")),
        "{}",
        reply.text
    );
    let [head] = &api.heads("passes=1")[..] else { panic!("sent once") };
    assert_eq!(header_in(head, "x-gatehouse-app"), Some(app.id.as_str()), "{head}");
    assert_eq!(header_in(head, "x-gatehouse-project"), Some(app.project_id.as_str()), "{head}");
    let request_id = header_in(head, "x-gatehouse-request-id");
    assert!(request_id.is_some(), "{head}");
    assert_eq!(reply.header("x-gatehouse-request-id"), request_id.filter(|_| manners.tells_caller), "{head}");
    assert!(header_in(head, "signature").is_some_and(|text| text.len() > 50), "{head}");
    assert!(header_in(head, "signature-input").is_some_and(|text| text.contains("\"x-gatehouse-project\"")), "{head}");
    let gone = ["authorization", "cookie", "x-gatehouse-user", "x-gatehouse-scopes", "x_gatehouse_user"];
    for gone in gone.into_iter().chain(["x-access-level", "x_access_level"]) {
        assert_eq!(header_in(head, gone), None, "{gone} arrived: {head}");
    }

    // Refusals arrive as the gate gives them, whatever their status.
    assert_same(proxy, &through("GET", "/2/notes", &[]), &direct.send("GET", "/2/notes", &[], b""));
    assert_same(proxy, &through("GET", "/1.1/notes.json", &[]), &direct.send("GET", "/1.1/notes.json", &[], b""));
    let alone = bearer(&standalone);
    let alone = ("authorization", alone.as_str());
    assert_same(proxy, &through("GET", "/2/notes", &[alone]), &direct.send("GET", "/2/notes", &[alone], b""));
    assert_same(
        proxy,
        &through("POST", "/2/notes", &[credential]),
        &direct.send("POST", "/2/notes", &[credential], b""),
    );
    let made_up = [("authorization", "Bearer gh_bearer_made_up")];
    assert_same(
        proxy,
        &through("GET", "/1.1/notes.json", &made_up),
        &direct.send("GET", "/1.1/notes.json", &made_up, b""),
    );
    assert_eq!(through("GET", "/elsewhere", &[credential]).status, 404);
    let authority = proxy.authority();
    for path in ["/1.1/..%2f2/notes", "/2/%2e%2e/private", "/1.1/%252e%252e/2/notes"] {
        let request = wire::request(&format!("GET {path}"), &[credential], b"");
        let reply = wire::exchange_with(authority, &request).unwrap();
        // By the gate, or by the proxy before it asks.
        assert!(matches!(reply.status, 400 | 404), "{path}: {} {}", reply.status, reply.text);
    }

    // Which request is checked is the proxy's to say.
    for (method, path, who) in [("GET", "/2/notes", alone), ("POST", "/2/notes", credential)] {
        let headers = [
            who,
            ("x-forwarded-method", "GET"),
            ("x-forwarded-uri", "/1.1/notes.json"),
            ("x-original-method", "GET"),
            ("x-original-uri", "/1.1/notes.json"),
            ("x-original-url", "http://h/1.1/notes.json"),
        ];
        let reply = through(method, path, &headers);
        assert_eq!(reply.status, 403, "{method} {path}: {}", reply.text);
    }
    assert!(api.heads(" /2/notes ").is_empty() && api.heads("private").is_empty() && api.heads("..").is_empty());

    // OAuth 1.0a, signed for the address that the client called.
    let signer = Signer::generate(&developer, &app);
    let signed = signer.header_at(proxy.url(), "GET", "/2/notes?signed=1&b=%C3%A9", None);
    let signed = [("authorization", signed.as_str())];
    let reply = through("GET", "/2/notes?signed=1&b=%C3%A9", &signed);
    assert_eq!(reply.status, 200, "{}", reply.text);
    let account = developer.account_id();
    assert_eq!(header_in(&api.heads("signed=1")[0], "x-gatehouse-user"), Some(account.as_str()));
    let replay = through("GET", "/2/notes?signed=1&b=%C3%A9", &signed);
    let unauthorized =
        json!({ "title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized" });
    replay.is(401, &unauthorized);
    assert_eq!(api.heads("signed=1").len(), 1);
    let elsewhere = signer.header_at("http://other.example", "GET", "/2/notes", None);
    through("GET", "/2/notes", &[("authorization", &elsewhere)]).is(401, &unauthorized);
    // What the deployment answers by itself is the API's to answer here.
    let signed = signer.header_at(proxy.url(), "GET", "/2/users/me", None);
    assert_eq!(through("GET", "/2/users/me", &[("authorization", &signed)]).json["bytes"], 0);
    // A form in the body is not shown to the gate: as if it had been changed.
    let form = b"text=hello";
    let change = json!({ "permission": "read-write" });
    developer.call(Route::UpdateApp, &[("app_id", &app.id)], Some(change)).expect(200);
    let signed = Signer::generate(&developer, &app).header_at(proxy.url(), "POST", "/2/notes", Some(form));
    let headers = [("authorization", signed.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    outside.send("POST", "/2/notes", &headers, form).is(401, &unauthorized);

    // A body passes the gate by and reaches the API.
    let large = vec![b'x'; 70_000];
    let headers = [credential, ("content-type", "text/plain"), ("content-length", "70000")];
    let request = wire::request("POST /2/notes?body", &headers, &large);
    eventually("the permission to write", || match wire::exchange_with(authority, &request) {
        Ok(reply) if reply.status == 200 && reply.json["bytes"] == 70_000 => Ok(()),
        Ok(reply) => Err(reply.text),
        Err(error) => Err(error.to_string()),
    });
}

#[test]
fn nginx_asks_and_tells_the_caller_exactly_what_the_gate_says() {
    let api = api();
    let proxy = Proxy::nginx(api.url().trim_start_matches("http://"));
    prove(&proxy, &api, &USUAL);
}

#[test]
fn websockets_large_bodies_and_raw_queries_pass_through_nginx() {
    let api = Upstream::start(|head: &str, stream: &mut TcpStream| {
        if header_in(head, "upgrade") == Some("websocket") {
            websocket::accept_handshake(head, stream);
            websocket::send_from_server(stream, "from the API");
            let _ = stream.read(&mut [0; 64]);
            return;
        }
        let length = header_in(head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        let _ = stream.read_exact(&mut body);
        answer_with(stream, 200, "content-type: application/json\r\n", &json!({ "bytes": length }).to_string());
    });
    let proxy = Proxy::nginx(api.url().trim_start_matches("http://"));
    let developer = Client::developer();
    let app = developer.create_project("read-write");
    let authorization = bearer(&app);
    let credential = ("authorization", authorization.as_str());

    let refused = websocket::WebSocket::open(proxy.authority(), "/2/socket", &[]).expect_err("no credentials");
    assert_eq!(refused, 401);
    let mut socket = websocket::WebSocket::open(proxy.authority(), "/2/socket", &[credential]).expect("it opens");
    assert_eq!(socket.receive(), "from the API");
    let [head] = &api.heads("/2/socket")[..] else { panic!("only the one with credentials") };
    assert_eq!(header_in(head, "x-gatehouse-app"), Some(app.id.as_str()), "{head}");
    assert_eq!((header_in(head, "x-gatehouse-check"), header_in(head, "authorization")), (None, None), "{head}");

    let large = vec![b'x'; 3_000_000];
    let length = large.len().to_string();
    let headers = [credential, ("content-type", "text/plain"), ("content-length", length.as_str())];
    let reply =
        wire::exchange_with(proxy.authority(), &wire::request("POST /2/notes?large", &headers, &large)).unwrap();
    assert_eq!((reply.status, &reply.json["bytes"]), (200, &json!(large.len())), "{}", reply.text);

    // As curl and some browsers send what is typed.
    let raw = wire::request("GET /2/echo?q=caf\u{e9}", &[credential], b"");
    let reply = wire::exchange_with(proxy.authority(), &raw).unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text);
    let signed = Signer::generate(&developer, &app).header_at(proxy.url(), "GET", "/2/echo?q=caf%C3%A9", None);
    let host = format!("GET /2/echo?q=caf\u{e9} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", proxy.authority());
    let request = format!("{host}authorization: {signed}\r\n\r\n");
    let reply = wire::exchange_with(proxy.authority(), request.as_bytes()).unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[test]
fn caddy_asks_and_tells_the_caller_exactly_what_the_gate_says() {
    let api = api();
    let proxy = Proxy::caddy(api.url().trim_start_matches("http://"));
    prove(&proxy, &api, &USUAL);
}

#[test]
fn traefik_asks_and_tells_a_refused_caller_exactly_what_the_gate_says() {
    let api = api();
    let proxy = Proxy::traefik(api.url().trim_start_matches("http://"));
    prove(&proxy, &api, &Manners { tells_caller: false, ..USUAL });
}

#[test]
fn envoy_asks_and_tells_the_caller_exactly_what_the_gate_says() {
    let api = api();
    let proxy = Proxy::envoy(api.url().trim_start_matches("http://"));
    prove(&proxy, &api, &Manners { refuses_underscores: true, ..USUAL });
}

#[test]
fn a_question_names_its_request_in_headers_or_in_its_path() {
    let developer = Client::developer();
    let app = developer.create_project("read-write");
    let (program, authorization) = (Client::new(), bearer(&app));
    let credential = ("authorization", authorization.as_str());
    let unproven = [credential, ("x-forwarded-method", "GET"), ("x-forwarded-uri", "/2/notes")];
    let reply = program.send("GET", "/gate/check", &unproven, b"");
    assert_eq!((reply.status, reply.header("signature"), reply.header("signature-input")), (200, None, None));
    assert_eq!(reply.header("x-gatehouse-app"), Some(app.id.as_str()));
    let wrong = [&unproven[..], &[("x-gatehouse-check", "made up")]].concat();
    let refused = program.send("GET", "/gate/check", &wrong, b"");
    assert_eq!((refused.status, refused.header("x-gatehouse-app")), (403, None), "{}", refused.text);

    let secret = TestDeployment::check_secret();
    let traefik = [&unproven[..], &[("x-gatehouse-check", secret.as_str())]].concat();
    let reply = program.send("GET", "/gate/check", &traefik, b"");
    assert_eq!((reply.status, reply.text.as_str()), (200, ""));
    assert_eq!(reply.header("x-gatehouse-app"), Some(app.id.as_str()));
    assert_eq!((reply.header("x-access-level"), reply.header("cache-control")), (Some("read"), Some("no-store")));
    assert!(reply.header("signature").is_some());

    let spoof = [&traefik[..], &[("x-original-method", "GET"), ("x-original-uri", "/1.1/notes.json")]].concat();
    let refused = program.send("GET", "/gate/check", &spoof, b"");
    assert_eq!(refused.status, 400);
    let detail = refused.json["detail"].as_str().unwrap();
    assert!(detail.contains("x-forwarded-uri") && detail.contains("x-original-uri"), "{detail}");
    let refused = program.send("GET", "/gate/check", &[credential], b"");
    assert_eq!(refused.status, 400);
    assert!(refused.json["detail"].as_str().unwrap().contains("X-Forwarded-Uri"), "{}", refused.text);

    // As Envoy asks.
    let passed = program.send("DELETE", "/gate/check/2/notes?a=1", &[credential], b"");
    assert_eq!((passed.status, passed.header("x-gatehouse-app")), (200, Some(app.id.as_str())), "{}", passed.text);
    program
        .send("GET", "/gate/check/2/notes", &[], b"")
        .is(401, &json!({ "title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized" }));
    let form = b"text=hello";
    let signer = Signer::generate(&developer, &app);
    let signed = signer.header_at("http://127.0.0.1:9", "POST", "/2/notes", Some(form));
    let headers = [
        ("authorization", signed.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-forwarded-host", "127.0.0.1:9, inner.example"),
        ("x-forwarded-proto", "WS,https"),
    ];
    assert_eq!(program.send("POST", "/gate/check/2/notes", &headers, form).status, 200);
    assert_eq!(program.send("POST", "/gate/check/2/notes", &headers, form).status, 401, "its nonce is used up");
    // As Traefik asks: with the body, and with a method of its own.
    let signed = signer.header_at("http://127.0.0.1:9", "POST", "/2/notes", Some(form));
    let headers = [
        ("authorization", signed.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-forwarded-method", "POST"),
        ("x-forwarded-uri", "/2/notes"),
        ("x-forwarded-host", "127.0.0.1:9"),
        ("x-forwarded-proto", "http"),
    ];
    let asked =
        wire::exchange(&wire::request("GET /gate/check", &[&headers[..], &[("content-length", "10")]].concat(), form))
            .unwrap();
    assert_eq!(asked.status, 200, "the body is signed: {}", asked.text);
    // No path leads from here to a page, which a proxy would take for a pass.
    for path in ["/gate", "/gate/", "/gate/2/notes", "/gate/check/", "/gate/check/elsewhere", "/gate/check/healthz"] {
        let reply = program.send("GET", path, &[credential], b"");
        assert_eq!((reply.status, reply.header("content-type")), (404, Some("application/problem+json")), "{path}");
    }
}

#[test]
fn asking_for_the_answer_to_a_refusal_spends_and_lets_pass_nothing() {
    let developer = Client::developer();
    let app = developer.create_project("read");
    let program = Client::new();
    let ask = |path: &str, uri: &str, authorization: &str| {
        let headers = [("authorization", authorization), ("x-forwarded-method", "GET"), ("x-forwarded-uri", uri)];
        program.send("GET", path, &headers, b"")
    };
    for (uri, code) in [("/2/notes", Value::Null), ("/1.1/notes.json", json!(130))] {
        let reply = ask("/gate/refusal", uri, &bearer(&app));
        assert_eq!((reply.status, reply.header("retry-after")), (503, Some("0")), "{uri}: {}", reply.text);
        assert_eq!(reply.json["errors"][0]["code"], code);
        assert_eq!(reply.header("x-gatehouse-app"), None);
    }
    let signed = Signer::generate(&developer, &app).header("GET", "/2/notes", None);
    for _ in 0..2 {
        assert_eq!(ask("/gate/refusal", "/2/notes", &signed).status, 503, "its nonce was not used up");
    }
    assert_eq!(ask("/gate/check", "/2/notes", &signed).status, 200);
    assert_eq!(ask("/gate/check", "/2/notes", &signed).status, 401);
    assert_eq!(ask("/gate/refusal", "/2/notes", &signed).status, 401, "a replay is refused at the second look too");
    ask("/gate/refusal", "/1.1/notes.json", "")
        .is(400, &json!({ "errors": [{ "code": 215, "message": "Bad Authentication data." }] }));
}

#[test]
fn a_worker_guards_its_own_api_through_a_service_binding() {
    let data = tempfile::tempdir().unwrap();
    let (guarded, deployment) = Server::guarded(data.path());
    let developer = Client::at(deployment.clone());
    developer.post(Route::SignUp, &[], sign_up_request(&unique("dev"))).expect(200);
    developer.post(Route::SubmitApplication, &[], application()).expect(200);
    let app = developer.create_project("read-write");
    let (outside, authorization) = (Client::at(guarded.url().to_owned()), bearer(&app));
    let credential = [("authorization", authorization.as_str()), ("x-gatehouse-app", "1")];
    let reply = eventually("the gate's answer", || match outside.send("GET", "/2/notes", &credential, b"") {
        reply if reply.status == 200 => Ok(reply),
        reply => Err(reply.text),
    });
    assert_eq!(reply.json["hello"], json!({ "app": app.id, "user": null, "level": "read-write" }));
    assert_eq!(reply.header("x-access-level"), Some("read"));
    assert!(reply.header("x-gatehouse-request-id").is_some());

    let direct = Client::at(deployment.clone()).send("GET", "/1.1/notes.json", &[], b"");
    let refused = outside.send("GET", "/1.1/notes.json", &[], b"");
    assert_eq!((refused.status, &refused.text), (direct.status, &direct.text));
    let own = |text: Option<&str>| text.map(|text| text.replace(guarded.url(), &deployment));
    assert_eq!(own(refused.header("www-authenticate")).as_deref(), direct.header("www-authenticate"));
    assert_eq!(outside.send("GET", "/elsewhere", &credential, b"").status, 404);

    let form = format!("text={}", unique("note"));
    let signed = Signer::generate(&developer, &app).header_at(guarded.url(), "POST", "/2/notes", Some(form.as_bytes()));
    let headers = [("authorization", signed.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let reply = outside.send("POST", "/2/notes", &headers, form.as_bytes()).expect(200);
    assert_eq!((&reply["received"], &reply["hello"]["user"]), (&json!(form), &json!(developer.account_id())));
    assert_eq!(outside.send("POST", "/2/notes", &headers, form.as_bytes()).status, 401, "its nonce is used up");
}
