//! Checks, before anything is built or uploaded, what a deployment would start with: `api.toml` and the settings, by
//! the same rules as the Worker. `cargo xtask deploy` calls it.
//!
//! Argument: the path of `api.toml`. Standard input: the variables as a JSON object of texts. A mistake is named on
//! standard error, and no secret repeated.

use gatehouse_domain::settings::Settings;
use gatehouse_shared::description::parse;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::stdin;
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    match check() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn check() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("which api.toml?")?;
    let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let variables: BTreeMap<String, String> = serde_json::from_reader(stdin())?;
    Settings::read(parse(&text)?, |name| variables.get(name).cloned())?;
    Ok(())
}
