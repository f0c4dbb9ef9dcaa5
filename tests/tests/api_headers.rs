//! Which of a caller's headers an API behind the gate gets, and what the gate says in their place.

use gatehouse_tests::{Client, Server, Upstream, answer_with, bearer_token_of, header_in, wire};

/// The head of the one request that came for a path.
#[track_caller]
fn head_of(upstream: &Upstream, path: &str) -> String {
    let heads = upstream.heads(path);
    assert_eq!(heads.len(), 1, "{path} came {} times", heads.len());
    heads[0].clone()
}

/// Characters that a header's name may have, and servers fold into one.
const SIGNS: [&str; 6] = ["-", "_", ".", "--", "!", "~"];

#[test]
fn what_only_the_gate_may_say_is_removed_however_it_is_spelt() {
    let upstream = Upstream::start(|_, stream| answer_with(stream, 200, "", "{}"));
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("UPSTREAM_URL", upstream.url())]);
    let authorization = format!("Bearer {}", bearer_token_of(&server));
    let authority = server.url().trim_start_matches("http://");
    let send = |path: &str, headers: &[(&str, &str)]| {
        let all = [&[("authorization", authorization.as_str())], headers].concat();
        let reply = wire::exchange_with(authority, &wire::request(&format!("POST {path}"), &all, b"")).unwrap();
        assert_eq!(reply.status, 200, "{path} {headers:?}: {}", reply.text);
    };

    let words: [&[&str]; 19] = [
        &["x", "gatehouse", "user"],
        &["x", "gatehouse", "app"],
        &["X", "Gatehouse", "Check"],
        &["x", "access", "level"],
        &["X", "HTTP", "Method", "Override"],
        &["x", "method", "override"],
        &["x", "forwarded", "host"],
        &["x", "forwarded", "port"],
        &["x", "original", "host"],
        &["x", "rewrite", "url"],
        &["x", "real", "ip"],
        &["remote", "user"],
        &["x", "remote", "user"],
        &["x", "client", "ip"],
        &["x", "original", "url"],
        &["signature"],
        &["signature", "input"],
        &["proxy"],
        &["proxy", ""],
    ];
    for (number, words) in words.iter().enumerate() {
        for (spelling, sign) in SIGNS.iter().enumerate() {
            let (name, path) = (words.join(sign), format!("/2/spelt-{number}-{spelling}?"));
            send(&path, &[(&name, "made up"), ("content-length", "0")]);
            let head = head_of(&upstream, &path);
            assert!(!head.contains("made up"), "{name} arrived: {head}");
        }
    }

    // What tools of tracing send, and whatever else is the caller's own.
    let kept = [
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ("tracestate", "vendor=1"),
        ("baggage", "user=1"),
        ("sentry-trace", "1-2-1"),
        ("b3", "0"),
        ("x-b3-traceid", "1"),
        ("x-request-id", "mine"),
        ("x-amzn-trace-id", "Root=1"),
        ("x-csrf-token", "1"),
        ("x-gate", "1"),
        ("x-access", "1"),
        ("x-forward", "1"),
    ];
    send("/2/kept?", &[&kept[..], &[("content-length", "0")]].concat());
    let head = head_of(&upstream, "/2/kept?");
    for (name, value) in kept {
        assert_eq!(header_in(&head, name), Some(value), "{head}");
    }
}

#[test]
fn the_gate_alone_says_which_address_was_called_and_by_whom() {
    let upstream = Upstream::start(|_, stream| answer_with(stream, 200, "", "{}"));
    let data = tempfile::tempdir().unwrap();
    let origins = ("ORIGINS", "https://api.example,http://127.0.0.1:*");
    let server = Server::start_with(data.path(), &[("UPSTREAM_URL", upstream.url()), origins]);
    let authorization = format!("Bearer {}", bearer_token_of(&server));
    let authority = server.url().trim_start_matches("http://");
    let forged = [
        ("authorization", authorization.as_str()),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "gopher"),
        ("x-forwarded-for", "198.51.100.7"),
        ("x-forwarded-prefix", "/evil"),
        ("forwarded", "for=198.51.100.7;host=evil.example"),
    ];
    for (path, edge, client) in [
        ("/2/direct", &[][..], Some("127.0.0.1")),
        // Cloudflare is not in front of this machine: what a client says in its name counts for nothing.
        (
            "/2/edge",
            &[
                ("cf-connecting-ip", "192.0.2.1"),
                ("cf-ipcountry", "XX"),
                ("cf_connecting_ip", "192.0.2.1"),
                ("cf.ipcountry", "XX"),
                ("true-client-ip", "192.0.2.1"),
            ],
            Some("127.0.0.1"),
        ),
    ] {
        let request = wire::request(&format!("GET {path}"), &[&forged, edge].concat(), b"");
        let text =
            String::from_utf8(request).unwrap().replacen(&gatehouse_tests::TestDeployment::authority(), authority, 1);
        let reply = wire::exchange_with(authority, text.as_bytes()).unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text);
        let head = head_of(&upstream, path);
        assert_eq!(header_in(&head, "x-forwarded-host"), Some(authority), "{head}");
        assert_eq!(header_in(&head, "x-forwarded-proto"), Some("http"), "{head}");
        assert_eq!(header_in(&head, "x-forwarded-for"), client, "{head}");
        assert!(!head.contains("evil") && !head.contains("198.51.100.7"), "{head}");
        assert!(!head.contains("192.0.2.1") && !head.contains("ipcountry"), "{head}");
    }
    // Under a host that is none of its own, the deployment's public one.
    let request = format!(
        "GET /2/other HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\nauthorization: {authorization}\r\n\r\n"
    );
    assert_eq!(wire::exchange_with(authority, request.as_bytes()).unwrap().status, 200);
    let head = head_of(&upstream, "/2/other");
    assert_eq!(
        (header_in(&head, "x-forwarded-host"), header_in(&head, "x-forwarded-proto")),
        (Some("api.example"), Some("https"))
    );
}

