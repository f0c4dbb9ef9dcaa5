//! A server that is a child of this process: waiting until it answers, and telling how it ended.

use crate::process::{StopSignal, pause};
use anyhow::{Result, bail};
use nix::sys::signal::Signal;
use std::{
    fmt::{self, Display, Formatter},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    os::unix::process::ExitStatusExt,
    process::{Child, ExitStatus},
    time::{Duration, Instant},
};

/// For how long it may take until it answers. It compiles nothing but the Worker, and recovers data after a crash when they
/// are first used.
const START: Duration = Duration::from_secs(60);
/// Answers 200 when settings and wasm are right, and the master keys fit the data.
const PROBE: &str = "/healthz";

/// Waits until a child that listens on an address answers there, and returns the status and the text.
pub fn wait_until_it_answers(child: &mut Child, address: SocketAddr, stop: &StopSignal) -> Result<(u16, String)> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(5)))
        .http_status_as_error(false)
        // It is on this machine, whatever the environment says of proxies.
        .proxy(None)
        .build()
        .into();
    let url = format!("http://{}{PROBE}", reachable(address));
    let deadline = Instant::now() + START;
    loop {
        if let Some(status) = child.try_wait()? {
            bail!("{}; what it said stands above", Ended(status));
        }
        if stop.requested() {
            bail!("stopped while starting");
        }
        if let Ok(mut answer) = agent.get(&url).call() {
            return Ok((answer.status().as_u16(), answer.body_mut().read_to_string()?));
        }
        if Instant::now() > deadline {
            bail!("no answer within {} s", START.as_secs());
        }
        pause(Duration::from_millis(20));
    }
}

/// Where this machine reaches an address that is listened on.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}

/// How it ended.
pub struct Ended(pub ExitStatus);

impl Display for Ended {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match (self.0.code(), self.0.signal()) {
            (Some(code), _) => write!(f, "it ended with status {code}"),
            (None, Some(signal)) => match Signal::try_from(signal) {
                Ok(Signal::SIGKILL) => f.write_str("it was killed (SIGKILL): by somebody, or since memory ran out"),
                Ok(signal) => write!(f, "it was ended by {signal}"),
                Err(_) => write!(f, "it was ended by signal {signal}"),
            },
            (None, None) => f.write_str("it ended"),
        }
    }
}
