//! What a ledger does when its object was restored from a copy.

use super::{Acting, Ledger};
use gatehouse_domain::audit::RequestSource;
use gatehouse_domain::ports::{ObjectName, ObjectPorts, SqlError};
use gatehouse_shared::api::{Actor, ActorKind, EndedLater};

/// How far the version goes up: beyond all that the object may have said after the copy was made. It writes at most once
/// a second for longer than a few minutes, so this is more than eleven days of changes.
const RAISE: u64 = 1_000_000;

/// What makes credentials and ends none.
const MAKING: [&str; 7] = [
    "create_app",
    "receive_app",
    "generate_credential",
    "update_credential",
    "approve_consent",
    "grant_app",
    "rederive_credentials",
];

/// The serials of the credentials that entries tell the end of.
pub(crate) fn ended_serials(ended: &[EndedLater]) -> Vec<String> {
    let ending = ended.iter().filter(|entry| !MAKING.contains(&entry.facts.operation.as_str()));
    ending.flat_map(|entry| entry.facts.credential_ids.iter().cloned()).collect()
}

/// What the last entry of an operation changed a status or a role to, where there is such an entry and it tells.
pub(crate) fn last_change<'a>(ended: &'a [EndedLater], operation: &str) -> Option<Option<&'a str>> {
    ended.iter().rfind(|entry| entry.facts.operation == operation).map(|entry| entry.to.as_deref())
}

impl<R: ObjectPorts> Ledger<R> {
    /// Raises the version, and lets `body` end and publish in the name of the deployment; in the caller's transaction.
    /// `body` gets the version, and of the entries those that this object made after the copy.
    pub fn complete_restore(
        &self,
        place: ObjectName,
        ended: &[EndedLater],
        body: impl FnOnce(u64, &[EndedLater]) -> Result<(), SqlError>,
    ) -> Result<(), SqlError> {
        let ended = self.made_after_the_copy(&place, ended)?;
        self.raise_version(self.version()? + RAISE)?;
        // The log may have entries that came after the copy: none that follows may bear the number of one of them.
        self.runtime.exec(
            "INSERT INTO counter(name, value) VALUES ('audit', ?1) ON CONFLICT DO UPDATE SET value = value + ?1",
            &[RAISE.into()],
        )?;
        self.runtime.exec("DELETE FROM counter WHERE name = 'retries'", &[])?;
        let actor = Actor::of(ActorKind::Deployment);
        self.act_as(Some(Acting { place, actor, source: RequestSource::default() }));
        let done = self.next_version().and_then(|version| body(version, &ended));
        self.act_as(None);
        done
    }

    /// The tables are there now.
    pub fn opened(&self) {
        self.blank.set(false);
    }

    /// Each entry bears the name of the object that made it, and a number that the copy has counted up to.
    fn made_after_the_copy(&self, place: &ObjectName, ended: &[EndedLater]) -> Result<Vec<EndedLater>, SqlError> {
        let rows = self.runtime.exec("SELECT value FROM counter WHERE name = 'audit'", &[])?;
        let counted = rows.first().map_or(Ok(0), |row| row.number(0))?;
        let place = format!("{place}/");
        let number = |entry: &EndedLater| entry.facts.id.strip_prefix(&place)?.parse::<u64>().ok();
        Ok(ended.iter().filter(|entry| number(entry).is_some_and(|number| number > counted)).cloned().collect())
    }
}
