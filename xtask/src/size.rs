//! `cargo xtask size`: what a visitor downloads and what the platform takes, against the goals.

use crate::{
    build::{self, Mode, PRODUCT},
    setup,
    workspace::Workspace,
};
use anyhow::Result;
use gatehouse::{
    assemble::{brotli, gzip},
    files::{files_below, read},
};
use std::{collections::BTreeSet, path::Path};

/// A third of what Cloudflare takes on its free plan.
const WORKER_GOAL: usize = 1024 * 1024;
/// For wasm and script before the first page shows; what comes on demand is listed beside it.
const PORTAL_GOAL: usize = 195_000;
/// What the files of the first load are named after.
const START: &str = "portal";

pub fn run(workspace: &Workspace) -> Result<()> {
    setup::run_setup(workspace, setup::Tools::Serving)?;
    build::build(workspace, Mode::Release, &PRODUCT)?;

    let worker = measure(&workspace.dist().join("worker"), &["js", "wasm"], gzip)?;
    let assets = workspace.dist().join("portal/assets");
    let styles = measure(&assets, &["css"], brotli)?;

    println!("{}", against_goal("worker, gzip", sum(&worker), WORKER_GOAL));
    print_portal(&measure(&assets, &["js", "wasm"], brotli)?);
    println!("{:<30} {:>9} bytes", "portal styles, brotli 11", sum(&styles));
    Ok(())
}

fn print_portal(files: &[File]) {
    let (first, later): (Vec<&File>, Vec<&File>) =
        files.iter().partition(|file| file.needed_by().any(|by| by == START));
    println!("portal wasm + js, brotli 11");
    println!("{}", against_goal("  first load", sum(first.iter().copied()), PORTAL_GOAL));
    print_files(&first);
    println!("{:<30} {:>9} bytes, when a page needs it", "  on demand", sum(later.iter().copied()));
    print_files(&later);
    for part in later.iter().flat_map(|file| file.needed_by()).collect::<BTreeSet<_>>() {
        let needed = later.iter().copied().filter(|file| file.needed_by().any(|by| by == part));
        let bytes = sum(first.iter().copied()) + sum(needed);
        println!("{:<30} {bytes:>9} bytes", format!("  first load + {part}"));
    }
    println!("{:<30} {:>9} bytes", "  total", sum(files));
}

fn print_files(files: &[&File]) {
    for file in files {
        println!("    {:<40} {:>9}", file.name, file.bytes);
    }
}

struct File {
    name: String,
    /// Its compressed size.
    bytes: usize,
}

impl File {
    /// What a file of the portal is needed by, as its name has it before the hash.
    fn needed_by(&self) -> impl Iterator<Item = &str> {
        self.name.rsplit_once('-').map_or("", |(needed_by, _hash)| needed_by).split('-')
    }
}

fn sum<'a>(files: impl IntoIterator<Item = &'a File>) -> usize {
    files.into_iter().map(|file| file.bytes).sum()
}

type Compressor = fn(&[u8]) -> Result<Vec<u8>>;

/// The compressed size of each file with one of the extensions.
fn measure(directory: &Path, extensions: &[&str], compress: Compressor) -> Result<Vec<File>> {
    let mut measured = Vec::new();
    for file in files_below(directory)? {
        let extension = file.extension().and_then(|extension| extension.to_str());
        if extension.is_some_and(|extension| extensions.contains(&extension)) {
            let bytes = compress(&read(&directory.join(&file))?)?.len();
            measured.push(File { name: file.display().to_string(), bytes });
        }
    }
    Ok(measured)
}

fn against_goal(what: &str, bytes: usize, goal: usize) -> String {
    let share = bytes * 100 / goal;
    let verdict = if bytes > goal { ": OVER" } else { "" };
    format!("{what:<30} {bytes:>9} bytes, {share} % of the goal of {goal}{verdict}")
}
