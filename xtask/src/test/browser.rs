//! Chromium and its WebDriver, for the browser tests.

use crate::process::{run, say};
use anyhow::{Result, bail};
use std::{env, path::Path, process::Command};

pub fn require_browser() -> Result<()> {
    if on_path("chromium") && on_path("chromedriver") {
        return Ok(());
    }
    if !(Path::new("/etc/debian_version").exists() && nix::unistd::geteuid().is_root()) {
        bail!(
            "the browser tests need chromium and chromedriver on PATH \
             (Debian and Ubuntu: apt-get install chromium chromium-driver)"
        );
    }
    say("installing chromium and chromium-driver");
    run(apt_get().arg("update"))?;
    run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args([
        "chromium",
        "chromium-driver",
        "fonts-dejavu-core",
    ]))
}

pub(super) fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("--quiet=2").env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn on_path(program: &str) -> bool {
    env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|directory| directory.join(program).is_file())
}
