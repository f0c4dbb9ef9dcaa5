//! The developer's commands. `cargo xtask` lists them.

mod bench;
mod build;
mod cloudflare;
mod config;
mod deploy;
#[cfg(test)]
mod docs;
mod fuzz;
mod git;
mod package;
mod preview;
mod prove;
mod serve;
mod setup;
mod size;
mod test;
mod workspace;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};
use gatehouse::{audit, demo, keys};
use std::process::ExitCode;
use workspace::Workspace;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "The developer's commands of Gatehouse. Each sets up what it needs and says so."
)]
struct Cli {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Build everything and serve portal, API and gate on this machine, with data kept on disk
    Serve(serve::Options),
    /// Build the portal and the Worker into dist/
    Build(build::Options),
    /// Run every check and test, or with --only one stage of them
    Test(test::Options),
    /// Make a demonstration account with Apps and credentials on a running deployment, ready for curl
    Demo(demo::Options),
    /// Make a master key; `keys rotate` and `keys retire` change it for another one
    Keys(keys::Options),
    /// Export the audit log of a deployment, and check exported files
    Audit(audit::Options),
    /// Deploy to Cloudflare: check, build, make what the account lacks, upload, print the address
    Deploy(deploy::Options),
    /// Give a branch a deployment of its own, at Cloudflare or with --local on this machine: `up`, `down`, `list`
    Preview(preview::Options),
    /// Make a folder, and a tar of it, that serves on another machine, which has neither Rust nor Node
    Package(package::Options),
    /// Measure what the gate costs on a bare workerd, beside what others cost, against the goals
    Bench(bench::Options),
    /// Prove what docs/reliability.md promises, with its full numbers, and write the figures into it
    Prove(prove::Options),
    /// Look for bytes that break a property, with libFuzzer; the targets are in fuzz/
    Fuzz(fuzz::Options),
    /// Build for production and compare the sizes with their goals
    Size,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let Some(verb) = Cli::parse().verb else {
        return Ok(Cli::command().print_help()?);
    };
    let workspace = Workspace::locate()?;
    let program = workspace.program();
    match verb {
        Verb::Serve(options) => serve::run(&workspace, &options),
        Verb::Build(options) => build::run(&workspace, &options),
        Verb::Test(options) => test::run(&workspace, &options),
        Verb::Demo(options) => demo::run(&program, &options),
        Verb::Keys(options) => keys::run(&program, &options),
        Verb::Audit(options) => audit::run(&program, &options),
        Verb::Deploy(options) => deploy::run_deploy(&workspace, &options),
        Verb::Preview(options) => preview::run(&workspace, &options),
        Verb::Package(options) => package::run(&workspace, &options),
        Verb::Bench(options) => bench::run(&workspace, &options),
        Verb::Prove(options) => prove::run(&workspace, &options),
        Verb::Fuzz(options) => fuzz::run(&workspace, &options),
        Verb::Size => size::run(&workspace),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_do_not_contradict_themselves() {
        Cli::command().debug_assert();
    }
}
