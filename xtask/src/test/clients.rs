//! Client libraries of others, with which the tests call the product.

use super::debian;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use gatehouse::{
    files::read,
    process::{run_quietly, timed},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Makes a Python environment with the packages of `tests/clients/requirements.txt`; gives its interpreter.
pub fn require_python(workspace: &Workspace) -> Result<PathBuf> {
    let wanted = workspace.root.join("tests/clients/requirements.txt");
    let venv = workspace.target.join("python-clients");
    let (python, stamp) = (venv.join("bin/python"), venv.join("installed.txt"));
    if fs::read(&stamp).is_ok_and(|installed| read(&wanted).is_ok_and(|wanted| installed == wanted)) {
        return Ok(python);
    }
    timed("installing the Python packages that the tests need", || {
        let _ = fs::remove_dir_all(&venv);
        make_venv(&venv)?;
        run_quietly(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
                .arg(&wanted),
        )
    })?;
    fs::write(&stamp, read(&wanted)?)?;
    Ok(python)
}

fn make_venv(venv: &Path) -> Result<()> {
    let make = || run_quietly(Command::new("python3").args(["-m", "venv"]).arg(venv));
    if make().is_ok() {
        return Ok(());
    }
    if !debian::may_install() {
        bail!("the tests need Python 3 with venv (Debian and Ubuntu: apt-get install python3-venv)");
    }
    debian::install(&["python3-venv"])?;
    let _ = fs::remove_dir_all(venv);
    make().map(drop).context("python3 -m venv")
}
