//! Compares the master keys with those that were used before.

use super::AccountIndex;
use gatehouse_domain::message::account_index::KeysSeen;
use gatehouse_domain::ports::{Sql, SqlError};

impl<R: Sql> AccountIndex<R> {
    /// Compares keys with those that were used before, and keeps new ids. Where
    /// one is wrong, nothing is kept: whoever sent it has the wrong settings.
    pub(super) fn check_master_keys(&self, fingerprints: &[(char, String)]) -> Result<KeysSeen, SqlError> {
        let mut seen = KeysSeen::default();
        for row in self.runtime.exec("SELECT id, fingerprint FROM master_key ORDER BY id", &[])? {
            let (id, kept) = (row.text(0)?.chars().next().unwrap_or_default(), row.text(1)?);
            seen.known.push(id);
            if fingerprints.iter().any(|(other, fingerprint)| *other == id && fingerprint != kept) {
                seen.wrong.push(id);
            }
        }
        if !seen.wrong.is_empty() {
            return Ok(seen);
        }
        for (id, fingerprint) in fingerprints {
            if !seen.known.contains(id) {
                let params = [id.to_string().into(), fingerprint.as_str().into()];
                self.runtime.exec("INSERT INTO master_key(id, fingerprint) VALUES (?, ?)", &params)?;
                seen.known.push(*id);
            }
        }
        Ok(seen)
    }
}
