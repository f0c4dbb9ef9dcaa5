//! `cargo xtask test`: every check there is, in stages that can be run one by one.

mod clients;
mod crate_graph;
mod debian;
mod module_graph;
mod package;
mod source_size;
mod system;

pub use system::with_deployment;

use crate::{deploy, setup, size, workspace::Workspace};
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use clients::require_python;
use gatehouse::{
    files::files_below,
    process::{run as run_command, say},
};
use std::{
    process::Command,
    time::{Duration, Instant},
};

#[derive(Args)]
pub struct Options {
    /// Run only these stages; may be given more than once
    #[arg(long, value_enum)]
    only: Vec<Stage>,
    /// In the stages native and system, run only tests with this in their name, which begins with their file's
    #[arg(long)]
    filter: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// rustfmt
    Format,
    /// Which crate may depend on which
    CrateGraph,
    /// Circles among modules, and pages of the portal that use other pages
    ModuleGraph,
    /// The sizes of source files and functions
    SourceSize,
    /// Licences, versions and sources of what Gatehouse depends on: cargo-deny
    Dependencies,
    /// Words of code and documents: typos
    Spelling,
    /// clippy for this machine
    Lint,
    /// clippy for wasm32
    LintWasm,
    /// The workflows of GitHub Actions against their schema
    Workflows,
    /// Unit, property and API tests, natively
    Native,
    /// What stands in for the platform's services on one machine, beside the platform's own simulator
    Platform,
    /// The production build: its size (shown, not judged), and whether it can be deployed
    Product,
    /// The real Worker in workerd, a real browser, real clients
    System,
    /// The package, unpacked where there is nothing else, against the tests of the gate
    Package,
}

impl Stage {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    fn run(self, workspace: &Workspace, filter: Option<&str>) -> Result<()> {
        match self {
            Self::Format => run_command(workspace.cargo().args(["fmt", "--all", "--check"])),
            Self::CrateGraph => crate_graph::check(workspace),
            Self::ModuleGraph => module_graph::check(workspace),
            Self::SourceSize => source_size::check(workspace),
            Self::Dependencies => dependencies(workspace),
            Self::Spelling => run_command(python_tool(workspace, "typos")?.current_dir(&workspace.root)),
            Self::Lint => lint(workspace, &["--workspace", "--all-targets", "--exclude", "gatehouse-functions"]),
            Self::LintWasm => lint_wasm(workspace),
            Self::Workflows => workflows(workspace),
            Self::Native => native(workspace, filter),
            Self::Platform => platform(workspace),
            Self::Product => product(workspace),
            Self::System => system::run(workspace, filter),
            Self::Package => package::run(workspace),
        }
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    setup::run_setup(workspace, setup::Tools::All)?;
    let stages: Vec<Stage> = Stage::value_variants()
        .iter()
        .copied()
        .filter(|stage| options.only.is_empty() || options.only.contains(stage))
        .collect();
    let mut times: Vec<(String, Duration)> = Vec::new();
    for stage in stages {
        let name = stage.name();
        eprintln!("\n\x1b[1m━━ {name} ━━\x1b[0m");
        let start = Instant::now();
        let outcome = stage.run(workspace, options.filter.as_deref());
        times.push((name.clone(), start.elapsed()));
        if let Err(error) = outcome {
            print_times(&times);
            return Err(error).with_context(|| format!("stage {name}"));
        }
    }
    print_times(&times);
    Ok(())
}

/// On standard error, like all headings: standard output ends with the lines of the last test runner.
fn print_times(times: &[(String, Duration)]) {
    eprintln!("\nstage          seconds");
    for (name, time) in times {
        eprintln!("{name:<14} {:>7.1}", time.as_secs_f64());
    }
}

fn lint(workspace: &Workspace, what: &[&str]) -> Result<()> {
    run_command(workspace.cargo().arg("clippy").args(what).args(["--", "-D", "warnings"]))
}

fn lint_wasm(workspace: &Workspace) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo
        .args(["clippy", "--target", "wasm32-unknown-unknown"])
        .args(["--package", "gatehouse-frontend", "--package", "gatehouse-functions"])
        .args(["--features", "gatehouse-functions/deliberate-panic"])
        .env("WASM_BINDGEN_USE_JS_SYS", "1")
        .args(["--", "-D", "warnings"]);
    run_command(&mut cargo)
}

fn workflows(workspace: &Workspace) -> Result<()> {
    let folder = workspace.root.join(".github/workflows");
    let mut check = python_tool(workspace, "check-jsonschema")?;
    // The schema that comes with it: nothing is fetched.
    check.args(["--builtin-schema", "vendor.github-workflows"]);
    check.args(files_below(&folder)?.iter().map(|file| folder.join(file)));
    run_command(&mut check)
}

/// Vulnerabilities are left out: their list stands on GitHub, which not every machine reaches. The workflow `advisories.yml`
/// checks them.
fn dependencies(workspace: &Workspace) -> Result<()> {
    let mut deny = python_tool(workspace, "cargo-deny")?;
    run_command(deny.args(["--all-features", "check", "bans", "licenses", "sources"]).current_dir(&workspace.root))
}

/// A program that a Python package brings.
fn python_tool(workspace: &Workspace, name: &str) -> Result<Command> {
    Ok(Command::new(require_python(workspace)?.with_file_name(name)))
}

fn native(workspace: &Workspace, filter: Option<&str>) -> Result<()> {
    require_nextest(workspace)?;
    let nextest = |packages: &[&str]| {
        let mut cargo = workspace.cargo();
        run_command(filtered(cargo.args(["nextest", "run", "--no-fail-fast"]).args(packages), filter))
    };
    // By itself, xtask keeps the features its dependencies were compiled with, and they need not be compiled again.
    nextest(&["--package", "xtask"])?;
    // The Worker compiles for wasm alone, and the tests of the product need a deployment.
    let others = ["xtask", "gatehouse-functions", "gatehouse-tests"].map(|name| ["--exclude", name]);
    nextest(&[&["--workspace"], others.as_flattened()].concat())
}

/// The same tests against both, and those of the stand-ins alone.
fn platform(workspace: &Workspace) -> Result<()> {
    run_command(workspace.npm_tool("node")?.args(["--test", "platform/tests/"]))
}

/// Has nextest run only what a filter leaves, which may be nothing of a package.
fn filtered<'a>(nextest: &'a mut Command, filter: Option<&str>) -> &'a mut Command {
    match filter {
        Some(filter) => nextest.args(["--no-tests", "pass", filter]),
        None => nextest,
    }
}

fn product(workspace: &Workspace) -> Result<()> {
    size::run(workspace)?;
    deploy::run_deploy(workspace, &deploy::Options::dry_run(workspace.dist()))
}

/// Installs the test runner where it is missing.
fn require_nextest(workspace: &Workspace) -> Result<()> {
    let present = workspace.cargo().args(["nextest", "--version"]).output().is_ok_and(|output| output.status.success());
    if present {
        return Ok(());
    }
    say("installing cargo-nextest (some minutes, once a machine)");
    // Unoptimised and without its self-update: a quarter of the time, and it only waits for the tests it runs.
    let installed = run_command(workspace.cargo().args(["install", "--locked", "--debug", "cargo-nextest"]).args([
        "--no-default-features",
        "--features",
        "default-no-update",
    ]));
    if installed.is_err() {
        bail!("cargo-nextest could not be installed: see https://nexte.st for other ways");
    }
    Ok(())
}
