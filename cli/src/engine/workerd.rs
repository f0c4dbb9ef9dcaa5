//! One run of workerd.

use super::{
    child::{Ended, wait_until_it_answers},
    socket::{Listener, shared_with_child},
};
use crate::{
    env_file::Variables,
    process::{StopSignal, pause},
};
use anyhow::{Context, Result, ensure};
use nix::{
    errno::Errno,
    sys::signal::{SigHandler, Signal, kill, signal},
    unistd::Pid,
};
use std::{
    io::ErrorKind,
    net::SocketAddr,
    os::fd::{AsFd, BorrowedFd},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// For how long requests under way may go on when it is to stop.
const STOP: Duration = Duration::from_secs(10);

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

impl Workerd {
    /// Starts it on a configuration and a socket. It ends with this process, whatever ends that; until then it holds
    /// `held` open.
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
        prepare(&mut command);
        let shared: Vec<BorrowedFd> = held.into_iter().chain([listener.as_fd()]).collect();
        let child = shared_with_child(&shared, || command.spawn())?;
        let child = child.with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self { child, address: listener.address()? })
    }

    /// The number of the process.
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
        wait_until_it_answers(&mut self.child, self.address, stop).context("workerd")
    }

    /// Has it finish the requests under way, and ends it. Says whether it went by itself.
    pub fn stop(mut self) -> Result<bool> {
        let Some(pid) = self.running() else { return Ok(true) };
        match kill(pid, Signal::SIGTERM) {
            Err(Errno::ESRCH) | Ok(()) => {}
            Err(error) => return Err(error.into()),
        }
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

/// Prepares a child for what may happen to this process.
#[expect(unsafe_code, reason = "a child can be told something only between fork and exec")]
fn prepare(command: &mut Command) {
    use std::os::unix::process::{CommandExt, parent_id};
    let parent = std::process::id();
    let tell = move || {
        // Without its parent nobody would watch it, and it would hold port and data. It is killed: told to stop, it would
        // wait for open connections. Elsewhere than on Linux the kernel has no such service, and the lock of the data
        // folder keeps the next server out.
        #[cfg(target_os = "linux")]
        nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
        for from_terminal in [Signal::SIGINT, Signal::SIGQUIT] {
            // Ctrl-C reaches both, and the parent lets the requests under way end.
            // SAFETY: ignoring a signal installs no handler.
            unsafe { signal(from_terminal, SigHandler::SigIgn)? };
        }
        // The parent may have ended before the kernel was told.
        if parent_id() == parent { Ok(()) } else { Err(ErrorKind::Other.into()) }
    };
    // SAFETY: between fork and exec only system calls are made: prctl, sigaction and getppid. Nothing is allocated.
    unsafe { command.pre_exec(tell) };
}
