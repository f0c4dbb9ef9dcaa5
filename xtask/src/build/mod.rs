//! `cargo xtask build`: portal and Worker into dist/.

mod bundle;
mod portal;
mod split;
mod steps;
mod worker;

use crate::{setup, workspace::Workspace};
use anyhow::Result;
use clap::Args;
use gatehouse::{assemble::Built, process::say};
use std::time::Instant;
use steps::Steps;

/// How much time goes into making the output small and fast.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As for production: small, fast, and minutes in the making.
    Release,
    /// For this machine: the compiler optimises each crate by itself, and nothing after it.
    Local,
    /// The quickest to build again after a change.
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

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    setup::run_setup(workspace, setup::Tools::Serving)?;
    let mode = if options.dev { Mode::Dev } else { Mode::Release };
    build(workspace, mode, &PRODUCT)?;
    say("built dist/portal and dist/worker");
    Ok(())
}

/// What a build of this variant has left in dist/.
pub fn built(workspace: &Workspace, variant: &WorkerVariant) -> Result<Built> {
    Built::in_folder(&workspace.dist(), variant.name)
}

pub fn build(workspace: &Workspace, mode: Mode, variant: &WorkerVariant) -> Result<()> {
    let start = Instant::now();
    // Builds of several branches share the target directory, and each takes its result from there after cargo is done.
    let _lock = workspace.lock("build")?;
    let steps = Steps::up_to(worker::STEPS + portal::steps(mode));
    worker::build_worker(workspace, mode, variant, &steps)?;
    portal::build_portal(workspace, mode, &steps)?;
    say(format!("build done in {:.0} s", start.elapsed().as_secs_f64()));
    Ok(())
}

/// Builds the Worker alone.
pub fn build_worker(workspace: &Workspace, mode: Mode, variant: &WorkerVariant) -> Result<()> {
    let _lock = workspace.lock("build")?;
    worker::build_worker(workspace, mode, variant, &Steps::up_to(worker::STEPS))
}
