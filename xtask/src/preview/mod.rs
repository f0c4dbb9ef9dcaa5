//! `cargo xtask preview`: a deployment of its own for every branch.

mod instance;
mod local;
mod name;
mod plan;
mod remote;
mod source;
mod table;

use crate::{config::read_config, git, setup, workspace::Workspace};
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use plan::Plan;
use std::path::PathBuf;

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Deploy a branch, or deploy it anew with what it has become; its data stays
    Up(UpOptions),
    /// Remove a branch's deployment with all its data
    Down(DownOptions),
    /// Show what is up, and since when
    List(ListOptions),
}

#[derive(Args)]
struct UpOptions {
    /// The branch [default: the one that is checked out]
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// Run it on this machine, on a port and data of its own
    #[arg(long)]
    local: bool,
    /// With --local, the port on 127.0.0.1 [default: the first free one from 8788]
    #[arg(long, requires = "local")]
    port: Option<u16>,
    /// Do everything but the upload or the start; needs neither account nor network
    #[arg(long)]
    dry_run: bool,
    /// Write secrets that are made into this new file instead of showing them
    #[arg(long, value_name = "FILE", conflicts_with = "local")]
    save_secrets: Option<PathBuf>,
    /// Take what `cargo xtask build` has left in this directory instead of building the branch
    #[arg(long, value_name = "DIST")]
    built: Option<PathBuf>,
}

#[derive(Args)]
struct DownOptions {
    /// The branch [default: the one that is checked out]
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// The deployment by its name in `list`, for a branch that nobody remembers
    #[arg(long, conflicts_with = "branch")]
    name: Option<String>,
    /// The one on this machine
    #[arg(long)]
    local: bool,
}

#[derive(Args)]
struct ListOptions {
    /// Only those on this machine; needs no account
    #[arg(long)]
    local: bool,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    setup::run_setup(workspace, setup::Tools::All)?;
    match &options.verb {
        Verb::Up(options) => up(workspace, options),
        Verb::Down(options) => {
            let source = read_config(&workspace.root)?;
            let plan = match &options.name {
                Some(name) => Plan::named(name, &source)?,
                None => Plan::of(&branch(workspace, options.branch.as_deref())?, &source)?,
            };
            if options.local { local::down(workspace, &plan) } else { remote::down(workspace, &plan) }
        }
        Verb::List(options) => list(workspace, options),
    }
}

fn up(workspace: &Workspace, options: &UpOptions) -> Result<()> {
    let branch = branch(workspace, options.branch.as_deref())?;
    let source = source::open(workspace, &branch, options.local)?;
    if options.dry_run {
        return source.prepare(workspace, options.built.as_deref())?.try_out(workspace);
    }
    if options.local { local::up(workspace, source, options) } else { remote::up(workspace, source, options) }
}

fn list(workspace: &Workspace, options: &ListOptions) -> Result<()> {
    let mut rows = local::list(workspace)?;
    if !options.local {
        rows.extend(remote::list(workspace)?);
    }
    table::print(&rows);
    Ok(())
}

/// The branch that is meant.
fn branch(workspace: &Workspace, given: Option<&str>) -> Result<String> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    git::current_branch(workspace)?.context("no branch is checked out: name one with --branch")
}
