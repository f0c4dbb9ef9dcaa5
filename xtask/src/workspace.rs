//! Where things are: the repository, cargo's target directory, the npm tools.

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand};
use gatehouse::{engine::workerd_of_npm, process::say, program::Program};
use std::{
    env,
    fs::{self, File},
    path::PathBuf,
    process::Command,
};

pub struct Workspace {
    pub root: PathBuf,
    /// Cargo's target directory, which may lie outside the repository.
    pub target: PathBuf,
}

impl Workspace {
    /// Finds the repository that this xtask was started from.
    pub fn locate() -> Result<Self> {
        // Asked at run time: with a shared target directory the binary may have been compiled in another clone.
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let root = manifest.parent().context("xtask has no parent directory")?.to_owned();
        let metadata = MetadataCommand::new().current_dir(&root).no_deps().exec()?;
        Ok(Self { root, target: metadata.target_directory.into_std_path_buf() })
    }

    /// What Cargo knows of the workspace's packages.
    pub fn metadata(&self) -> Result<Metadata> {
        Ok(MetadataCommand::new().current_dir(&self.root).no_deps().exec()?)
    }

    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Waits until no other xtask does what goes by this name; until the end of what is given, none will.
    pub fn lock(&self, name: &str) -> Result<File> {
        fs::create_dir_all(&self.target)?;
        let lock = File::create(self.target.join(format!("{name}.lock")))?;
        if lock.try_lock().is_err() {
            say(format!("waiting for another {name}"));
            lock.lock()?;
        }
        Ok(lock)
    }

    /// Who runs the commands that an operator has as well.
    pub fn program(&self) -> Program {
        Program { name: "cargo xtask", data: self.root.join(".gatehouse") }
    }

    /// The program that serves.
    pub fn workerd(&self) -> PathBuf {
        workerd_of_npm(&self.root.join("node_modules"))
    }

    /// A cargo command in the repository.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        // `cargo run` describes xtask to its child; handed on, that would make build scripts run again.
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(name);
            }
        }
        command
    }

    /// A tool that npm installed, with the pinned Node ahead of the machine's own on PATH.
    pub fn npm_tool(&self, name: &str) -> Result<Command> {
        let bin = self.root.join("node_modules/.bin");
        let mut path = vec![bin.clone()];
        path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let mut command = Command::new(bin.join(name));
        command.current_dir(&self.root).env("PATH", env::join_paths(path)?);
        Ok(command)
    }
}
