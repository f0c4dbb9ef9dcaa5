//! From cargo's wasm to something a browser or the Workers runtime can load: wasm-bindgen, then wasm-opt.

use super::{Mode, split, steps::Steps};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use gatehouse::{
    files::read,
    process::{run, run_quietly},
};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};
use wasm_bindgen_cli_support::Bindgen;

/// One wasm program to compile and bundle.
pub struct Program<'a> {
    /// The cargo package; its wasm file is `file`.
    pub package: &'a str,
    pub file: &'a str,
    /// The cargo profile of a release build.
    pub profile: &'a str,
    pub features: &'a [&'a str],
    /// Where in the target directory the bundle is kept between builds.
    pub name: &'a str,
    /// Whether it has parts that load on demand.
    pub is_split: bool,
    /// Environment of the compiler.
    pub env: &'a [(&'a str, &'a str)],
    /// What wasm-opt is told to optimise for, where it is run.
    pub optimise: Option<&'a str>,
    pub bindgen: fn(&mut Bindgen) -> Result<()>,
}

/// What Rust 1.95 assumes of a wasm engine by default, and so what wasm-opt may use.
/// Exception handling is not Rust's but wasm-bindgen's: its abort handler catches what JavaScript throws.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-exception-handling",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Part of every stamp: to be raised when this file or `split.rs` changes what it makes of the same input.
const RECIPE: &str = "2";

/// Makes of a compiled program a directory with `index.js`, `index_bg.wasm`, any snippets, and `parts/` of a program that
/// is split.
pub fn bundle(workspace: &Workspace, mode: Mode, program: &Program, wasm: &Path, steps: &Steps) -> Result<PathBuf> {
    let (suffix, optimise) = match mode {
        Mode::Release => ("", program.optimise),
        Mode::Local => ("-local", None),
        Mode::Dev => ("-dev", None),
    };
    let out = workspace.target.join("bundle").join(format!("{}{suffix}", program.name));

    let stamp_file = out.join("stamp");
    let stamp = stamp_of(wasm, optimise.unwrap_or_default())?;
    if fs::read_to_string(&stamp_file).is_ok_and(|made| made == stamp) {
        return Ok(out);
    }
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    let (wasm, parts) = if program.is_split {
        fs::create_dir_all(&out)?;
        let cut =
            steps.run(&format!("{}: cutting out what loads on demand", program.name), || split::cut(wasm, &out))?;
        (cut.rest, cut.parts)
    } else {
        (wasm.to_owned(), Vec::new())
    };
    steps.run(&format!("{}: wasm-bindgen", program.name), || bind(mode, program, &wasm, &out))?;
    if let Some(optimise) = optimise {
        steps.run(&format!("{}: wasm-opt {optimise}", program.name), || {
            shrink(workspace, &out.join("index_bg.wasm"), optimise)?;
            parts.iter().try_for_each(|part| shrink(workspace, &part.wasm, optimise))
        })?;
    }
    if program.is_split {
        split::name_by_content(&parts, &out)?;
    }
    fs::write(stamp_file, stamp)?;
    Ok(out)
}

/// Compiles a program, and returns its wasm file.
pub fn compile(workspace: &Workspace, mode: Mode, program: &Program, steps: &Steps) -> Result<PathBuf> {
    let profile = match mode {
        Mode::Release => program.profile,
        Mode::Local => "wasm-local",
        Mode::Dev => "wasm-dev",
    };
    steps.run(&format!("{}: cargo build --profile {profile}", program.name), || {
        let mut cargo = workspace.cargo();
        cargo
            .args(["build", "--target", "wasm32-unknown-unknown"])
            .args(["--package", program.package, "--profile", profile])
            .envs(program.env.iter().copied());
        if !program.features.is_empty() {
            cargo.args(["--features", &program.features.join(",")]);
        }
        run(&mut cargo)
    })?;
    Ok(workspace.target.join("wasm32-unknown-unknown").join(profile).join(program.file))
}

fn bind(mode: Mode, program: &Program, wasm: &Path, out: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name("index")
        .typescript(false)
        // The parts import what the linker exports, such as the function table.
        .keep_lld_exports(program.is_split)
        .remove_name_section(mode != Mode::Dev)
        .remove_producers_section(true);
    (program.bindgen)(&mut bindgen)?;
    bindgen.generate(out)
}

fn stamp_of(wasm: &Path, optimise: &str) -> Result<String> {
    let mut hasher = Sha256::new();
    hasher.update(RECIPE);
    hasher.update(optimise);
    hasher.update(read(wasm)?);
    Ok(base16ct::lower::encode_string(&hasher.finalize()))
}

fn shrink(workspace: &Workspace, wasm: &Path, optimise: &str) -> Result<()> {
    let smaller = wasm.with_extension("smaller");
    run_quietly(
        workspace
            .npm_tool("wasm-opt")?
            .arg(optimise)
            .arg("--strip-debug")
            .args(WASM_FEATURES)
            .arg(wasm)
            .arg("-o")
            .arg(&smaller),
    )?;
    fs::rename(&smaller, wasm).with_context(|| format!("cannot replace {}", wasm.display()))
}
