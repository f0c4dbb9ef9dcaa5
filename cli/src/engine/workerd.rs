//! One run of workerd.

use super::socket::{Listener, shared_with_child};
use crate::{
    env_file::Variables,
    process::{StopSignal, pause},
};
use anyhow::{Context, Result, bail, ensure};
use nix::{
    errno::Errno,
    sys::signal::{SigHandler, Signal, kill},
    unistd::Pid,
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    os::fd::{AsFd, BorrowedFd},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

/// For how long requests under way may go on when it is to stop.
const STOP: Duration = Duration::from_secs(10);
/// For how long it may take until it answers. It compiles nothing but the Worker; data that have to be recovered after a
/// crash are recovered when they are first used.
const START: Duration = Duration::from_secs(60);
/// Answers 200 when settings and wasm are right, and the master keys fit the data.
const PROBE: &str = "/healthz";

/// The program in a folder of npm packages: itself, and not npm's script for it, which would be one process more to watch.
pub fn workerd_of_npm(node_modules: &Path) -> PathBuf {
    let system = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    let processor = if cfg!(target_arch = "aarch64") { "arm64" } else { "64" };
    node_modules.join(format!("@cloudflare/workerd-{system}-{processor}/bin/workerd"))
}

pub struct Workerd {
    child: Child,
    address: SocketAddr,
}

/// Why it is over.
pub struct Ended(ExitStatus);

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
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

impl Workerd {
    /// Starts it on a configuration and a socket. It ends with this process, whatever ends this process; until then it
    /// holds what is to be `held`.
    pub fn start(
        program: &Path,
        config: &Path,
        listener: &Listener,
        held: Option<BorrowedFd>,
        variables: &Variables,
    ) -> Result<Self> {
        let mut command = Command::new(program);
        command
            .arg("serve")
            .arg(config)
            .arg(format!("--socket-fd={}={}", super::services::SOCKET, listener.number()))
            // Nothing but what the configuration asks for.
            .env_clear()
            .envs(variables)
            .stdin(Stdio::null());
        end_with_parent(&mut command);
        let shared: Vec<BorrowedFd> = held.into_iter().chain([listener.as_fd()]).collect();
        let child = shared_with_child(&shared, || command.spawn())?;
        let child = child.with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self { child, address: listener.address()? })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Says how it ended, if it has.
    pub fn ended(&mut self) -> Result<Option<Ended>> {
        Ok(self.child.try_wait()?.map(Ended))
    }

    /// Waits until it answers that all is well.
    pub fn wait_until_ready(&mut self, stop: &StopSignal) -> Result<()> {
        let (status, text) = self.wait_until_it_answers(stop)?;
        ensure!(status == 200, "it can't serve: {text}");
        Ok(())
    }

    /// Waits until it answers, and returns the status and the text.
    pub fn wait_until_it_answers(&mut self, stop: &StopSignal) -> Result<(u16, String)> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(5)))
            .http_status_as_error(false)
            // It is on this machine, whatever the environment says of proxies.
            .proxy(None)
            .build()
            .into();
        let deadline = Instant::now() + START;
        loop {
            if let Some(ended) = self.ended()? {
                bail!("workerd did not start: {ended}; what it said stands above");
            }
            if stop.requested() {
                bail!("stopped while starting");
            }
            if let Ok(mut answer) = agent.get(format!("http://{}{PROBE}", probed(self.address))).call() {
                return Ok((answer.status().as_u16(), answer.body_mut().read_to_string()?));
            }
            if Instant::now() > deadline {
                bail!("workerd did not answer within {} s", START.as_secs());
            }
            pause(Duration::from_millis(20));
        }
    }

    /// Has it finish the requests under way, and ends it. Says whether it went by itself.
    pub fn stop(mut self) -> Result<bool> {
        let Some(pid) = self.running() else { return Ok(true) };
        signal(pid, Signal::SIGTERM)?;
        let deadline = Instant::now() + STOP;
        while Instant::now() < deadline {
            if self.ended()?.is_some() {
                return Ok(true);
            }
            pause(Duration::from_millis(10));
        }
        Ok(false)
    }

    fn running(&mut self) -> Option<Pid> {
        let is_running = matches!(self.child.try_wait(), Ok(None));
        let pid = i32::try_from(self.child.id()).ok()?;
        is_running.then(|| Pid::from_raw(pid))
    }
}

impl Drop for Workerd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where this machine reaches an address that is listened on.
fn probed(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}

fn signal(pid: Pid, signal: Signal) -> Result<()> {
    match kill(pid, signal) {
        Err(Errno::ESRCH) | Ok(()) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Has the kernel end the child when this process ends, also when it is killed: nobody would watch the child then, and it
/// would go on to hold port and data.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "a child can be told something only between fork and exec")]
fn end_with_parent(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    let parent = std::process::id();
    let tell = move || {
        // At once: told to stop, it would wait for open connections, and hold the data meanwhile. No acknowledged write is lost.
        nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
        // A terminal sends Ctrl-C to both, and the parent has the requests under way end.
        // SAFETY: to ignore a signal installs no handler.
        unsafe {
            nix::sys::signal::signal(Signal::SIGINT, SigHandler::SigIgn)?;
            nix::sys::signal::signal(Signal::SIGQUIT, SigHandler::SigIgn)?;
        }
        // It may have ended before it was asked to tell.
        if std::os::unix::process::parent_id() == parent { Ok(()) } else { Err(std::io::ErrorKind::Other.into()) }
    };
    // SAFETY: between fork and exec only system calls are made: prctl, sigaction and getppid. Nothing is allocated.
    unsafe { command.pre_exec(tell) };
}

/// Elsewhere the kernel has no such service: what is left running is found by the lock of the data folder.
#[cfg(not(target_os = "linux"))]
fn end_with_parent(_: &mut Command) {}
