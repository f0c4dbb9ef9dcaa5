//! The portal: the wasm of `frontend/`, its loader, its styles and its page, under names that carry their content.

use super::{
    Mode,
    bundle::{Program, bundle},
    split::LINKER_FLAG,
};
use crate::{
    process::run,
    workspace::{Workspace, files_below, read, write_if_changed},
};
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

pub fn build_portal(workspace: &Workspace, mode: Mode) -> Result<()> {
    let made = bundle(
        workspace,
        mode,
        &Program {
            package: "gatehouse-frontend",
            file: "gatehouse-frontend.wasm",
            profile: "portal",
            features: &[],
            name: "portal",
            is_split: true,
            // Leptos' switch against one copy of the rendering code for every shape of view: a fifth less to download.
            env: &[("RUSTFLAGS", &format!("--cfg=erase_components {LINKER_FLAG}"))],
            optimise: "-Oz",
            bindgen: |bindgen| {
                bindgen.web(true)?.omit_default_module_path(true);
                Ok(())
            },
        },
    )?;

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
    publish(&workspace.dist().join("portal"), &site)
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
    if mode == Mode::Release {
        esbuild.arg("--minify");
    }
    run(&mut esbuild)
}

/// Fills in what differs between builds: the names of the files, and the API's name and summary, which the page shows
/// before anything is loaded.
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
    let page = describe_api(&page, &read(&workspace.root.join("api.toml"))?)?;
    site.insert("index.html".into(), page.into_bytes());
    Ok(())
}

/// Fills in the name and the summary of the API. The Worker's build checks the whole `api.toml`; here two lines of it are
/// needed.
fn describe_api(page: &str, file: &[u8]) -> Result<String> {
    let file: toml::Table = std::str::from_utf8(file)?.parse().context("api.toml")?;
    let mut page = page.to_owned();
    for key in ["name", "summary"] {
        let text = file.get(key).and_then(|text| text.as_str()).with_context(|| format!("api.toml has no {key}"))?;
        page = page.replace(&format!("{{{{{key}}}}}"), &escape(text));
    }
    ensure!(!page.contains("{{"), "index.html has a placeholder that xtask does not fill");
    Ok(page)
}

/// A text as HTML's text and attributes have it.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
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

#[cfg(test)]
mod tests {
    use super::describe_api;

    const PAGE: &str = "<title>{{name}}</title><meta name=\"description\" content=\"{{summary}}\">";

    #[test]
    fn the_page_bears_the_name_and_the_summary_of_the_api_as_text() {
        let page = describe_api(PAGE, b"name = \"Notes & <Tones>\"\nsummary = 'All \"notes\" <b>.'").unwrap();
        assert_eq!(
            page,
            "<title>Notes &amp; &lt;Tones&gt;</title>\
             <meta name=\"description\" content=\"All &quot;notes&quot; &lt;b&gt;.\">"
        );
    }

    #[test]
    fn a_page_with_something_left_to_fill_in_is_not_built() {
        for (page, file) in [
            (PAGE, "summary = 'x'"),
            (PAGE, "name = 'x'"),
            ("{{name}} {{summary}} {{colour}}", "name = 'x'\nsummary = 'x'"),
        ] {
            assert!(describe_api(page, file.as_bytes()).is_err(), "{page} {file}");
        }
    }
}
