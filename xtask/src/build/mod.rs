//! `cargo xtask build`: portal and Worker into dist/.

mod bundle;
mod portal;
mod split;
mod worker;

pub use worker::build_worker;

use crate::{process::say, setup, workspace::Workspace};
use anyhow::{Result, ensure};
use clap::Args;
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

/// How much time goes into making the output small and fast.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Release,
    Dev,
}

#[derive(Args)]
pub struct Options {
    /// Skip the optimisers: a quick build for trying things out
    #[arg(long)]
    dev: bool,
}

/// Which Worker to build. Tests build a second one, beside the product.
pub struct WorkerVariant {
    /// Its directory in dist/.
    pub name: &'static str,
    pub features: &'static [&'static str],
}

pub const PRODUCT: WorkerVariant = WorkerVariant { name: "worker", features: &[] };

/// The product with routes that panic, to test what happens then.
pub const PANICKING: WorkerVariant = WorkerVariant { name: "worker-test", features: &["deliberate-panic"] };

/// What a build has made, ready to be served or uploaded.
pub struct Built {
    /// The directory with entry.js.
    pub worker: PathBuf,
    /// The directory with index.html.
    pub portal: PathBuf,
}

impl Built {
    /// What lies in a directory such as dist/.
    pub fn in_directory(dist: &Path) -> Result<Self> {
        let dist = std::path::absolute(dist)?;
        let built = Self { worker: dist.join(PRODUCT.name), portal: dist.join("portal") };
        for file in [built.entry(), built.portal.join("index.html")] {
            ensure!(file.exists(), "{} is missing: `cargo xtask build` makes it", file.display());
        }
        Ok(built)
    }

    pub fn entry(&self) -> PathBuf {
        self.worker.join("entry.js")
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    setup::run_setup(workspace)?;
    let mode = if options.dev { Mode::Dev } else { Mode::Release };
    build(workspace, mode, &PRODUCT)?;
    say("built dist/portal and dist/worker");
    Ok(())
}

pub fn build(workspace: &Workspace, mode: Mode, variant: &WorkerVariant) -> Result<()> {
    let start = Instant::now();
    // Builds of several branches share the target directory, and each takes its result from there after cargo is done.
    let _lock = workspace.lock("build")?;
    portal::build_portal(workspace, mode)?;
    build_worker(workspace, mode, variant)?;
    say(format!("build done in {:.0} s", start.elapsed().as_secs_f64()));
    Ok(())
}
