//! What an export of the audit log tells that was ended after a copy was made.

use crate::files::read_lines;
use anyhow::{Result, bail};
use gatehouse_shared::api::{AuditEntry, EndedLater};
use std::{collections::HashMap, path::PathBuf};

/// The fields of a change that tell what became of a status, a role, or the time of a credential.
const TELLING: [&str; 4] = ["status", "state", "role", "ends_at"];

/// How much older than the backup an entry may be to be told to its object, in seconds.
const MARGIN_SECONDS: u64 = 24 * 3600;

/// By the name of the object that made an entry, or that it is about.
#[derive(Default)]
pub struct Ended {
    by_object: HashMap<String, Vec<EndedLater>>,
    pub entries: usize,
    /// People who changed their password after the copy: their old one holds again.
    pub passwords: Vec<String>,
}

impl Ended {
    pub fn read(files: &[PathBuf], copied_at: u64) -> Result<Self> {
        let mut ended = Self::default();
        for file in files {
            read_lines(file, |number, line| {
                let Ok(entry) = serde_json::from_str::<AuditEntry>(line) else {
                    bail!("{}, line {number}: this is no entry of an export of the audit log", file.display());
                };
                // Each object knows exactly which came after its copy; clocks need not agree.
                if entry.facts.at.0 + MARGIN_SECONDS >= copied_at {
                    ended.add(entry, copied_at);
                }
                Ok(())
            })?;
        }
        Ok(ended)
    }

    fn add(&mut self, entry: AuditEntry, copied_at: u64) {
        let AuditEntry { facts, personal, .. } = entry;
        let changes = personal.as_ref().map(|personal| personal.changes.as_slice()).unwrap_or_default();
        let to = changes.iter().find(|change| TELLING.contains(&change.field.as_str()));
        let to = to.map(|change| change.to.clone());
        let is_later = facts.at.0 >= copied_at;
        self.entries += usize::from(is_later);
        if is_later && facts.operation == "update_password" {
            let username = personal.map(|personal| personal.username).unwrap_or_default();
            let id = facts.account_id.map(|id| id.to_string()).unwrap_or_default();
            self.passwords.push(if username.is_empty() { id } else { username });
        }
        // An entry's id is that of the object which made it, and a number. Whoever has the App in the backup, and the account
        // that it is about, hear of it as well: an App may have gone to another developer account since.
        let maker = facts.id.rsplit_once('/').map(|(object, _)| object.to_owned()).unwrap_or_default();
        let about = [facts.app_id.map(app), facts.account_id.map(|id| format!("account/{id}"))];
        let entry = EndedLater { facts, to };
        for object in about.into_iter().flatten().filter(|object| is_later && *object != maker) {
            self.by_object.entry(object).or_default().push(entry.clone());
        }
        self.by_object.entry(maker).or_default().push(entry);
    }

    /// What an object must hear that has these Apps.
    pub fn of(&self, object: &str, apps: &[String]) -> Vec<EndedLater> {
        let own = self.by_object.get(object).into_iter().flatten();
        let place = format!("{object}/");
        let of_apps = apps.iter().filter_map(|id| self.by_object.get(&app(id))).flatten();
        let of_others = of_apps.filter(|entry| !entry.facts.id.starts_with(&place));
        own.chain(of_others).cloned().collect()
    }
}

fn app(id: impl std::fmt::Display) -> String {
    format!("app/{id}")
}
