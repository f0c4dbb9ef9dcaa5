//! Proofs of docs/reliability.md: how thorough they are, and the figures that they leave.

use serde_json::json;
use std::{
    env,
    fmt::Display,
    fs::{self, OpenOptions},
    io::Write,
    path::PathBuf,
};

/// A proof that runs. In `cargo xtask test` it takes seconds; `cargo xtask prove` sets `GATEHOUSE_PROOF=full` and gets
/// the numbers that the document promises.
pub struct Proof {
    name: &'static str,
}

impl Proof {
    pub fn new(name: &'static str) -> Self {
        Self { name }
    }

    /// The full number where all of it is wanted, else the short one.
    pub fn choose<T>(&self, short: T, full: T) -> T {
        if env::var("GATEHOUSE_PROOF").is_ok_and(|value| value == "full") { full } else { short }
    }

    /// Tells a person how far it is.
    pub fn progress(&self, text: impl Display) {
        eprintln!("  {}: {text}", self.name);
    }

    /// Leaves a figure for the document: a line of JSON in the folder that `GATEHOUSE_PROOF_FIGURES` names.
    pub fn note(&self, what: &str, figure: impl Display) {
        self.progress(format!("{what}: {figure}"));
        let Some(folder) = env::var_os("GATEHOUSE_PROOF_FIGURES").map(PathBuf::from) else { return };
        fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join(format!("{}.json", self.name));
        let line = format!("{}\n", json!({ "what": what, "figure": figure.to_string() }));
        let mut file = OpenOptions::new().append(true).create(true).open(file).expect("a file");
        file.write_all(line.as_bytes()).expect("room on the disk");
    }
}

/// A time in the middle and the longest one, in seconds.
pub fn median_and_longest(mut seconds: Vec<f64>) -> String {
    seconds.sort_by(f64::total_cmp);
    match (seconds.get(seconds.len() / 2), seconds.last()) {
        (Some(median), Some(longest)) => format!("{median:.2} s median, {longest:.2} s at most"),
        _ => "none".to_owned(),
    }
}
