//! Puts on the machine what a build needs: the wasm target and the npm tools. Quick when nothing is missing.

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use gatehouse::{
    files::read,
    process::{run, run_quietly, timed},
};
use sha2::{Digest, Sha256};
use std::{fs, path::PathBuf, process::Command};

/// The npm tools that a command needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tools {
    /// Those that build and serve: `dependencies` of package.json.
    Serving,
    /// Those that test, measure and deploy, too.
    All,
}

pub fn run_setup(workspace: &Workspace, tools: Tools) -> Result<()> {
    let _lock = workspace.lock("setup")?;
    add_wasm_target(workspace)?;
    install_npm_tools(workspace, tools)
}

fn add_wasm_target(workspace: &Workspace) -> Result<()> {
    let rustc = || {
        let mut command = Command::new("rustc");
        command.current_dir(&workspace.root);
        command
    };
    let sysroot = run_quietly(rustc().args(["--print", "sysroot"]))?;
    let installed = PathBuf::from(sysroot.trim()).join("lib/rustlib/wasm32-unknown-unknown/lib");
    if installed.exists() {
        return Ok(());
    }
    timed("adding Rust's wasm32-unknown-unknown target", || {
        run(Command::new("rustup").current_dir(&workspace.root).args(["target", "add", "wasm32-unknown-unknown"]))
            .context(
                "Rust's wasm32-unknown-unknown target is missing, and it takes rustup (https://rustup.rs) to add it",
            )
    })
}

fn install_npm_tools(workspace: &Workspace, tools: Tools) -> Result<()> {
    let mut hasher = Sha256::new();
    for file in ["package.json", "package-lock.json"] {
        hasher.update(read(&workspace.root.join(file))?);
    }
    let digest = base16ct::lower::encode_string(&hasher.finalize());
    let mark = |tools| format!("{digest} {}", if tools == Tools::All { "all" } else { "serving" });
    let stamp = workspace.root.join("node_modules/.gatehouse-stamp");
    let installed = fs::read_to_string(&stamp).unwrap_or_default();
    if installed == mark(Tools::All) || installed == mark(tools) {
        return Ok(());
    }
    for tool in ["node", "npm"] {
        if run_quietly(Command::new(tool).arg("--version")).is_err() {
            bail!("{tool} is missing: install Node.js 20 or newer with npm (Debian: apt-get install nodejs npm)");
        }
    }
    let (names, which) = match tools {
        Tools::Serving => ("workerd, wasm-opt, esbuild", "--omit=dev"),
        Tools::All => ("workerd, wasm-opt, esbuild, wrangler, clients for tests", "--include=dev"),
    };
    timed(&format!("installing the npm tools ({names})"), || {
        // The host's Node only has to be able to run npm; the tools run on the Node that is installed here.
        run_quietly(Command::new("npm").current_dir(&workspace.root).args(["ci", "--no-audit", "--no-fund", which]))
    })?;
    run_quietly(workspace.npm_tool("node")?.arg("--version"))
        .context("npm ran, but the Node it was to install does not: are npm's install scripts switched off (npm config get ignore-scripts)?")?;
    Ok(fs::write(stamp, mark(tools))?)
}
