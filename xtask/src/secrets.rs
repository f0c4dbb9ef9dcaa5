//! Secrets that a deployment at Cloudflare does not have yet: drawn here, handed to wrangler in a file, shown once.

use crate::{keys::new_master_key, process::say, serve::random_alphanumerics};
use anyhow::{Context, Result, bail};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{IsTerminal, Write, stdout},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

pub const MASTER_KEYS: &str = "MASTER_KEYS";
pub const OPERATOR_PASSWORD: &str = "OPERATOR_PASSWORD";
/// What no deployment works without.
pub const NEEDED: [&str; 2] = [MASTER_KEYS, OPERATOR_PASSWORD];

#[derive(Default)]
pub struct NewSecrets {
    values: BTreeMap<&'static str, String>,
    /// Those that somebody gave, and so knows.
    given: BTreeSet<&'static str>,
}

impl NewSecrets {
    /// Draws the ones that are named.
    pub fn draw(names: &[&'static str]) -> Result<Self> {
        let mut new = Self::default();
        for name in names {
            let value = if *name == MASTER_KEYS { new_master_key('1')? } else { random_alphanumerics(24)? };
            new.values.insert(name, value);
        }
        Ok(new)
    }

    /// Takes this value for a secret instead of a drawn one.
    pub fn give(&mut self, name: &'static str, value: &str) {
        self.values.insert(name, value.to_owned());
        self.given.insert(name);
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Writes them for wrangler: in a file, since arguments can be read by everybody on the machine, and as JSON, since
    /// it puts the values of variables into the other form.
    pub fn write_for_wrangler(&self, path: &Path) -> Result<()> {
        write_private(path, serde_json::to_string(&self.values)?.as_bytes())
    }

    /// Tells the person, on a terminal or in a file, what was drawn. A log is no place for a secret.
    pub fn show(&self, file: Option<&Path>) -> Result<()> {
        let drawn: Vec<_> = self.values.iter().filter(|(name, _)| !self.given.contains(*name)).collect();
        if drawn.is_empty() {
            return Ok(());
        }
        let lines: String = drawn.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        if let Some(file) = file {
            write_private(file, lines.as_bytes())?;
            say(format!("the new secrets are in {}: move them to where your other secrets are kept", file.display()));
        } else if stdout().is_terminal() {
            println!("\n  New secrets, shown this once. Keep a copy where your other secrets are kept:\n");
            lines.lines().for_each(|line| println!("    {line}"));
            println!();
        } else {
            say("new secrets were made and are not shown, since this is no terminal: --save-secrets FILE keeps them");
        }
        Ok(())
    }
}

/// Fails early, rather than after a build, where the file for new secrets is there already.
pub fn check_is_new(file: Option<&Path>) -> Result<()> {
    match file.filter(|file| file.exists()) {
        Some(file) => bail!("{} exists, and --save-secrets overwrites nothing: name another file", file.display()),
        None => Ok(()),
    }
}

/// Writes a new file that only its owner can read.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let created = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = created.with_context(|| format!("cannot make the file {}", path.display()))?;
    Ok(file.write_all(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_is_not_told_again_and_no_file_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new.env");
        let mut new = NewSecrets::draw(&NEEDED).unwrap();
        new.give(OPERATOR_PASSWORD, "a password that is known");
        new.show(Some(&file)).unwrap();
        let kept = fs::read_to_string(&file).unwrap();
        assert_eq!(kept, format!("MASTER_KEYS={}\n", new.value(MASTER_KEYS).unwrap()));
        assert!(new.show(Some(&file)).is_err() && check_is_new(Some(&file)).is_err());
    }
}
