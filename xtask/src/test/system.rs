//! The tests against the whole product: builds it, serves it with fresh data, and runs `tests/` against that.

use super::{clients::require_python, debian::require_programs, filtered, require_nextest};
use crate::{
    build::{self, Mode, PANICKING},
    serve::site,
    workspace::Workspace,
};
use anyhow::Result;
use gatehouse::{
    engine::Listener,
    process::{run as run_command, say, stop_signal},
    secret::LocalSecrets,
    serve::Server,
};
use std::{fs, path::Path, process::Command};

pub fn run(workspace: &Workspace, filter: Option<&str>) -> Result<()> {
    let chromium = ["chromium", "chromium-driver", "fonts-dejavu-core"];
    require_programs("the browser tests", &["chromium", "chromedriver"], &chromium)?;
    require_programs("the tests of proxies", &["nginx", "caddy", "openssl"], &["nginx", "caddy", "openssl"])?;
    with_deployment(workspace, |nextest| run_command(filtered(nextest, filter)))
}

/// Builds and serves what is tested, and hands over the command that runs the tests against it.
pub fn with_deployment(workspace: &Workspace, run_tests: impl FnOnce(&mut Command) -> Result<()>) -> Result<()> {
    require_nextest(workspace)?;
    let python = require_python(workspace)?;
    build::build(workspace, Mode::Release, &PANICKING)?;
    // Compiled before the server runs: on a small machine the compiler would slow down what is tested.
    run_command(workspace.cargo().args(["build", "--package", "gatehouse"]))?;
    run_command(workspace.cargo().args(["nextest", "run", "--package", "gatehouse-tests", "--no-run"]))?;

    let data = tempfile::tempdir()?;
    let secrets = LocalSecrets::load_or_create(data.path())?;
    fs::create_dir_all(workspace.target.join("screenshots"))?;
    let stop = stop_signal()?;
    let site =
        site(workspace, &workspace.root, &PANICKING, build::built(workspace, &PANICKING)?, data.path().to_owned())?;
    let server = Server::start(site, Listener::bind(([127, 0, 0, 1], 0).into())?, &stop)?;
    say(format!("testing {}", server.url()?));

    let tested = run_tests(&mut tests_against(workspace, &server.url()?, data.path(), &secrets, &python));
    server.stop()?;
    tested
}

/// Has the tests of the product run against a deployment on this machine.
pub fn tests_against(workspace: &Workspace, url: &str, data: &Path, secrets: &LocalSecrets, python: &Path) -> Command {
    let mut nextest = workspace.cargo();
    nextest
        .args(["nextest", "run", "--no-fail-fast", "--package", "gatehouse-tests"])
        .env("GATEHOUSE_URL", url)
        .env("GATEHOUSE_OPERATOR_PASSWORD", &secrets.operator_password)
        .env("GATEHOUSE_DATA", data)
        .env("GATEHOUSE_AXE", workspace.root.join("node_modules/axe-core/axe.min.js"))
        .env("GATEHOUSE_SCREENSHOTS", workspace.target.join("screenshots"))
        .env("GATEHOUSE_PYTHON", python)
        .env("GATEHOUSE_NODE", workspace.root.join("node_modules/.bin/node"))
        .env("GATEHOUSE_CLIENTS", workspace.root.join("tests/clients"))
        // By its place: the file that this process was started from may have been built anew since, by an earlier stage.
        .env("GATEHOUSE_XTASK", workspace.target.join("debug/xtask"))
        .env("GATEHOUSE_PROGRAM", workspace.target.join("debug/gatehouse"));
    nextest
}
