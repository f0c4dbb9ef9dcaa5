//! The Worker: the wasm of `functions/` and its JavaScript entry, ready to be served or uploaded.

use super::{
    Mode, WorkerVariant,
    bundle::{self, Program},
    steps::Steps,
};
use crate::workspace::Workspace;
use anyhow::{Result, ensure};
use gatehouse::files::{files_below, read, write_if_changed};
use std::{fs, path::Path};

fn program(variant: &WorkerVariant) -> Program<'_> {
    Program {
        package: "gatehouse-functions",
        file: "gatehouse_functions.wasm",
        profile: "worker",
        features: variant.features,
        name: variant.name,
        is_split: false,
        env: &[("WASM_BINDGEN_USE_JS_SYS", "1")],
        // What it makes of the Worker is no faster, and 17 kB larger by gzip.
        optimise: None,
        bindgen: |bindgen| {
            bindgen
                .module(true)?
                // Both serve functions/instance.js: it learns of a panic and starts a fresh instance.
                .reset_state_function(true)
                .force_enable_abort_handler(true);
            Ok(())
        },
    }
}

/// How many steps a first build takes: compiler, bindings.
pub const STEPS: usize = 2;

/// Builds it into dist/.
pub fn build_worker(workspace: &Workspace, mode: Mode, variant: &WorkerVariant, steps: &Steps) -> Result<()> {
    let program = program(variant);
    let wasm = bundle::compile(workspace, mode, &program, steps)?;
    let made = bundle::bundle(workspace, mode, &program, &wasm, steps)?;
    let out = workspace.dist().join(variant.name);
    for file in files_below(&made)? {
        let mut bytes = read(&made.join(&file))?;
        if file.ends_with("stamp") {
            continue;
        }
        if file.ends_with("index.js") {
            // The source-phase import is a proposal that wrangler's bundler does not parse; a plain import of a
            // .wasm file gives a WebAssembly.Module there all the same.
            let script = String::from_utf8(bytes)?;
            ensure!(script.contains("import source "), "wasm-bindgen no longer writes `import source`");
            bytes = script.replace("import source ", "import ").into_bytes();
        }
        write_if_changed(&out.join(&file), &bytes)?;
    }
    let functions = workspace.root.join("functions");
    // What lies below is compiled.
    for file in files_below(&functions)?.iter().filter(|file| file.extension() == Some("js".as_ref())) {
        if file.parent() == Some(Path::new("")) {
            write_if_changed(&out.join(file), &read(&functions.join(file))?)?;
        }
    }
    // Every module in there is served.
    for file in files_below(&out)? {
        if !made.join(&file).exists() && !functions.join(&file).exists() {
            fs::remove_file(out.join(file))?;
        }
    }
    Ok(())
}
