//! The portal: the wasm of `frontend/`, its loader, its styles and its page, under names that carry their content.

use super::{
    Mode,
    bundle::{Program, bundle, compile},
    split::LINKER_FLAG,
    steps::Steps,
};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use gatehouse::{
    assemble::{PAGE, encode, with_ending},
    files::{files_below, read, remove_folder, write_if_changed},
    process::run,
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// How many steps a first build takes: compiler, cutting, bindings, and for a release optimiser and encodings.
pub fn steps(mode: Mode) -> usize {
    if mode == Mode::Release { 5 } else { 3 }
}

pub fn build_portal(workspace: &Workspace, mode: Mode, steps: &Steps) -> Result<()> {
    let program = Program {
        package: "gatehouse-frontend",
        file: "gatehouse-frontend.wasm",
        profile: "portal",
        features: &[],
        name: "portal",
        is_split: true,
        // Leptos' switch against one copy of the rendering code for every shape of view: a fifth less to download.
        env: &[("RUSTFLAGS", &format!("--cfg=erase_components {LINKER_FLAG}"))],
        optimise: Some("-Oz"),
        bindgen: |bindgen| {
            bindgen.web(true)?.omit_default_module_path(true);
            Ok(())
        },
    };
    let wasm = compile(workspace, mode, &program, steps)?;
    let made = bundle(workspace, mode, &program, &wasm, steps)?;

    let mut site = BTreeMap::new();
    let wasm = read(&made.join("index_bg.wasm"))?;
    let digest = base16ct::lower::encode_string(&Sha256::digest(&wasm));
    let wasm_url = format!("/assets/portal-{}.wasm", &digest[..12]);
    site.insert(PathBuf::from(&wasm_url[1..]), wasm);

    // Beside the script, which fetches them from where it is itself.
    for part in files_below(&made.join("parts"))? {
        site.insert(Path::new("assets").join(&part), read(&made.join("parts").join(&part))?);
    }

    let work = tempfile::tempdir()?;
    bundle_scripts_and_styles(workspace, mode, &made, &wasm_url, work.path())?;
    for file in files_below(work.path())? {
        site.insert(Path::new("assets").join(&file), read(&work.path().join(&file))?);
    }
    add_page(workspace, &wasm_url, &mut site)?;
    for source in ["frontend/public", "docs/openapi.json"] {
        add_as_is(&workspace.root.join(source), &mut site)?;
    }
    publish(&workspace.dist().join("portal"), &site)?;
    encode_all(&workspace.dist(), mode, steps)
}

/// Writes the smaller encodings of the portal's files beside it. A name that carries its content is encoded once. Only
/// a release has them.
fn encode_all(dist: &Path, mode: Mode, steps: &Steps) -> Result<()> {
    let (portal, encoded) = (dist.join("portal"), dist.join("portal-encoded"));
    if mode != Mode::Release {
        return remove_folder(&encoded);
    }
    steps.run("portal: brotli and gzip", || {
        let files = files_below(&portal)?;
        for file in files.iter().filter(|file| file.as_path() != Path::new(PAGE)) {
            let carries_its_content = file.starts_with("assets");
            if !(carries_its_content && with_ending(&encoded.join(file), "br").exists()) {
                encode(&portal.join(file), &encoded.join(file))?;
            }
        }
        for made in files_below(&encoded)? {
            if !files.contains(&made.with_extension("")) {
                fs::remove_file(encoded.join(made))?;
            }
        }
        Ok(())
    })
}

/// Has esbuild make one script of loader, bindings and snippets, and one style sheet of all styles.
fn bundle_scripts_and_styles(workspace: &Workspace, mode: Mode, made: &Path, wasm_url: &str, out: &Path) -> Result<()> {
    let loader = made.join("boot.js");
    write_if_changed(&loader, &read(&workspace.root.join("frontend/boot.js"))?)?;
    let mut esbuild = workspace.npm_tool("esbuild")?;
    esbuild
        .arg(format!("portal={}", loader.display()))
        .arg("styles=frontend/styles/main.css")
        .args(["--bundle", "--format=esm", "--log-level=warning"])
        // wasm-bindgen's import object names the script of the parts once for each part: the same script each time.
        .arg("--log-override:duplicate-object-key=silent")
        // Nothing is rewritten for older browsers: light-dark(), @layer and nesting stay as they were written.
        .arg("--target=esnext")
        .arg("--entry-names=[name]-[hash]")
        .args(["--asset-names=[name]-[hash]", "--public-path=/assets"])
        .args(["--loader:.woff2=file", "--loader:.svg=file"])
        .arg(format!("--define:WASM_URL=\"{wasm_url}\""))
        .arg(format!("--outdir={}", out.display()));
    if mode != Mode::Dev {
        esbuild.arg("--minify");
    }
    run(&mut esbuild)
}

/// Fills in what differs between builds: the names of the files. What `api.toml` says is filled in by whoever serves.
fn add_page(workspace: &Workspace, wasm_url: &str, site: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    let named = |start: &str, end: &str| {
        site.keys()
            .filter_map(|path| path.to_str())
            .find(|path| path.starts_with(start) && path.ends_with(end))
            .map(|path| format!("/{path}"))
            .with_context(|| format!("esbuild wrote no {start}*{end}"))
    };
    let page = String::from_utf8(read(&workspace.root.join("index.html"))?)?
        .replace("{{script}}", &named("assets/portal-", ".js")?)
        .replace("{{styles}}", &named("assets/styles-", ".css")?)
        .replace("{{wasm}}", wasm_url);
    site.insert("index.html".into(), page.into_bytes());
    Ok(())
}

fn add_as_is(source: &Path, site: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    if source.is_file() {
        let name = source.file_name().context("a file has a name")?;
        site.insert(name.into(), read(source)?);
    }
    if source.is_dir() {
        for file in files_below(source)? {
            let bytes = read(&source.join(&file))?;
            site.insert(file, bytes);
        }
    }
    Ok(())
}

/// Makes the directory hold exactly the site. New files come before the page that names them and old ones go last,
/// so that a server running on the directory never serves a page whose assets are missing.
fn publish(out: &Path, site: &BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    let page = Path::new("index.html");
    for (path, bytes) in site.iter().filter(|(path, _)| path.as_path() != page) {
        write_if_changed(&out.join(path), bytes)?;
    }
    write_if_changed(&out.join(page), &site[page])?;
    for stale in files_below(out)? {
        if !site.contains_key(&stale) {
            fs::remove_file(out.join(stale))?;
        }
    }
    Ok(())
}