#[test]
fn a_trusted_proxy_says_whom_it_was_called_by() {
    let upstream = Upstream::start(|_, stream| answer_with(stream, 200, "", "{}"));
    let data = tempfile::tempdir().unwrap();
    let trusted = ("TRUSTED_PROXIES", "127.0.0.0/8, 10.0.0.1");
    let server = Server::start_with(data.path(), &[("UPSTREAM_URL", upstream.url()), trusted]);
    let client = Client::at(server.url().to_owned());
    let authorization = format!("Bearer {}", bearer_token_of(&server));
    for (path, forwarded_for, expected) in [
        ("/2/none", "", "127.0.0.1"),
        ("/2/one", "192.0.2.1", "192.0.2.1"),
        // The client wrote the first itself.
        ("/2/forged", "198.51.100.7, 192.0.2.1", "192.0.2.1"),
        ("/2/chain", "198.51.100.7, 192.0.2.1, 10.0.0.1", "192.0.2.1"),
    ] {
        let headers = [("authorization", authorization.as_str()), ("x-forwarded-for", forwarded_for)];
        client.send("GET", path, &headers, b"").expect(200);
        assert_eq!(header_in(&head_of(&upstream, path), "x-forwarded-for"), Some(expected), "{path}");
    }
}

#[test]
fn a_question_that_was_sent_to_the_api_itself_gets_404_and_does_not_reach_it() {
    let upstream = Upstream::start(|_, stream| answer_with(stream, 200, "", "{}"));
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("UPSTREAM_URL", upstream.url())]);
    let authorization = format!("Bearer {}", bearer_token_of(&server));
    let authority = server.url().trim_start_matches("http://");
    for (name, value) in
        [("x-forwarded-uri", "/2/admin"), ("x-original-url", "http://h/2/admin"), ("x-gatehouse-check", "secret")]
    {
        // `/2/usage` is answered by the deployment itself.
        for path in ["/2/astray", "/1.1/astray", "/2/usage"] {
            let headers = [("authorization", authorization.as_str()), (name, value)];
            let reply = wire::exchange_with(authority, &wire::request(&format!("GET {path}"), &headers, b"")).unwrap();
            assert_eq!(reply.status, 404, "{path} {name}: {}", reply.text);
        }
    }
    assert!(upstream.heads("astray").is_empty());
}

#[test]
fn an_answer_that_is_none_is_a_502_in_the_versions_form_under_the_id_that_the_api_was_sent() {
    let upstream = Upstream::start(|head, stream| {
        use std::io::Write;
        let status = head.split("status-").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or("200");
        let _ = if status == "101" {
            write!(stream, "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n")
        } else {
            write!(stream, "HTTP/1.1 {status} Odd\r\ncontent-length: 2\r\n\r\nno")
        };
    });
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("UPSTREAM_URL", upstream.url())]);
    let authorization = format!("Bearer {}", bearer_token_of(&server));
    let authority = server.url().trim_start_matches("http://");
    for status in ["600", "700", "999", "101"] {
        for version in ["/2", "/1.1"] {
            let path = format!("{version}/status-{status}");
            let headers = [("authorization", authorization.as_str()), ("content-length", "0")];
            let reply = wire::exchange_with(authority, &wire::request(&format!("POST {path}"), &headers, b"")).unwrap();
            assert_eq!(reply.status, 502, "{path}: {}", reply.text);
            let head = head_of(&upstream, &format!("{path} "));
            assert_eq!(reply.header("x-gatehouse-request-id"), header_in(&head, "x-gatehouse-request-id"), "{path}");
            if version == "/2" {
                assert_eq!(reply.json["title"], "Bad Gateway", "{}", reply.text);
            } else {
                assert_eq!(reply.json["errors"][0]["code"], 131, "{}", reply.text);
            }
        }
    }
}
