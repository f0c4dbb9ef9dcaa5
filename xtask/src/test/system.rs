//! The tests against the whole product: builds it, serves it with fresh data, and runs `tests/` against that.

use super::{clients::require_python, debian::require_programs, filtered, require_nextest};
use crate::{
    build::{self, Mode, PANICKING},
    process::{run as run_command, say},
    secret::LocalSecrets,
    serve::{Server, stop_signal},
    workspace::Workspace,
};
use anyhow::Result;
use std::{fs, net::TcpListener};

pub fn run(workspace: &Workspace, filter: Option<&str>) -> Result<()> {
    require_nextest(workspace)?;
    let chromium = ["chromium", "chromium-driver", "fonts-dejavu-core"];
    require_programs("the browser tests", &["chromium", "chromedriver"], &chromium)?;
    require_programs("the tests of forward auth", &["nginx", "caddy"], &["nginx", "caddy"])?;
    let python = require_python(workspace)?;
    build::build(workspace, Mode::Release, &PANICKING)?;
    // Compiled before the server runs: on a small machine the compiler would slow down what is tested.
    run_command(workspace.cargo().args(["nextest", "run", "--package", "gatehouse-tests", "--no-run"]))?;

    let data = tempfile::tempdir()?;
    let secrets = LocalSecrets::load_or_create(data.path())?;
    let screenshots = workspace.target.join("screenshots");
    fs::create_dir_all(&screenshots)?;
    let stop = stop_signal()?;
    let server = Server::start(workspace, &PANICKING, free_port()?, data.path(), &stop)?;
    say(format!("testing {}", server.url()));

    let mut nextest = workspace.cargo();
    nextest
        .args(["nextest", "run", "--no-fail-fast", "--package", "gatehouse-tests"])
        .env("GATEHOUSE_URL", server.url())
        .env("GATEHOUSE_OPERATOR_PASSWORD", &secrets.operator_password)
        .env("GATEHOUSE_DATA", data.path())
        .env("GATEHOUSE_AXE", workspace.root.join("node_modules/axe-core/axe.min.js"))
        .env("GATEHOUSE_SCREENSHOTS", &screenshots)
        .env("GATEHOUSE_PYTHON", &python)
        .env("GATEHOUSE_NODE", workspace.root.join("node_modules/.bin/node"))
        .env("GATEHOUSE_CLIENTS", workspace.root.join("tests/clients"))
        // By its place: the file that this process was started from may have been built anew since, by an earlier stage.
        .env("GATEHOUSE_XTASK", workspace.target.join("debug/xtask"));
    let tested = run_command(filtered(&mut nextest, filter));
    server.stop()?;
    tested
}

/// A port that nothing listens on. Another program could take it before the server does; that is an error then.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
