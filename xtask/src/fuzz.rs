//! `cargo xtask fuzz`: the targets of `fuzz/` under libFuzzer, on the stable toolchain.

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use clap::Args;
use gatehouse::process::{run as run_command, say};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

#[derive(Args)]
pub struct Options {
    /// Only this target, such as credential; may be given more than once
    #[arg(long)]
    target: Vec<String>,
    /// How long each target runs
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Add to fuzz/corpus, at the end, the inputs found that reach code which no input there does
    #[arg(long)]
    keep: bool,
}

/// What libFuzzer needs of the compiler to see which code an input reaches, as `cargo fuzz` sets it.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
                        -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";
/// The longest input that is tried, in bytes.
const LONGEST: u32 = 4096;
/// An input that takes longer, in seconds, is a finding.
const SLOWEST: u32 = 5;

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let known = targets(workspace)?;
    if let Some(name) = options.target.iter().find(|name| !known.contains(name)) {
        bail!("there is no target {name}: choose of {}", known.join(", "));
    }
    let program = build(workspace)?;
    for target in known.iter().filter(|name| options.target.is_empty() || options.target.contains(name)) {
        say(format!("{target}: {} seconds", options.seconds));
        fuzz(workspace, &program, target, options)?;
    }
    say("no finding");
    Ok(())
}

/// The folders of the corpus: one for each target, as its replay proves.
fn targets(workspace: &Workspace) -> Result<Vec<String>> {
    let corpus = workspace.root.join("fuzz/corpus");
    let mut names = Vec::new();
    for entry in fs::read_dir(&corpus).with_context(|| format!("{} can't be read", corpus.display()))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn build(workspace: &Workspace) -> Result<PathBuf> {
    let machine = machine(workspace)?;
    let folder = workspace.target.join("fuzz");
    let mut cargo = workspace.cargo();
    // With a target named, build scripts and macros are not made to count what they reach.
    cargo
        .args(["build", "--package", "gatehouse-fuzz", "--features", "libfuzzer", "--profile", "fuzz"])
        .args(["--target", &machine, "--target-dir"])
        .arg(&folder)
        .env("RUSTFLAGS", COVERAGE);
    run_command(&mut cargo)?;
    Ok(folder.join(machine).join("fuzz/gatehouse-fuzz"))
}

/// The target triple of this machine.
fn machine(workspace: &Workspace) -> Result<String> {
    let output =
        Command::new("rustc").arg("-vV").current_dir(&workspace.root).output().context("rustc does not run")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say which machine this is")?.to_owned())
}

fn fuzz(workspace: &Workspace, program: &Path, target: &str, options: &Options) -> Result<()> {
    let kept = workspace.root.join("fuzz/corpus").join(target);
    let found = workspace.target.join("fuzz/found").join(target);
    let broken = workspace.target.join("fuzz/broken").join(target);
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&broken)?;
    let of_target = || {
        let mut command = Command::new(program);
        command.env("FUZZ_TARGET", target);
        command
    };
    let mut fuzzing = of_target();
    fuzzing
        .args([
            format!("-max_total_time={}", options.seconds),
            format!("-max_len={LONGEST}"),
            format!("-timeout={SLOWEST}"),
        ])
        .args(["-print_final_stats=1", "-verbosity=0"])
        .arg(format!("-artifact_prefix={}/", broken.display()))
        .args([&found, &kept]);
    if run_command(&mut fuzzing).is_err() {
        bail!(
            "{target} has a finding: the input is in {}. Put it into {} when it is mended",
            broken.display(),
            kept.display()
        );
    }
    if options.keep {
        run_command(of_target().args(["-merge=1", "-verbosity=0"]).args([&kept, &found]))?;
    }
    Ok(())
}
