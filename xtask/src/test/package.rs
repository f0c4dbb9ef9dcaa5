//! The package, unpacked where there is nothing else, against the tests of the gate.

use super::{clients::require_python, require_nextest, system::tests_against};
use crate::{
    build::{self, Mode, PANICKING, PRODUCT},
    package,
    workspace::Workspace,
};
use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use gatehouse::{
    engine::wait_until_it_answers,
    process::{run as run_command, say, stop_signal},
    secret::LocalSecrets,
};
use std::{
    fs::File,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

/// The tests of the gate, by their files.
const GATE: &str = "test(/^(api|api_headers|edge|forwarding|signed|sign_in)::/)";

pub fn run(workspace: &Workspace) -> Result<()> {
    require_nextest(workspace)?;
    let python = require_python(workspace)?;
    build::build(workspace, Mode::Release, &PRODUCT)?;
    // Some of the tests start a server of their own.
    build::build_worker(workspace, Mode::Release, &PANICKING)?;
    let made = package::make(workspace, &workspace.target.join("package-test"))?;
    let elsewhere = tempfile::tempdir()?;
    let archive = File::open(package::archive(&made)?)?;
    tar::Archive::new(GzDecoder::new(archive)).unpack(elsewhere.path())?;
    let folder = elsewhere.path().join(made.file_name().context("the package has a name")?);

    check(&folder)?;
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let server = Unpacked::start(&folder, port)?;
    let secrets = LocalSecrets::load(&folder.join("data"))?;
    say(format!("testing {}", server.url));
    let mut nextest = tests_against(workspace, &server.url, &folder.join("data"), &secrets, &python);
    run_command(nextest.args(["--filterset", GATE]))
}

/// The program, with no other one to be found.
fn gatehouse(folder: &Path) -> Command {
    let mut command = Command::new(folder.join("gatehouse"));
    command.current_dir(folder).env_clear().env("PATH", "/nonexistent").stdin(Stdio::null());
    command
}

/// What an operator does first.
fn check(folder: &Path) -> Result<()> {
    run_command(gatehouse(folder).arg("check"))
}

struct Unpacked {
    process: Child,
    url: String,
}

impl Unpacked {
    fn start(folder: &Path, port: u16) -> Result<Self> {
        let process = gatehouse(folder).args(["serve", "--for-tests", "--port", &port.to_string()]).spawn()?;
        let mut server = Self { process, url: format!("http://127.0.0.1:{port}") };
        let answer = wait_until_it_answers(&mut server.process, ([127, 0, 0, 1], port).into(), &stop_signal()?);
        answer.context("the package's program")?;
        Ok(server)
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
