//! A bare workerd as a child, and the processor time that it takes.

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, SysconfVar, sysconf},
};
use std::{
    fs,
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

pub struct Server {
    child: Child,
}

impl Server {
    /// Starts workerd on a configuration. It does not listen yet when this returns.
    pub fn spawn(workspace: &Workspace, config: &Path) -> Result<Self> {
        // The program itself and not npm's script for it, whose start would be measured as well.
        let mut command = Command::new(workspace.root.join("node_modules/workerd/bin/workerd"));
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
            thread::sleep(Duration::from_micros(500));
        }
        Ok(())
    }

    /// What all its threads took so far, in microseconds.
    pub fn cpu_micros(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let ticks = cpu_ticks(&stat).context("/proc has another form")?;
        let per_second = sysconf(SysconfVar::CLK_TCK)?.context("no clock tick")? as f64;
        Ok(ticks as f64 * 1e6 / per_second)
    }
}

/// User and system time in /proc/<pid>/stat. The program's name, in brackets, may hold anything.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(pid) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_behind_the_programs_name() {
        let stat = "123 (a ) b) S 1 2 3 4 5 6 7 8 9 10 400 23 7 8 20 0 5 0";
        assert_eq!(cpu_ticks(stat), Some(423));
        assert_eq!(cpu_ticks("123 (x) S 1"), None);
    }
}
