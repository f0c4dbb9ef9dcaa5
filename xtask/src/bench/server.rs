//! A bare workerd as a child, and the processor time that it takes.

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use gatehouse::process::pause;
use nix::{
    sys::signal::{Signal, kill},
    time::ClockId,
    unistd::Pid,
};
use std::{
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub struct Server {
    child: Child,
}

impl Server {
    /// Starts workerd on a configuration. It does not listen yet when this returns.
    pub fn spawn(workspace: &Workspace, config: &Path) -> Result<Self> {
        let mut command = Command::new(workspace.workerd());
        let child = command.arg("serve").arg(config).stdin(Stdio::null()).spawn().context("cannot start workerd")?;
        Ok(Self { child })
    }

    /// Waits until something listens on the port.
    pub fn wait_for(&mut self, port: u16) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("workerd ended by itself ({status}); what it said stands above");
            }
            if Instant::now() > deadline {
                bail!("workerd did not listen within 30 s");
            }
            pause(Duration::from_micros(500));
        }
        Ok(())
    }

    /// The processor time that all its threads took so far, in microseconds.
    pub fn cpu_micros(&self) -> Result<f64> {
        let clock = ClockId::pid_cpu_clock_id(Pid::from_raw(i32::try_from(self.child.id())?))?;
        let spent = Duration::from(clock.now()?);
        Ok(spent.as_secs_f64() * 1e6)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(pid) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
        let _ = self.child.wait();
    }
}
