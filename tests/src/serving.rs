//! `cargo xtask serve` as a person runs it: the program that watches workerd.

use crate::{deployment::variable, eventually, server};
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
}

impl Serving {
    /// Starts it on a source tree of its own, and waits until it answers.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let repository = server::repository();
        for file in ["wrangler.toml", "api.toml", "sample-api/src/index.js", "sample-api/src/signature.js"] {
            gatehouse::files::copy(&repository.join(file), &folder.path().join(file)).expect(file);
        }
        let port = server::free_port();
        let process = spawn(folder.path(), port);
        let serving = Self { process, url: format!("http://127.0.0.1:{port}"), folder };
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

    pub fn data(&self) -> PathBuf {
        data(self.folder.path())
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        fs::read_to_string(log(self.folder.path())).unwrap_or_default()
    }

    /// A second one on the same data: how it ends, and what it says.
    pub fn second(&self) -> (ExitStatus, String) {
        let mut command = command(self.folder.path(), server::free_port());
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

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn log(folder: &Path) -> PathBuf {
    folder.join("log")
}

fn spawn(folder: &Path, port: u16) -> Child {
    let log = File::create(log(folder)).expect("a file");
    command(folder, port)
        .stdout(log.try_clone().expect("a file"))
        .stderr(log)
        .spawn()
        .expect("xtask, as `cargo xtask test` builds it")
}

fn command(folder: &Path, port: u16) -> Command {
    let mut command = Command::new(variable("GATEHOUSE_XTASK"));
    command
        .args(["serve", "--for-tests", "--port", &port.to_string()])
        .arg("--built")
        .arg(server::repository().join("dist"))
        .arg("--source")
        .arg(folder)
        .arg("--data")
        .arg(data(folder))
        .stdin(Stdio::null());
    command
}
