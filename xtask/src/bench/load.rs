//! The load generator: one thread, some connections that stay open, one request on each at a time. An existing tool
//! could not send a new signature with every request.

use super::{histogram::Histogram, reply::read_reply};
use anyhow::{Context, Result, bail};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    os::fd::AsFd,
    time::{Duration, Instant},
};

/// What a load is made of.
pub struct Load<'a> {
    pub port: u16,
    /// Whole requests, sent one after the other.
    pub requests: &'a [Vec<u8>],
    /// Whether each may be sent only once.
    pub is_single_use: bool,
    pub status: u16,
}

/// What a load came to.
pub struct Run {
    pub latencies: Histogram,
    pub seconds: f64,
}

struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
    sent_at: Instant,
}

impl Connection {
    fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Self { stream, received: Vec::with_capacity(4096), sent_at: Instant::now() })
    }

    /// A request of ours always fits the socket's buffer.
    fn send(&mut self, request: &[u8]) -> Result<()> {
        self.sent_at = Instant::now();
        Ok(self.stream.write_all(request)?)
    }

    /// The status of the answer, once all of it is there.
    fn receive(&mut self) -> Result<Option<u16>> {
        let mut buffer = [0; 4096];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => bail!("the server closed a connection"),
                Ok(length) => self.received.extend_from_slice(&buffer[..length]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
            if let Some((status, end)) = read_reply(&self.received)? {
                self.received.drain(..end);
                return Ok(Some(status));
            }
        }
        Ok(None)
    }
}

/// Sends requests for so long, or as long as there are some.
pub fn run(load: &Load<'_>, connections: usize, duration: Duration) -> Result<Run> {
    let mut open = (0..connections).map(|_| Connection::open(load.port)).collect::<Result<Vec<_>>>()?;
    let mut requests = load.requests.iter().cycle();
    let mut left = if load.is_single_use { load.requests.len() } else { usize::MAX };
    let mut latencies = Histogram::new();
    let start = Instant::now();
    for connection in &mut open {
        connection.send(requests.next().context("there is nothing to send")?)?;
        left = left.saturating_sub(1);
    }
    let mut waiting = open.len();
    while waiting > 0 {
        let ready: Vec<bool> = {
            let mut polled: Vec<PollFd<'_>> =
                open.iter().map(|connection| PollFd::new(connection.stream.as_fd(), PollFlags::POLLIN)).collect();
            if poll(&mut polled, PollTimeout::from(10_000u16))? == 0 {
                bail!("no answer within 10 s");
            }
            polled.iter().map(|fd| fd.any().unwrap_or(false)).collect()
        };
        for (connection, _) in open.iter_mut().zip(ready).filter(|(_, is_ready)| *is_ready) {
            let Some(status) = connection.receive()? else { continue };
            latencies.add(connection.sent_at.elapsed());
            if status != load.status {
                bail!("a request was answered {status} instead of {}", load.status);
            }
            if left > 0 && start.elapsed() < duration {
                connection.send(requests.next().context("there is nothing to send")?)?;
                left = left.saturating_sub(1);
            } else {
                waiting -= 1;
            }
        }
    }
    Ok(Run { latencies, seconds: start.elapsed().as_secs_f64() })
}

/// One request, and the status and body of its answer.
pub fn ask(port: u16, request: &[u8]) -> Result<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(120)))?;
    stream.write_all(request)?;
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer)? {
            0 => bail!("the server closed the connection"),
            length => received.extend_from_slice(&buffer[..length]),
        }
        if let Some((status, _)) = read_reply(&received)? {
            let text = String::from_utf8_lossy(&received);
            let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            return Ok((status, body.to_owned()));
        }
    }
}
