//! The developer's commands. `cargo xtask` lists them.

mod bench;
mod build;
mod cloudflare;
mod config;
mod demo;
mod deploy;
mod fuzz;
mod git;
mod keys;
mod portal;
mod preview;
mod process;
mod secrets;
mod serve;
mod setup;
mod size;
mod test;
mod workspace;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};
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
    /// Deploy to Cloudflare: check, build, make what the account lacks, upload, print the address
    Deploy(deploy::Options),
    /// Give a branch a deployment of its own, at Cloudflare or with --local on this machine: `up`, `down`, `list`
    Preview(preview::Options),
    /// Measure what the gate costs on a bare workerd, beside what others cost, against the goals
    Bench(bench::Options),
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
    match verb {
        Verb::Serve(options) => serve::run(&workspace, &options),
        Verb::Build(options) => build::run(&workspace, &options),
        Verb::Test(options) => test::run(&workspace, &options),
        Verb::Demo(options) => demo::run(&workspace, &options),
        Verb::Keys(options) => keys::run(&workspace, &options),
        Verb::Deploy(options) => deploy::run_deploy(&workspace, &options),
        Verb::Preview(options) => preview::run(&workspace, &options),
        Verb::Bench(options) => bench::run(&workspace, &options),
        Verb::Fuzz(options) => fuzz::run(&workspace, &options),
        Verb::Size => size::run(&workspace),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    #[test]
    fn commands_do_not_contradict_themselves() {
        Cli::command().debug_assert();
    }

    #[test]
    fn workflows_and_docs_call_what_exists() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut files = vec![root.join(".ci/run"), root.join("README.md"), root.join("CONTRIBUTING.md")];
        for folder in [".github/workflows", "docs"] {
            let entries = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
            files.extend(entries.filter(|path| path.is_file()));
        }
        let mut called = 0;
        for file in files {
            for line in String::from_utf8_lossy(&fs::read(&file).unwrap()).lines() {
                let Some((_, arguments)) = line.split_once("cargo xtask ") else { continue };
                // Up to what a shell or Markdown ends a command with; a placeholder is as good as a value.
                let end = arguments.find(['#', '`', ')', '|', '<', '…', ';', ',']).unwrap_or(arguments.len());
                let parsed = Cli::try_parse_from(["cargo xtask"].into_iter().chain(words(&arguments[..end])));
                if let Err(error) = parsed {
                    panic!("{}: {line}\n{error}", file.display());
                }
                called += 1;
            }
        }
        assert!(called > 10, "only {called} calls were found");
    }

    /// A command's words, as a shell takes them: what is quoted is one.
    fn words(command: &str) -> Vec<&str> {
        let parts = command.split('"').enumerate();
        parts.flat_map(|(at, part)| if at % 2 == 1 { vec![part] } else { part.split_whitespace().collect() }).collect()
    }
}
