//! Checks `api.toml` and puts it into the Worker as JSON, so that a mistake
//! stops the build with its line and no TOML parser reaches wasm.

use gatehouse_shared::description::parse;
use std::{env, fs, path::Path, process::exit};

fn main() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api.toml");
    println!("cargo::rerun-if-changed={}", file.display());
    let text = fs::read_to_string(&file).unwrap_or_else(|error| stop(&format!("api.toml: {error}")));
    let api = parse(&text).unwrap_or_else(|error| stop(&error.to_string()));
    let json = serde_json::to_string(&api).unwrap_or_else(|error| stop(&error.to_string()));
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    if let Err(error) = fs::write(Path::new(&out).join("api.json"), json) {
        stop(&error.to_string());
    }
}

fn stop(message: &str) -> ! {
    println!("cargo::error={message}");
    exit(1);
}
