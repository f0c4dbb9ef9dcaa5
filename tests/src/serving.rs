//! `cargo xtask serve` as a person runs it: the program that watches workerd.

use crate::{deployment::variable, eventually, repository::repository, server};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};
use tempfile::TempDir;

pub struct Serving {
    process: Child,
    url: String,
    folder: TempDir,
    ground: Ground,
}

/// What the data folder lies on. The program gets a mount namespace of its own, with `unshare` of util-linux: that needs no
/// rights where users may make namespaces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The disk of the machine.
    Machine,
    /// A file system of so many MiB, in memory. What is on it ends with the program.
    SmallDisk(u32),
    /// The disk of the machine, mounted so that nobody can write to it.
    ReadOnly,
}

impl Serving {
    /// Starts it on a source tree of its own, and waits until it answers.
    pub fn start() -> Self {
        Self::start_in(source_tree(), Ground::Machine)
    }

    /// Starts it on a folder that [`source_tree`] made, with the data that an earlier one left there.
    pub fn start_in(folder: TempDir, ground: Ground) -> Self {
        let port = server::free_port();
        let process = spawn(folder.path(), port, ground);
        let serving = Self { process, url: format!("http://127.0.0.1:{port}"), folder, ground };
        eventually("it is ready", || match serving.said() {
            said if said.contains("Gatehouse is ready at") => Ok(()),
            said => Err(said),
        });
        serving
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its `api.toml`.
    pub fn description(&self) -> PathBuf {
        self.folder.path().join("api.toml")
    }

    /// Its data folder, as this process sees it.
    pub fn data(&self) -> PathBuf {
        let data = data(self.folder.path());
        match self.ground {
            Ground::Machine | Ground::ReadOnly => data,
            Ground::SmallDisk(_) => {
                let root = PathBuf::from(format!("/proc/{}/root", self.process.id()));
                root.join(data.strip_prefix("/").expect("a whole path"))
            }
        }
    }

    /// Stops it as an operator does; gives the folder, with the data if they are on the machine's disk.
    pub fn stop(mut self) -> TempDir {
        self.signal(Signal::SIGTERM);
        assert!(self.wait().success(), "{}", self.said());
        std::mem::replace(&mut self.folder, tempfile::tempdir().expect("a folder"))
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        fs::read_to_string(log(self.folder.path())).unwrap_or_default()
    }

    /// A second one on the same data: how it ends, and what it says.
    pub fn second(&self) -> (ExitStatus, String) {
        let mut command = command(self.folder.path(), server::free_port(), Ground::Machine);
        let output = command.output().expect("xtask");
        (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// The workerd that it watches.
    pub fn workerd(&self) -> Pid {
        let listed = Command::new("ps").args(["-A", "-ww", "-o", "pid=,ppid=,args="]).output().expect("ps");
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        let own = self.process.id().to_string();
        let is_ours = |line: &&str| line.contains("workerd serve") && line.split_whitespace().nth(1) == Some(&own);
        let line = text.lines().find(is_ours).unwrap_or_else(|| panic!("no workerd in\n{text}"));
        Pid::from_raw(line.split_whitespace().next().and_then(|pid| pid.parse().ok()).expect("a number"))
    }

    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(i32::try_from(self.process.id()).expect("a number")), signal).expect("it runs");
    }

    /// Waits until it has ended.
    pub fn wait(&mut self) -> ExitStatus {
        self.process.wait().expect("a child")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// How a start ends that must fail, and what it says.
pub fn failed_start(folder: &Path, ground: Ground) -> String {
    let output = command(folder, server::free_port(), ground).output().expect("xtask");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    said
}

/// A source tree to serve, with an empty data folder.
pub fn source_tree() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = repository();
    for file in ["wrangler.toml", "api.toml", "sample-api/src/index.js", "sample-api/src/signature.js"] {
        gatehouse::files::copy(&repository.join(file), &folder.path().join(file)).expect(file);
    }
    folder
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// The shell's commands that make a ground under the data folder, `$0`. What is in the folder is on it.
fn mounting(ground: Ground) -> Option<String> {
    match ground {
        Ground::Machine => None,
        Ground::SmallDisk(mib) => Some(format!(
            "cp -a \"$0\" \"$0.before\"; mount -t tmpfs -o size={mib}m,mode=700 tmpfs \"$0\"; cp -a \"$0.before/.\" \"$0\""
        )),
        Ground::ReadOnly => Some("mount --bind \"$0\" \"$0\"; mount -o remount,bind,ro \"$0\"".to_owned()),
    }
}

fn log(folder: &Path) -> PathBuf {
    folder.join("log")
}

fn spawn(folder: &Path, port: u16, ground: Ground) -> Child {
    let log = File::create(log(folder)).expect("a file");
    command(folder, port, ground)
        .stdout(log.try_clone().expect("a file"))
        .stderr(log)
        .spawn()
        .expect("xtask, as `cargo xtask test` builds it")
}

fn command(folder: &Path, port: u16, ground: Ground) -> Command {
    let mut command = match mounting(ground) {
        None => Command::new(variable("GATEHOUSE_XTASK")),
        Some(mount) => {
            let mut command = Command::new("unshare");
            command.args(["--map-root-user", "--mount", "sh", "-e", "-c"]).arg(format!("{mount}; exec \"$@\""));
            command.arg(data(folder)).arg(variable("GATEHOUSE_XTASK"));
            command
        }
    };
    command
        .args(["serve", "--for-tests", "--port", &port.to_string()])
        .arg("--built")
        .arg(repository().join("dist"))
        .arg("--source")
        .arg(folder)
        .arg("--data")
        .arg(data(folder))
        .stdin(Stdio::null());
    command
}
