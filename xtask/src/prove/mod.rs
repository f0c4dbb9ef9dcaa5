//! `cargo xtask prove`: the proofs of docs/reliability.md with their full numbers. In `cargo xtask test` the same tests run
//! in a short form.

mod report;

use crate::{setup, test::with_deployment, workspace::Workspace};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use gatehouse::process::{run as run_command, say};
use std::{fs, io::ErrorKind, path::PathBuf};

#[derive(Args)]
pub struct Options {
    /// Run only these proofs; may be given more than once
    #[arg(long, value_enum)]
    only: Vec<Proof>,
    /// For how long the soak lasts
    #[arg(long, default_value_t = SOAK_MINUTES)]
    soak_minutes: u32,
}

const SOAK_MINUTES: u32 = 60;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Proof {
    /// workerd killed 200 times in the middle of writes
    Kill,
    /// A full, read-only, damaged or locked data folder, and a clock that jumps
    Folder,
    /// An API that resets, stalls, or sends garbage
    Upstream,
    /// The portal's API against its OpenAPI document, 5,000 cases
    PortalApi,
    /// 20,000 mutated requests at every entry
    Mutations,
    /// Load for an hour: memory, files, and what has ended
    Soak,
}

impl Proof {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// The file of its tests.
    fn module(self) -> String {
        self.name().replace('-', "_")
    }

    /// How long it takes on two cores, about, without the build.
    fn minutes(self, options: &Options) -> u32 {
        match self {
            Self::Kill => 8,
            Self::Folder | Self::Mutations => 1,
            Self::Upstream | Self::PortalApi => 2,
            Self::Soak => options.soak_minutes + 1,
        }
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let is_wanted = |proof: &Proof| options.only.is_empty() || options.only.contains(proof);
    let proofs: Vec<Proof> = Proof::value_variants().iter().copied().filter(is_wanted).collect();
    let minutes: u32 = proofs.iter().map(|proof| proof.minutes(options)).sum();
    let names: Vec<String> = proofs.iter().map(|proof| proof.name()).collect();
    say(format!("{}: some {minutes} minutes after the build", names.join(", ")));
    setup::run_setup(workspace, setup::Tools::All)?;
    for proof in &proofs {
        clear(workspace, *proof)?;
    }
    let modules: Vec<String> = proofs.iter().map(|proof| proof.module()).collect();
    let filter = format!("test(/^({})::/)", modules.join("|"));
    with_deployment(workspace, |nextest| {
        nextest
            // One after the other, and what they say is shown as they say it.
            .args(["--no-capture", "--filterset", &filter])
            .env("GATEHOUSE_PROOF", "full")
            .env("GATEHOUSE_PROOF_FIGURES", figures(workspace))
            .env("GATEHOUSE_PROOF_SOAK_MINUTES", options.soak_minutes.to_string());
        run_command(nextest)
    })?;
    let document = workspace.root.join("docs/reliability.md");
    let mut text = fs::read_to_string(&document).with_context(|| format!("cannot read {}", document.display()))?;
    let machine = report::machine();
    for proof in &proofs {
        let figures =
            fs::read_to_string(file(workspace, *proof)).with_context(|| format!("{} left no figures", proof.name()))?;
        text = report::with_figures(&text, &proof.name(), &command(*proof, options), &machine, &figures)?;
    }
    fs::write(&document, text)?;
    say(format!("proven; the figures are in {}", document.display()));
    Ok(())
}

/// What brings the figures of one proof again.
fn command(proof: Proof, options: &Options) -> String {
    let mut command = format!("cargo xtask prove --only {}", proof.name());
    if proof == Proof::Soak && options.soak_minutes != SOAK_MINUTES {
        command.push_str(&format!(" --soak-minutes {}", options.soak_minutes));
    }
    command
}

/// The folder in which each test leaves its figures.
fn figures(workspace: &Workspace) -> PathBuf {
    workspace.target.join("proof")
}

fn file(workspace: &Workspace, proof: Proof) -> PathBuf {
    figures(workspace).join(format!("{}.json", proof.name()))
}

/// Removes the figures of an earlier run.
fn clear(workspace: &Workspace, proof: Proof) -> Result<()> {
    match fs::remove_file(file(workspace, proof)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
