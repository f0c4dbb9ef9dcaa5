//! The load generator: one thread, some connections that stay open, one request on each at a time. An existing tool
//! could not send a new signature with every request.

use super::{histogram::Latencies, reply::read_reply};
use anyhow::{Result, bail, ensure};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    os::fd::AsFd,
    time::{Duration, Instant},
};

const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// What is sent, and where.
pub struct Load<'a> {
    pub port: u16,
    /// Whole requests, sent one after the other.
    pub requests: &'a [Vec<u8>],
    /// Whether each may be sent only once.
    pub is_single_use: bool,
    pub status: u16,
}

/// A load with its connections, which stay open from one turn to the next, and what came of it so far.
pub struct Lane<'a> {
    load: Load<'a>,
    open: Vec<Connection>,
    /// How many requests were sent.
    sent: usize,
    pub latencies: Latencies,
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
            if let Some(reply) = read_reply(&self.received)? {
                self.received.drain(..reply.end);
                return Ok(Some(reply.status));
            }
        }
        Ok(None)
    }
}

impl<'a> Lane<'a> {
    pub fn open(load: Load<'a>, connections: usize) -> Result<Self> {
        let open = (0..connections).map(|_| Connection::open(load.port)).collect::<Result<_>>()?;
        Ok(Self { load, open, sent: 0, latencies: Latencies::new()?, seconds: 0.0 })
    }

    /// Counts from here on.
    pub fn forget(&mut self) -> Result<()> {
        self.latencies = Latencies::new()?;
        self.seconds = 0.0;
        Ok(())
    }

    fn send(&mut self, connection: usize) -> Result<()> {
        let request = &self.load.requests[self.sent % self.load.requests.len()];
        self.sent += 1;
        self.open[connection].send(request)
    }

    fn has_more(&self) -> bool {
        !self.load.is_single_use || self.sent < self.load.requests.len()
    }

    /// Sends requests for so long, or as long as there are some, and waits for all answers.
    pub fn run(&mut self, duration: Duration) -> Result<()> {
        let start = Instant::now();
        let mut waiting = 0;
        for connection in 0..self.open.len() {
            if self.has_more() {
                self.send(connection)?;
                waiting += 1;
            }
        }
        while waiting > 0 {
            for connection in self.readable()? {
                let Some(status) = self.open[connection].receive()? else { continue };
                self.latencies.add(self.open[connection].sent_at.elapsed());
                if status != self.load.status {
                    bail!("a request was answered {status} instead of {}", self.load.status);
                }
                if start.elapsed() < duration && self.has_more() {
                    self.send(connection)?;
                } else {
                    waiting -= 1;
                }
            }
        }
        self.seconds += start.elapsed().as_secs_f64();
        Ok(())
    }

    /// The connections on which something has come; waits for one, and never sleeps: waking up whoever sent a request
    /// would be charged to whoever answers it.
    fn readable(&self) -> Result<Vec<usize>> {
        let mut polled: Vec<PollFd<'_>> =
            self.open.iter().map(|connection| PollFd::new(connection.stream.as_fd(), PollFlags::POLLIN)).collect();
        let start = Instant::now();
        while poll(&mut polled, PollTimeout::ZERO)? == 0 {
            ensure!(start.elapsed() < LONGEST_WAIT, "no answer within {} s", LONGEST_WAIT.as_secs());
        }
        let ready = polled.iter().enumerate().filter(|(_, fd)| fd.any().unwrap_or(false));
        Ok(ready.map(|(connection, _)| connection).collect())
    }
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
        if let Some(reply) = read_reply(&received)? {
            let body = &received[reply.body_at..reply.end];
            return Ok((reply.status, String::from_utf8_lossy(body).into_owned()));
        }
    }
}
