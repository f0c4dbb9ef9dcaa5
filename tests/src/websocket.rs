//! WebSockets: a client's end, and the few lines that an API behind the gate needs.

use std::{
    io::Write,
    net::TcpStream,
    time::{Duration, Instant},
};
use tungstenite::{
    Error, Message,
    client::{ClientRequestBuilder, client},
    handshake::{HandshakeError, client::Response, derive_accept_key},
    protocol::{CloseFrame, Role},
};

/// A client's end of an open WebSocket.
#[derive(Debug)]
pub struct WebSocket {
    socket: tungstenite::WebSocket<TcpStream>,
    handshake: Response,
}

impl WebSocket {
    /// Opens a WebSocket. Returns the status if the server answers with another one than 101.
    #[track_caller]
    pub fn open(authority: &str, path: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let stream = TcpStream::connect(authority).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("an open connection");
        let url = format!("ws://{authority}{path}").parse().expect("a URL");
        let request = headers.iter().fold(ClientRequestBuilder::new(url), |request, (name, value)| {
            request.with_header(name.to_owned(), value.to_owned())
        });
        match client(request, stream) {
            Ok((socket, handshake)) => Ok(Self { socket, handshake }),
            Err(HandshakeError::Failure(Error::Http(refusal))) => Err(refusal.status().as_u16()),
            Err(error) => panic!("{path}: {error}"),
        }
    }

    /// A header of the 101.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.handshake.headers().get(name)?.to_str().ok()
    }

    #[track_caller]
    pub fn send(&mut self, text: &str) {
        self.socket.send(Message::text(text)).expect("an open WebSocket");
    }

    /// Waits for a text.
    #[track_caller]
    pub fn receive(&mut self) -> String {
        match self.socket.read().expect("a message") {
            Message::Text(text) => text.as_str().to_owned(),
            other => panic!("a text, not {other:?}"),
        }
    }

    /// Begins to close.
    #[track_caller]
    pub fn close(&mut self, code: u16, reason: &str) {
        let frame = CloseFrame { code: code.into(), reason: reason.into() };
        self.socket.close(Some(frame)).expect("an open WebSocket");
    }

    /// Waits until the other side closes, and drops the texts that come before. Returns the code and the reason.
    #[track_caller]
    pub fn closed_within(&mut self, seconds: u64) -> (u16, String) {
        let deadline = Instant::now() + Duration::from_secs(seconds);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the WebSocket is still open after {seconds} s");
            self.socket.get_ref().set_read_timeout(Some(left)).expect("a socket");
            match self.socket.read().expect("a message before the deadline") {
                Message::Close(Some(frame)) => return (frame.code.into(), frame.reason.as_str().to_owned()),
                // RFC 6455 §7.1.5: no code was given.
                Message::Close(None) => return (1005, String::new()),
                _ => {}
            }
        }
    }
}

/// Writes a server's answer to a handshake. The head has names in lower case.
pub fn accept_handshake(head: &str, stream: &mut TcpStream) {
    let key = head.lines().find_map(|line| line.strip_prefix("sec-websocket-key: ")).unwrap_or_default();
    let accept = derive_accept_key(key.as_bytes());
    let _ = write!(
        stream,
        "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: \
         {accept}\r\nset-cookie: a=b\r\nx-of-the-api: yes\r\n\r\n"
    );
}

/// Sends a text as a server does.
pub fn send_from_server(stream: &mut TcpStream, text: &str) {
    let _ = tungstenite::WebSocket::from_raw_socket(stream, Role::Server, None).send(Message::text(text));
}
