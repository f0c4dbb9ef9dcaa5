//! `cargo xtask size`: what a visitor downloads and what the platform takes, against the goals.

use crate::{
    build::{self, Mode, PRODUCT},
    setup,
    workspace::{Workspace, files_below, read},
};
use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use std::{io::Write, path::Path};

const WORKER_GOAL: usize = 900_000;
const PORTAL_GOAL: usize = 250_000;

pub fn run(workspace: &Workspace) -> Result<()> {
    setup::run_setup(workspace)?;
    build::build(workspace, Mode::Release, &PRODUCT)?;

    let (worker, _) = measure(&workspace.dist().join("worker"), &["js", "wasm"], gzip)?;
    let (portal, parts) = measure(&workspace.dist().join("portal/assets"), &["js", "wasm"], brotli_11)?;
    let (styles, _) = measure(&workspace.dist().join("portal/assets"), &["css"], brotli_11)?;

    println!("{}", against_goal("worker, gzip", worker, WORKER_GOAL));
    println!("{}", against_goal("portal wasm + js, brotli 11", portal, PORTAL_GOAL));
    for (name, bytes) in parts {
        println!("    {name:<40} {bytes:>9}");
    }
    println!("{:<30} {styles:>9} bytes", "portal styles, brotli 11");
    Ok(())
}

type Compressor = fn(&[u8]) -> Result<usize>;

/// The compressed size of all files with one of the extensions, in sum and each.
fn measure(directory: &Path, extensions: &[&str], compress: Compressor) -> Result<(usize, Vec<(String, usize)>)> {
    let mut parts = Vec::new();
    for file in files_below(directory)? {
        let extension = file.extension().and_then(|extension| extension.to_str());
        if extension.is_some_and(|extension| extensions.contains(&extension)) {
            let bytes = compress(&read(&directory.join(&file))?)?;
            parts.push((file.display().to_string(), bytes));
        }
    }
    Ok((parts.iter().map(|(_, bytes)| bytes).sum(), parts))
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn brotli_11(bytes: &[u8]) -> Result<usize> {
    let mut compressed = Vec::new();
    let params = BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &params)?;
    Ok(compressed.len())
}

fn against_goal(what: &str, bytes: usize, goal: usize) -> String {
    let share = bytes * 100 / goal;
    let verdict = if bytes > goal { ": OVER" } else { "" };
    format!("{what:<30} {bytes:>9} bytes, {share} % of the goal of {goal}{verdict}")
}
