//! Secrets that a deployment at Cloudflare does not have yet. They are drawn here, handed to wrangler in a file and
//! shown once.

use anyhow::{Result, bail};
use gatehouse::process::say;
use gatehouse::secret::{new_master_key, random_alphanumerics, write_private};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{IsTerminal, stdout},
    path::Path,
};

pub const MASTER_KEYS: &str = "MASTER_KEYS";
pub const OPERATOR_PASSWORD: &str = "OPERATOR_PASSWORD";
/// The secrets that every deployment needs.
pub const NEEDED: [&str; 2] = [MASTER_KEYS, OPERATOR_PASSWORD];

#[derive(Default)]
pub struct NewSecrets {
    values: BTreeMap<&'static str, String>,
    /// The secrets that a person gave. That person knows them already.
    given: BTreeSet<&'static str>,
}

impl NewSecrets {
    /// Draws the named secrets.
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

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
