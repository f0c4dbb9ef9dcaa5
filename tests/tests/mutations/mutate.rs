//! Changes that make a request one that no honest client sends.

use super::seed::Request;
use gatehouse_tests::Random;

const METHODS: &[&str] = &[
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "GETT", "",
    "G\tT",
];
const PIECES: &[&str] = &[
    "%00",
    "%2e%2e%2f",
    "..",
    "//",
    "%",
    "%zz",
    ";a=b",
    "\\",
    "%5c",
    "%c0%af",
    "?",
    "#",
    "&",
    "=",
    "+",
    "\u{e9}",
    "%F0%9F%92%A9",
    " ",
    "[",
    "]",
    "{}",
    "'",
    "\"",
    "<",
    "%0d%0aX-A:1",
    "a,b",
    "*",
    "~",
    "@",
    ":",
    ".json",
    "%252f",
];
const VALUES: &[&str] = &[
    "",
    " ",
    ",",
    ";",
    "*",
    "null",
    "0",
    "-1",
    "99999999999999999999999",
    "\u{fc}ml\u{e4}ut",
    "a\tb",
    "%",
    "[]",
    "{}",
    "\"",
    "text/plain",
    "gzip",
    "chunked",
    "close",
    "keep-alive",
    "bytes=0-",
    "W/\"x\"",
    "127.0.0.1",
    "::1",
    "http://",
    "Bearer",
    "Basic",
    "OAuth",
    "Bearer ",
    "Basic =",
    "OAuth oauth_consumer_key=\"",
    "multipart/form-data; boundary=",
];
const NAMES: &[&str] = &[
    "authorization",
    "cookie",
    "origin",
    "content-type",
    "content-encoding",
    "accept",
    "accept-encoding",
    "range",
    "if-none-match",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-method",
    "x-forwarded-uri",
    "x-original-method",
    "x-original-uri",
    "x-original-url",
    "x-gatehouse-user",
    "x-gatehouse-check",
    "x-http-method-override",
    "sec-fetch-site",
    "access-control-request-method",
    "access-control-request-headers",
    "signature",
    "signature-input",
    "te",
    "trailer",
    "via",
    "forwarded",
    "cf-connecting-ip",
    "user-agent",
    "referer",
];

/// Changes a request in one to three ways.
pub fn mutate(request: &mut Request, random: &mut Random) {
    for _ in 0..=random.below(3) {
        match random.below(10) {
            0 => request.method = (*random.choose(METHODS)).to_owned(),
            1 | 2 => change_text(&mut request.path, random),
            3..6 => change_headers(request, random),
            6 | 7 => change_authorization(request, random),
            _ => change_body(&mut request.body, random),
        }
    }
}

/// Puts a piece in, takes some out, doubles some, or changes a character.
fn change_text(text: &mut String, random: &mut Random) {
    let mut chars: Vec<char> = text.chars().collect();
    let at = random.below(chars.len() + 1);
    match random.below(6) {
        0 | 1 => {
            let piece: Vec<char> = random.choose(PIECES).chars().collect();
            chars.splice(at..at, piece);
        }
        2 => chars.truncate(at),
        3 => {
            let end = (at + 1 + random.below(8)).min(chars.len());
            chars.drain(at.min(end)..end);
        }
        4 => {
            let end = (at + 1 + random.below(2000)).min(chars.len());
            let part: Vec<char> = chars[at.min(end)..end].to_vec();
            for _ in 0..=random.below(20) {
                chars.splice(at..at, part.iter().copied());
            }
        }
        _ => {
            if let Some(char) = chars.get_mut(at) {
                *char = char::from(33 + random.below(94) as u8);
            }
        }
    }
    *text = chars.into_iter().collect();
}

fn change_headers(request: &mut Request, random: &mut Random) {
    let count = request.headers.len();
    match random.below(5) {
        0 if count > 0 => {
            request.headers.remove(random.below(count));
        }
        1 if count > 0 => {
            let doubled = request.headers[random.below(count)].clone();
            request.headers.push(doubled);
        }
        2 if count > 0 => change_text(&mut request.headers[random.below(count)].1, random),
        3 => {
            let value = "v".repeat(random.below(20_000));
            request.headers.push(((*random.choose(NAMES)).to_owned(), value));
        }
        _ => request.headers.push(((*random.choose(NAMES)).to_owned(), (*random.choose(VALUES)).to_owned())),
    }
}

fn change_authorization(request: &mut Request, random: &mut Random) {
    let existing = request.headers.iter_mut().find(|(name, _)| name == "authorization");
    match existing {
        Some((_, value)) if !random.one_in(4) => change_text(value, random),
        Some((_, value)) => *value = (*random.choose(VALUES)).to_owned(),
        None => request.headers.push(("authorization".to_owned(), (*random.choose(VALUES)).to_owned())),
    }
}

fn change_body(body: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(body.len() + 1);
    match random.below(6) {
        0 => body.truncate(at),
        1 => body.clear(),
        2 => {
            let piece = random.choose(PIECES).bytes();
            body.splice(at..at, piece);
        }
        3 => {
            let bytes: Vec<u8> = (0..random.below(300)).map(|_| random.below(256) as u8).collect();
            body.splice(at..at, bytes);
        }
        4 => body.resize(random.below(100_000), b'a'),
        _ => {
            if let Some(byte) = body.get_mut(at) {
                *byte = random.below(256) as u8;
            }
        }
    }
}

/// A request as bytes; how its body is framed may be wrong as well.
pub fn as_bytes(request: &Request, authority: &str, random: &mut Random) -> Vec<u8> {
    let Request { method, path, headers, body } = request;
    let protocol =
        if random.one_in(50) { *random.choose(&["HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "HTTP", ""]) } else { "HTTP/1.1" };
    let host = if random.one_in(50) {
        *random.choose(&["", "a b", "other.example", "[::1", "127.0.0.1:99999"])
    } else {
        authority
    };
    let mut text = format!("{method} {path} {protocol}\r\n");
    if !random.one_in(50) {
        text.push_str(&format!("host: {host}\r\nconnection: close\r\n"));
    }
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    let length = body.len();
    match random.below(24) {
        0 => text.push_str(&format!("content-length: {}\r\n", length + 5)),
        1 => text.push_str("content-length: 1\r\ncontent-length: 2\r\n"),
        2 => text.push_str("content-length: x\r\n"),
        3 => text.push_str("transfer-encoding: chunked\r\n"),
        4 => text.push_str(&format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n")),
        5 => text.push_str("a line without a colon\r\n"),
        6 => {}
        _ if length > 0 || method == "POST" => text.push_str(&format!("content-length: {length}\r\n")),
        _ => {}
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    if random.one_in(20) {
        let at = random.below(bytes.len());
        bytes[at] = random.below(256) as u8;
    }
    bytes
}
