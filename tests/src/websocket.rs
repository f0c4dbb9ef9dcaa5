//! WebSockets as bytes (RFC 6455): the handshake of both sides, and short text frames.

use base64ct::{Base64, Encoding};
use sha1::{Digest, Sha1};
use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

/// The example of RFC 6455 §1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// A client's end of an open WebSocket.
pub struct WebSocket {
    stream: TcpStream,
    /// Of the 101, names in lower case.
    pub head: String,
}

impl WebSocket {
    /// Opens one; the head of the answer where it is no 101.
    pub fn open(authority: &str, path: &str, headers: &[(&str, &str)]) -> Result<Self, String> {
        let connect = || -> io::Result<Self> {
            let mut stream = TcpStream::connect(authority)?;
            stream.set_read_timeout(Some(Duration::from_secs(10)))?;
            let mut text = format!(
                "GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
                 sec-websocket-version: 13\r\nsec-websocket-key: {KEY}\r\n"
            );
            for (name, value) in headers {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
            stream.write_all(format!("{text}\r\n").as_bytes())?;
            let head = read_head(&mut stream)?;
            Ok(Self { stream, head: head.to_lowercase() })
        };
        let socket = connect().map_err(|error| error.to_string())?;
        let accept = format!("sec-websocket-accept: {}", accept(KEY).to_lowercase());
        if socket.head.starts_with("http/1.1 101 ") && socket.head.contains(&accept) {
            Ok(socket)
        } else {
            Err(socket.head)
        }
    }

    /// Sends a text of fewer than 126 bytes, masked as a client must (§5.3).
    pub fn send(&mut self, text: &str) {
        let mut frame = vec![0x81, 0x80 | text.len() as u8, 1, 2, 3, 4];
        frame.extend(text.bytes().zip([1, 2, 3, 4].into_iter().cycle()).map(|(byte, mask): (u8, u8)| byte ^ mask));
        self.stream.write_all(&frame).expect("an open WebSocket");
    }

    /// Reads a short text.
    #[track_caller]
    pub fn receive(&mut self) -> String {
        let mut start = [0; 2];
        self.stream.read_exact(&mut start).expect("a frame");
        assert_eq!(start[0], 0x81, "a whole text");
        let mut text = vec![0; usize::from(start[1] & 0x7f)];
        self.stream.read_exact(&mut text).expect("the frame's text");
        String::from_utf8(text).expect("UTF-8")
    }
}

impl WebSocket {
    /// Begins to close.
    pub fn close(&mut self, code: u16, reason: &str) {
        let content = [&code.to_be_bytes(), reason.as_bytes()].concat();
        let mut frame = vec![0x88, 0x80 | content.len() as u8, 1, 2, 3, 4];
        frame.extend(content.iter().zip([1, 2, 3, 4].into_iter().cycle()).map(|(byte, mask): (&u8, u8)| byte ^ mask));
        self.stream.write_all(&frame).expect("an open WebSocket");
    }

    /// Waits until the other side closes, past whatever texts come before; gives the code and the reason (§5.5.1).
    #[track_caller]
    pub fn closed_within(&mut self, seconds: u64) -> (u16, String) {
        let deadline = Instant::now() + Duration::from_secs(seconds);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the WebSocket is still open after {seconds} s");
            self.stream.set_read_timeout(Some(left)).expect("a socket");
            let mut start = [0; 2];
            self.stream.read_exact(&mut start).expect("a frame before the deadline");
            let mut content = vec![0; usize::from(start[1] & 0x7f)];
            self.stream.read_exact(&mut content).expect("the frame's content");
            if start[0] == 0x88 {
                let code = content.get(..2).map_or(1005, |code| u16::from_be_bytes([code[0], code[1]]));
                return (code, String::from_utf8_lossy(content.get(2..).unwrap_or_default()).into_owned());
            }
        }
    }
}

/// A server's answer to a handshake, whose head has names in lower case.
pub fn accept_handshake(head: &str, stream: &mut TcpStream) {
    let key = head.lines().find_map(|line| line.strip_prefix("sec-websocket-key: ")).unwrap_or_default();
    let accept = accept(key);
    let _ = write!(
        stream,
        "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: \
         {accept}\r\nset-cookie: a=b\r\nx-of-the-api: yes\r\n\r\n"
    );
}

/// Sends a short text, unmasked as a server must.
pub fn send_from_server(stream: &mut TcpStream, text: &str) {
    let _ = stream.write_all(&[&[0x81, text.len() as u8], text.as_bytes()].concat());
}

/// RFC 6455 §4.2.2
fn accept(key: &str) -> String {
    Base64::encode_string(&Sha1::digest(format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11")))
}

fn read_head(stream: &mut TcpStream) -> io::Result<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
