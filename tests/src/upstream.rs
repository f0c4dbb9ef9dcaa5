//! An API behind the gate.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// An API behind the gate that a test writes itself, byte by byte: what comes over the wire is what there is to see.
pub struct Upstream {
    url: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Upstream {
    /// Starts one. `answer` gets the head of each request, and the connection to write its answer to.
    pub fn start(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let (heads, answer) = (Arc::<Mutex<Vec<String>>>::default(), Arc::new(answer));
        let noted = Arc::clone(&heads);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (noted, answer) = (Arc::clone(&noted), Arc::clone(&answer));
                thread::spawn(move || {
                    while let Some(head) = read_head(&mut stream) {
                        noted.lock().expect("no reader has panicked").push(head.clone());
                        answer(&head, &mut stream);
                    }
                });
            }
        });
        Self { url, heads }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The heads of the requests that came whose first line has this in it.
    pub fn heads(&self, part: &str) -> Vec<String> {
        let heads = self.heads.lock().expect("no connection has panicked");
        heads.iter().filter(|head| head.lines().next().is_some_and(|line| line.contains(part))).cloned().collect()
    }
}

/// Reads up to the empty line, names in lower case; what follows is left.
fn read_head(stream: &mut TcpStream) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let lines = text.lines().map(|line| match line.split_once(": ") {
        Some((name, value)) => format!("{}: {value}\n", name.to_lowercase()),
        None => format!("{line}\n"),
    });
    Some(lines.collect())
}

/// The value of a header in a request's head. Names are in lower case.
pub fn header_in<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// Writes a whole answer with a short body.
pub fn answer_with(stream: &mut TcpStream, status: u16, headers: &str, body: &str) {
    let length = body.len();
    let _ = write!(stream, "HTTP/1.1 {status} Text\r\n{headers}content-length: {length}\r\n\r\n{body}");
}
