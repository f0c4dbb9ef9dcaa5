//! What arrives at an API behind the gate and what comes back from it, byte by byte, with an API at a URL that each test
//! writes itself; and WebSockets.

use gatehouse_tests::{
    Client, Reply, Server, TestApp, TestDeployment, Upstream, answer_with, bearer_token_of, eventually, header_in,
    python, run, websocket, wire,
};
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

/// A gate before an API that a test writes, and a Bearer Token for it.
fn gate_before(upstream: &str, data: &tempfile::TempDir) -> (Server, String) {
    let variables = [("UPSTREAM_URL", upstream), ("UPSTREAM_TIMEOUT_SECONDS", "2")];
    let server = Server::start_with(data.path(), &variables);
    let token = bearer_token_of(&server);
    (server, format!("Bearer {token}"))
}

/// Sends bytes as they are to a gate.
#[track_caller]
fn raw(server: &Server, start: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let authority = server.url().trim_start_matches("http://");
    wire::exchange_with(authority, &wire::request(start, headers, body)).unwrap_or_else(|e| panic!("{start}: {e}"))
}

#[test]
fn an_api_at_a_url_gets_requests_as_they_were_sent_with_the_gates_signed_word() {
    let upstream = Upstream::start(|head, stream| {
        let length = header_in(head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        let _ = stream.read_exact(&mut body);
        let extra = "connection: x-for-the-gate, close\r\nx-for-the-gate: 1\r\nkeep-alive: timeout=5\r\n\
                     proxy-authenticate: Basic\r\nset-cookie: a=b\r\nalt-svc: h3=\":443\"\r\nx-of-the-api: caf\u{e9}\r\n\
                     location: /2/elsewhere\r\n";
        answer_with(stream, if head.starts_with("GET /2/moved") { 302 } else { 207 }, extra, "done");
    });
    let data = tempfile::tempdir().unwrap();
    let (server, authorization) = gate_before(upstream.url(), &data);
    let credential = ("authorization", authorization.as_str());

    let headers = [
        credential,
        ("content-length", "5"),
        ("content-type", "text/plain"),
        ("te", "trailers"),
        ("keep-alive", "timeout=9"),
        ("upgrade", "h2c"),
        ("x_gatehouse_user", "1"),
        ("X-Gatehouse-App", "1"),
        ("x-access-level", "read-write-directmessages"),
        ("signature-input", "gatehouse=(\"@method\");created=1;keyid=\"gatehouse\""),
        ("signature", "gatehouse=:AAAA:, sig1=:BBBB:"),
        ("x-mine", "kept"),
        ("accept-encoding", "identity"),
    ];
    let reply = raw(&server, "PATCH /2/Notes;v=1/a%2Fb/%C3%A9?b=%20&a=1&a=&q=a+b", &headers, b"hello");
    assert_eq!((reply.status, reply.text.as_str()), (207, "done"));
    for gone in ["x-for-the-gate", "keep-alive", "proxy-authenticate", "set-cookie", "alt-svc"] {
        assert_eq!(reply.header(gone), None, "{gone} came back");
    }
    assert_eq!(reply.header("x-of-the-api"), Some("caf\u{e9}"));
    assert_eq!(reply.header("x-access-level"), Some("read"));

    let [head] = &upstream.heads("PATCH ")[..] else { panic!("sent once") };
    assert!(head.starts_with("PATCH /2/Notes;v=1/a%2Fb/%C3%A9?b=%20&a=1&a=&q=a+b HTTP/1.1\n"), "{head}");
    for gone in ["authorization", "te", "keep-alive", "upgrade", "x_gatehouse_user", "x-access-level"] {
        assert_eq!(header_in(head, gone), None, "{gone} arrived: {head}");
    }
    assert_eq!((header_in(head, "x-mine"), header_in(head, "content-type")), (Some("kept"), Some("text/plain")));
    assert_eq!(header_in(head, "content-length"), Some("5"));
    // No cache on the way may answer one caller with what another was told.
    assert_eq!(header_in(head, "cache-control"), Some("no-cache"));
    assert_eq!(header_in(head, "x-gatehouse-request-id"), reply.header("x-gatehouse-request-id"));
    assert_eq!(header_in(head, "host"), Some(upstream.url().trim_start_matches("http://")));
    assert_signed(&upstream, head);

    // A redirect is the caller's to follow; a GET without a query is signed as well.
    let moved = raw(&server, "GET /2/moved", &[credential, ("cache-control", "max-age=7")], b"");
    assert_eq!(
        header_in(&upstream.heads("/2/moved")[0], "cache-control"),
        Some("max-age=7"),
        "the caller's own is kept"
    );
    assert_eq!((moved.status, moved.header("location")), (302, Some("/2/elsewhere")));
    assert_signed(&upstream, &upstream.heads("/2/moved")[0]);
    assert!(upstream.heads("/2/elsewhere").is_empty());

    for method in ["GET", "DELETE", "OPTIONS", "PROPFIND"] {
        let reply = raw(&server, &format!("{method} /2/with-body"), &[credential, ("content-length", "3")], b"abc");
        assert_eq!(reply.status, 207, "{method}: {}", reply.text);
        assert_eq!(
            header_in(&upstream.heads(&format!("{method} /2/with-body"))[0], "content-length"),
            Some("3"),
            "{method}"
        );
    }
    let head = raw(&server, "HEAD /2/head", &[credential], b"");
    assert_eq!((head.status, head.text.as_str()), (207, ""));
}

/// Asserts, with an implementation of others, that the gate signed a request: all that it says and nothing less.
#[track_caller]
fn assert_signed(upstream: &Upstream, head: &str) {
    let secrets = std::fs::read_to_string(format!("{}/secrets.env", TestDeployment::data())).unwrap();
    let key = secrets.lines().find_map(|line| line.strip_prefix("UPSTREAM_KEY=")).expect("a key is made for serving");
    let verify = |head: &str| {
        let printed = run(python("verify_signature.py").arg(upstream.url()).arg(head).env("UPSTREAM_KEY", key));
        serde_json::from_str::<Value>(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
    };
    let verified = verify(head);
    let covered = verified["covered"].as_object().unwrap_or_else(|| panic!("{verified}"));
    for name in ["\"@method\"", "\"@path\"", "\"@query\""] {
        assert!(covered.contains_key(name), "{name} is not covered: {covered:?}");
    }
    for line in head.lines().filter(|line| line.starts_with("x-gatehouse-")) {
        let (name, value) = line.split_once(": ").unwrap();
        assert_eq!(covered[&format!("\"{name}\"")], value);
    }
    let app = head.lines().find(|line| line.starts_with("x-gatehouse-app: ")).unwrap();
    let other_app = format!("{app}1");
    for (from, to) in [
        (" HTTP/1.1", "&more=1 HTTP/1.1"),
        ("/2/", "/1/"),
        (head.split(' ').next().unwrap(), "PUT"),
        (app, &other_app),
        (app, "x-other: 1"),
    ] {
        let changed = head.replacen(from, to, 1);
        assert_ne!(changed, head, "{from}");
        assert_eq!(verify(&changed)["covered"], Value::Null, "{from} may become {to}");
    }
}

#[test]
fn an_api_that_is_slow_or_down_gets_the_versions_error_and_no_second_request() {
    let upstream = Upstream::start(|head, stream| {
        if head.contains("/cut") {
            // Closed without an answer, after the request came.
            let _ = stream.shutdown(std::net::Shutdown::Both);
        } else {
            // Says nothing until the gate gives up and closes.
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    let data = tempfile::tempdir().unwrap();
    let (server, authorization) = gate_before(upstream.url(), &data);
    let client = Client::at(server.url().to_owned());
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    for (path, status, title) in [
        ("/2/cut", 502, "Bad Gateway"),
        ("/2/slow", 504, "Gateway Timeout"),
        ("/1.1/cut", 502, ""),
        ("/1.1/slow", 504, ""),
    ] {
        let started = Instant::now();
        let reply = client.send("POST", path, &headers, b"{}");
        assert_eq!(reply.status, status, "{path}: {}", reply.text);
        assert!(reply.header("x-gatehouse-request-id").is_some_and(|id| id.len() == 16), "{path}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
        if title.is_empty() {
            assert_eq!(reply.json, json!({ "errors": [{ "code": 131, "message": "Internal error" }] }), "{path}");
        } else {
            assert_eq!(reply.header("content-type"), Some("application/problem+json"));
            assert_eq!((&reply.json["title"], &reply.json["status"]), (&json!(title), &json!(status)));
        }
        if status == 504 {
            assert!(started.elapsed() >= Duration::from_secs(2), "{path} was given up too early");
        }
        assert_eq!(upstream.heads(path).len(), 1, "{path} was sent again");
    }
    let down = tempfile::tempdir().unwrap();
    let (server, authorization) = gate_before("http://127.0.0.1:1", &down);
    let reply = Client::at(server.url().to_owned()).send("GET", "/2/x", &[("authorization", &authorization)], &[]);
    assert_eq!(reply.status, 502, "{}", reply.text);
}

#[test]
fn both_directions_stream_and_a_caller_who_leaves_ends_the_answer() {
    let (first_read, may_go_on) = mpsc::channel::<()>();
    let (gone, is_gone) = mpsc::channel::<()>();
    let (may_go_on, gone) = (Mutex::new(may_go_on), Mutex::new(gone));
    let upstream = Upstream::start(move |head, stream| {
        if head.contains("/endless") {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            let chunk = [b"1000\r\n".as_slice(), &[b'x'; 4096], b"\r\n"].concat();
            while stream.write_all(&chunk).is_ok() {}
            let _ = gone.lock().unwrap().send(());
        } else if head.contains("/slow-body") {
            // The body may take longer than the answer may take to begin.
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfirst");
            let _ = may_go_on.lock().unwrap().recv_timeout(Duration::from_secs(20));
            #[expect(clippy::disallowed_methods, reason = "an API that is slow")]
            thread::sleep(Duration::from_millis(2500));
            let _ = stream.write_all(b"later");
        } else {
            // Answers on the first byte of the body, before the rest is sent.
            let mut byte = [0];
            let _ = stream.read_exact(&mut byte);
            answer_with(stream, 200, "connection: close\r\n", "begun");
        }
    });
    let data = tempfile::tempdir().unwrap();
    let (server, authorization) = gate_before(upstream.url(), &data);
    let authority = server.url().trim_start_matches("http://");
    let open = |start: &str, headers: &str| {
        let mut stream = TcpStream::connect(authority).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "{start} HTTP/1.1\r\nhost: {authority}\r\nauthorization: {authorization}\r\n{headers}\r\n")
            .unwrap();
        stream
    };
    let read_until = |stream: &mut TcpStream, wanted: &str| {
        let (mut seen, mut byte) = (Vec::new(), [0]);
        while !seen.ends_with(wanted.as_bytes()) {
            stream.read_exact(&mut byte).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&seen)));
            seen.push(byte[0]);
        }
    };

    let mut slow = open("GET /2/slow-body", "");
    read_until(&mut slow, "first");
    first_read.send(()).unwrap();
    read_until(&mut slow, "later");

    let mut upload = open("POST /2/upload", "content-type: text/plain\r\ntransfer-encoding: chunked\r\n");
    upload.write_all(b"1\r\na\r\n").unwrap();
    eventually("the request arrives before its body ends", || match upstream.heads("/2/upload").len() {
        1 => Ok(()),
        count => Err(format!("{count} requests")),
    });
    upload.write_all(b"1\r\nb\r\n0\r\n\r\n").unwrap();
    read_until(&mut upload, "begun");

    let mut endless = open("GET /2/endless", "");
    read_until(&mut endless, "xxxx");
    drop(endless);
    is_gone.recv_timeout(Duration::from_secs(20)).expect("the API is told that nobody reads any more");
}

#[test]
fn websockets_pass_to_a_service_and_to_a_url() {
    let app: TestApp = Client::developer().create_project("read-write");
    let authorization = format!("Bearer {}", app.bearer_token);
    let authority = TestDeployment::authority();
    let refused = websocket::WebSocket::open(&authority, "/2/echo", &[]).expect_err("no credentials");
    assert_eq!(refused, 401);
    let credential = [("authorization", authorization.as_str())];
    let mut socket = websocket::WebSocket::open(&authority, "/2/echo", &credential).expect("it opens");
    assert_eq!((socket.header("x-access-level"), socket.header("x-sample")), (Some("read"), Some("echo")));
    assert_eq!(socket.receive(), format!("app {}", app.id));
    for text in ["hello", "é ☃"] {
        socket.send(text);
        assert_eq!(socket.receive(), text);
    }

    let upstream = Upstream::start(|head, stream| {
        if header_in(head, "upgrade") == Some("websocket") {
            websocket::accept_handshake(head, stream);
            websocket::send_from_server(stream, "from the API");
            let _ = stream.read(&mut [0; 64]);
        } else {
            answer_with(stream, 200, "", "{}");
        }
    });
    let data = tempfile::tempdir().unwrap();
    let (server, authorization) = gate_before(upstream.url(), &data);
    let authority = server.url().trim_start_matches("http://");
    let credential = [("authorization", authorization.as_str())];
    let mut socket = websocket::WebSocket::open(authority, "/2/socket", &credential).expect("it opens");
    assert_eq!((socket.header("x-of-the-api"), socket.header("set-cookie")), (Some("yes"), None));
    assert_eq!(socket.receive(), "from the API");
    assert_signed(&upstream, &upstream.heads("/2/socket")[0]);
}
