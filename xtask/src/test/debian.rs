//! Programs that the tests call, from Debian's packages where they are missing.

use anyhow::{Result, bail};
use gatehouse::process::{run, say};
use std::{env, path::Path, process::Command};

/// Sees to it that programs are on PATH; `what_for` finishes the sentence “… need”.
pub fn require_programs(what_for: &str, programs: &[&str], packages: &[&str]) -> Result<()> {
    if programs.iter().all(|program| on_path(program)) {
        return Ok(());
    }
    if !may_install() {
        bail!(
            "{what_for} need {} on PATH (Debian and Ubuntu: apt-get install {})",
            programs.join(" and "),
            packages.join(" ")
        );
    }
    say(format!("installing {}", packages.join(", ")));
    install(packages)
}

pub fn may_install() -> bool {
    Path::new("/etc/debian_version").exists() && nix::unistd::geteuid().is_root()
}

pub fn install(packages: &[&str]) -> Result<()> {
    run(apt_get().arg("update"))?;
    run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    // What is installed is for the tests to start: in this run level a package starts no service of its own.
    command.arg("--quiet=2").env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
    command
}

fn on_path(program: &str) -> bool {
    env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|directory| directory.join(program).is_file())
}
