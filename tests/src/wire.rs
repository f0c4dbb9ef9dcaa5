//! Requests as bytes, for those that no well-behaved client would send.

use crate::{Reply, TestDeployment};
use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    time::Duration,
};

/// Sends bytes on a connection of their own and reads the answer; an error where there is none.
pub fn exchange(request: &[u8]) -> io::Result<Reply> {
    exchange_with(&TestDeployment::authority(), request)
}

/// As [`exchange`], with another server than the deployment.
pub fn exchange_with(authority: &str, request: &[u8]) -> io::Result<Reply> {
    exchange_on(authority, request, false)
}

/// As [`exchange_with`], and says after the request that nothing more will come, so that a server need not wait for the
/// rest of what is cut.
pub fn exchange_and_end(authority: &str, request: &[u8]) -> io::Result<Reply> {
    exchange_on(authority, request, true)
}

fn exchange_on(authority: &str, request: &[u8], ends: bool) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(authority)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    // A server may answer and close before it has read everything: that answer still counts.
    let sent = stream.write_all(request);
    if ends {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
            Err(_) if is_whole(&bytes) => break,
            Err(error) => return Err(error),
        }
        if is_whole(&bytes) {
            break;
        }
    }
    if bytes.is_empty() {
        sent?;
    }
    parse(&bytes)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, String::from_utf8_lossy(&bytes).into_owned()))
}

/// A request with its head written out: `start` is the first line without the protocol.
pub fn request(start: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut text = format!("{start} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", TestDeployment::authority());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A body in chunks (RFC 9112 §7.1).
pub fn chunked(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for chunk in body.chunks(8 * 1024) {
        bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    bytes
}

fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n")
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// Whether an answer has arrived as far as its own head says.
fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = head_end(bytes) else { return false };
    let head = String::from_utf8_lossy(&bytes[..end]);
    match header(&head, "content-length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => bytes.len() >= end + 4 + length,
        None if header(&head, "transfer-encoding").is_some() => bytes.ends_with(b"0\r\n\r\n"),
        // Without a length, it ends with the connection; 204 and 304 have no body.
        None => head.contains(" 204 ") || head.contains(" 304 "),
    }
}

fn parse(bytes: &[u8]) -> Option<Reply> {
    let end = head_end(bytes)?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    let body = &bytes[end + 4..];
    let body = if header(&head, "transfer-encoding").is_some() { unchunk(body)? } else { body.to_vec() };
    Some(Reply::new(status, headers, String::from_utf8_lossy(&body).into_owned()))
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..line]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        let start = line + 2;
        body.extend_from_slice(rest.get(start..start + size)?);
        rest = rest.get(start + size + 2..)?;
    }
}
