//! An API that misbehaves: its callers get the version's 502 or 504 within the time limit, nobody hangs, and the next
//! request is answered as if nothing had been.

use gatehouse_tests::{
    Client, Proof, Reply, Server, Upstream, answer_with, at_once, bearer_token_of, median_and_longest,
};
use serde_json::json;
use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    thread,
    time::{Duration, Instant},
};

/// What the gate gives the API, in seconds.
const LIMIT: u64 = 2;
/// What a busy machine may take in addition.
const SLACK: Duration = Duration::from_millis(2500);

/// What the API does once it has a request.
#[derive(Clone, Copy)]
enum Act {
    /// Writes this, and closes.
    Close(&'static [u8]),
    /// Writes this, and nothing more.
    Stall(&'static [u8]),
    /// Closes while bytes of the request are unread: the kernel resets the connection.
    Reset,
    /// Writes a beginning, and then the same again and again, as fast as it is taken.
    Endless(&'static [u8], &'static [u8]),
    /// The same, a byte each tenth of a second.
    Drip(&'static [u8], &'static [u8]),
}

/// What the caller gets.
#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    /// 502 at once.
    BadGateway,
    /// 504 when the time is over.
    Timeout,
    /// One of the two.
    Either,
    /// The API's status, and a body that breaks off.
    Cut,
}

use Act::{Close, Drip, Endless, Reset, Stall};
use Outcome::{BadGateway, Cut, Either, Timeout};

const KINDS: &[(&str, Act, Outcome)] = &[
    ("closes-at-once", Close(b""), BadGateway),
    ("resets", Reset, BadGateway),
    ("stalls", Stall(b""), Timeout),
    ("stalls-in-status-line", Stall(b"HTTP/1."), Timeout),
    ("stalls-in-head", Stall(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n"), Timeout),
    ("garbage", Close(b"\x00\xff\xfe\x80 this is no HTTP \r\n\r\n\r\n"), BadGateway),
    ("other-protocol", Close(b"SSH-2.0-OpenSSH_9.9\r\n"), BadGateway),
    ("no-status", Close(b"HTTP/1.1 abc OK\r\ncontent-length: 0\r\n\r\n"), BadGateway),
    ("status-99", Close(b"HTTP/1.1 99 Low\r\ncontent-length: 0\r\n\r\n"), BadGateway),
    ("status-600", Close(b"HTTP/1.1 600 High\r\ncontent-length: 0\r\n\r\n"), BadGateway),
    ("status-99999", Close(b"HTTP/1.1 99999 High\r\ncontent-length: 0\r\n\r\n"), BadGateway),
    ("switches-unasked", Close(b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"), BadGateway),
    ("closes-in-head", Close(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n"), BadGateway),
    ("broken-header", Close(b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"), BadGateway),
    ("zero-in-header", Close(b"HTTP/1.1 200 OK\r\nx-a: a\0b\r\ncontent-length: 0\r\n\r\n"), BadGateway),
    ("negative-length", Close(b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n"), BadGateway),
    ("endless-headers", Endless(b"HTTP/1.1 200 OK\r\n", b"x-more: and more of the same\r\n"), Either),
    ("endless-header", Endless(b"HTTP/1.1 200 OK\r\nx-long: ", b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), Either),
    ("dripping-continue", Drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), Timeout),
    ("dripping-head", Drip(b"HTTP/1.1 200 OK\r\n", b"x-slow: yes\r\n"), Timeout),
    ("closes-in-body", Close(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this"), Cut),
    ("broken-chunk", Close(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\nzz\r\n"), Cut),
    ("closes-in-chunk", Close(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n50\r\nfirst"), Cut),
];

/// The one that the runtime itself is slow about: it reads interim answers for as long as some have arrived, and looks at
/// no clock meanwhile.
const FLOOD: (&str, Act, Outcome) = ("flood-of-continue", Endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), Either);

/// Misbehaves in the way that the path names.
fn act(head: &str, stream: &mut TcpStream) {
    let mut kinds = KINDS.iter().chain([&FLOOD]);
    let Some((_, act, _)) = kinds.find(|(kind, _, _)| head.contains(&format!("/echo?kind={kind} "))) else {
        if head.contains("?slow") {
            drip(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 24\r\n\r\n");
            drip(stream, b"\"one byte after another\"");
        } else {
            answer_with(stream, 200, "", "{\"fine\":true}");
        }
        return;
    };
    let mut rest = [0; 1024];
    match act {
        Reset => {}
        Close(bytes) | Stall(bytes) | Endless(bytes, _) | Drip(bytes, _) => {
            // All of a short request, so that closing does not reset the connection.
            if head.starts_with("POST") {
                let _ = stream.read(&mut rest);
            }
            let _ = stream.write_all(bytes);
        }
    }
    match act {
        Close(_) => {
            let _ = stream.shutdown(Shutdown::Write);
        }
        // Until the gate closes.
        Stall(_) => while stream.read(&mut rest).is_ok_and(|count| count > 0) {},
        Reset => {
            let _ = stream.shutdown(Shutdown::Both);
        }
        Endless(_, again) => while stream.write_all(&again.repeat(64)).is_ok() {},
        Drip(_, again) => while drip(stream, again) {},
    }
}

/// Writes byte by byte; whether somebody still reads.
fn drip(stream: &mut TcpStream, bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| {
        #[expect(clippy::disallowed_methods, reason = "an API that is slow")]
        thread::sleep(Duration::from_millis(if bytes.starts_with(b"HTTP") { 20 } else { 100 }));
        stream.write_all(&[*byte]).is_ok()
    })
}

struct Gate {
    client: Client,
    authorization: String,
}

impl Gate {
    fn ask(&self, method: &str, path: &str) -> Option<Reply> {
        let headers = [("authorization", self.authorization.as_str()), ("content-type", "application/json")];
        let body = if method == "POST" { b"{\"text\":\"a note\"}".as_slice() } else { b"" };
        self.client.try_send(method, path, &headers, body).ok()
    }

    /// Asks for a misbehaviour, and compares what comes with what should; returns how long it took, in seconds.
    fn check(&self, method: &str, version: &str, kind: &str, outcome: Outcome) -> f64 {
        let took = self.check_within(method, version, kind, outcome, SLACK);
        took.as_secs_f64()
    }

    fn check_within(&self, method: &str, version: &str, kind: &str, outcome: Outcome, slack: Duration) -> Duration {
        let path = format!("{version}/echo?kind={kind}");
        let (started, what) = (Instant::now(), format!("{method} {path}"));
        let reply = self.ask(method, &path);
        let took = started.elapsed();
        assert!(took < Duration::from_secs(LIMIT) + slack, "{what} took {took:?}");
        if outcome == Cut {
            assert!(reply.is_none(), "{what}: the answer looks whole: {reply:?}");
            return took;
        }
        let reply = reply.unwrap_or_else(|| panic!("{what}: no answer"));
        let wanted: &[u16] = match outcome {
            BadGateway => &[502],
            Timeout => &[504],
            _ => &[502, 504],
        };
        assert!(wanted.contains(&reply.status), "{what}: {} {}", reply.status, reply.text);
        if version == "/1.1" {
            assert_eq!(reply.json, json!({ "errors": [{ "code": 131, "message": "Internal error" }] }), "{what}");
        } else {
            assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{what}");
            assert_eq!(reply.json["status"], reply.status, "{what}");
        }
        took
    }
}

#[test]
fn a_misbehaving_api_is_a_502_or_504_in_time_and_the_next_request_is_fine() {
    let proof = Proof::new("upstream");
    let (repeats, hanging) = (proof.choose(1, 20), proof.choose(20, 100));
    let upstream = Upstream::start(act);
    let data = tempfile::tempdir().unwrap();
    let limit = LIMIT.to_string();
    let variables = [("UPSTREAM_URL", upstream.url()), ("UPSTREAM_TIMEOUT_SECONDS", limit.as_str())];
    let server = Server::start_with(data.path(), &variables);
    let authorization = format!("Bearer {}", bearer_token_of(&server));
    let gate = Gate { client: Client::at(server.url().to_owned()), authorization };
    let mut took = Vec::new();
    for (kind, _, outcome) in KINDS {
        // With an unread body, closing is a reset.
        let methods: &[&str] = if *kind == "resets" { &["POST"] } else { &["GET", "POST"] };
        let calls: Vec<(&str, &str)> =
            methods.iter().flat_map(|method| ["/1.1", "/2"].map(|version| (*method, version))).collect();
        took.extend(at_once(calls.len() * repeats, |at| {
            let (method, version) = calls[at % calls.len()];
            gate.check(method, version, kind, *outcome)
        }));
        let (method, version) = calls[0];
        let sent = upstream.heads(&format!("{method} {version}/echo?kind={kind} "));
        assert_eq!(sent.len(), repeats, "{kind}: {method} was sent again");
        let started = Instant::now();
        let next = gate.ask("GET", "/2/echo?fine").expect("an answer");
        assert_eq!((next.status, next.json), (200, json!({ "fine": true })), "after {kind}");
        assert!(started.elapsed() < SLACK, "after {kind} the next request took {:?}", started.elapsed());
    }
    proof.note("kinds of misbehaviour", KINDS.len());
    proof.note("requests", took.len());
    proof.note("time until the answer, with a limit of 2 s", median_and_longest(took));

    let flooded = gate.check_within("GET", "/2", FLOOD.0, FLOOD.2, Duration::from_secs(30));
    proof.note("the same for an API that floods with “100 Continue”", format!("{:.1} s", flooded.as_secs_f64()));
    assert_eq!(gate.ask("GET", "/2/echo?fine").expect("an answer").status, 200);

    // Many requests hang at once, and others pass meanwhile.
    let others = at_once(hanging + 4, |at| {
        let started = Instant::now();
        if at < hanging {
            gate.check("GET", "/2", "stalls", Timeout);
            return None;
        }
        assert_eq!(gate.ask("GET", "/2/echo?fine").expect("an answer").status, 200);
        Some(started.elapsed().as_secs_f64())
    });
    let beside = format!("other requests beside {hanging} that hang");
    proof.note(&beside, median_and_longest(others.into_iter().flatten().collect()));
    let slow = gate.ask("GET", "/2/echo?slow").expect("a whole answer");
    assert_eq!((slow.status, slow.json), (200, json!("one byte after another")), "a slow answer arrives whole");
}
