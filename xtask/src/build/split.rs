//! Cuts the parts that load on demand out of a wasm program. That happens between cargo and wasm-bindgen, which sees
//! only what is left; the parts have no bindings of their own and call the rest through its function table.

use anyhow::{Context, Result, anyhow, ensure};
use gatehouse::files::read;
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};
use wasm_split_cli_support::{Options, transform};

/// Has the linker keep what it knows of every reference: without it nobody can tell what a function needs.
pub const LINKER_FLAG: &str = "-Clink-args=--emit-relocs";

/// The script that fetches the parts. The bindings import it, and it imports them.
const SCRIPT: &str = "parts.js";

pub struct Cut {
    /// What is loaded at the start, for wasm-bindgen.
    pub rest: PathBuf,
    pub parts: Vec<Part>,
}

pub struct Part {
    pub wasm: PathBuf,
    /// The split points that need it, joined: `review`, or `developer-review` for what both use and the rest does not.
    name: String,
}

/// Writes the rest, the parts and the script into the directory.
pub fn cut(program: &Path, out: &Path) -> Result<Cut> {
    let input = read(program)?;
    let rest = out.join("rest.wasm");
    let script = format!("./{SCRIPT}");
    let mut options = Options::new(&input);
    options.output_dir = out;
    options.main_out_path = &rest;
    options.main_module = "./index.js";
    options.link_name = &script;
    let made = transform(options).map_err(|error| anyhow!("{error:#}"))?;
    let mut parts = Vec::new();
    for wasm in made.split_modules {
        let stem = wasm.file_stem().and_then(|stem| stem.to_str()).context("a part has a name")?;
        let needing = made.prefetch_map.iter().filter(|(_, needed)| needed.iter().any(|needed| needed == stem));
        let mut needing: Vec<&str> = needing.map(|(split_point, _)| split_point.as_str()).collect();
        needing.sort_unstable();
        parts.push(Part { name: needing.join("-"), wasm });
    }
    Ok(Cut { rest, parts })
}

/// Moves the parts to `parts/`, under names that carry their content, and tells the script.
pub fn name_by_content(parts: &[Part], out: &Path) -> Result<()> {
    let script_file = out.join(SCRIPT);
    let mut script = String::from_utf8(read(&script_file)?)?;
    let directory = out.join("parts");
    fs::create_dir_all(&directory)?;
    for part in parts {
        let digest = base16ct::lower::encode_string(&Sha256::digest(read(&part.wasm)?));
        let name = format!("{}-{}.wasm", part.name, &digest[..12]);
        let old = part.wasm.file_name().and_then(|name| name.to_str()).context("a part has a name")?;
        // Both are seen from the script, which ends up in one directory with the parts.
        let (old, new) = (format!("\"./{old}\""), format!("\"./{name}\""));
        ensure!(script.matches(&old).count() == 1, "{SCRIPT} does not fetch {old} at one place");
        script = script.replace(&old, &new);
        fs::rename(&part.wasm, directory.join(&name))?;
    }
    Ok(fs::write(script_file, script)?)
}
