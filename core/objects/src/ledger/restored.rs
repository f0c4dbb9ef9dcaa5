//! What a ledger does when its object was restored from a copy.

use super::{Acting, Ledger};
use gatehouse_domain::audit::RequestSource;
use gatehouse_domain::credential::StoredCredential;
use gatehouse_domain::ports::{ObjectName, ObjectPorts, SqlError};
use gatehouse_shared::api::{Actor, ActorKind, EndedLater};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::UnixSeconds;

/// How far the version goes up: beyond all that the object may have said after the copy was made. It writes at most once
/// a second for longer than a few minutes, so this is more than eleven days of changes.
const RAISE: u64 = 1_000_000;

/// What names credentials that go on as before. One that is new cannot be in a copy that is older.
const KEEPING: [&str; 2] = ["update_credential", "rederive_credentials"];

/// What became of credentials after the copy was made.
pub(crate) struct Ends(Vec<(String, Option<UnixSeconds>)>);

impl Ends {
    pub fn of<'a>(ended: impl IntoIterator<Item = &'a EndedLater>) -> Self {
        let mut ends = Vec::new();
        for EndedLater { facts, to } in ended {
            // The end of an overlap, or an expiry date.
            let at = to.as_ref().and_then(|to| to.parse().ok()).map(UnixSeconds);
            if at.is_some() || !KEEPING.contains(&facts.operation.as_str()) {
                ends.extend(facts.credential_ids.iter().map(|serial| (serial.clone(), at)));
            }
        }
        Self(ends)
    }

    pub fn has_ended(&self, serial: Serial) -> bool {
        let serial = serial.value().to_string();
        self.0.iter().any(|(ended, at)| *ended == serial && at.is_none())
    }

    /// Removes the credentials that ended, and sets when others do.
    pub fn apply(&self, credentials: &mut Vec<StoredCredential>) {
        credentials.retain(|stored| !self.has_ended(stored.root.serial));
        for stored in credentials {
            let serial = stored.root.serial.value().to_string();
            for (_, at) in self.0.iter().filter(|(ended, _)| *ended == serial) {
                stored.expires_at = stored.expires_at.into_iter().chain(*at).min();
            }
        }
    }
}

/// What the last entry of an operation changed a status or a role to, where there is such an entry and it tells.
pub(crate) fn last_change<'a>(ended: &'a [EndedLater], operation: &str) -> Option<Option<&'a str>> {
    ended.iter().rfind(|entry| entry.facts.operation == operation).map(|entry| entry.to.as_deref())
}

impl<R: ObjectPorts> Ledger<R> {
    /// Raises the version, and lets `body` end and publish in the name of the deployment; in the caller's transaction.
    /// `body` gets the version, the entries that this object made after the copy, and these with those of others.
    pub fn complete_restore(
        &self,
        place: ObjectName,
        ended: &[EndedLater],
        body: impl FnOnce(u64, &[EndedLater], &[EndedLater]) -> Result<(), SqlError>,
    ) -> Result<(), SqlError> {
        let (own, all) = self.made_after_the_copy(&place, ended)?;
        self.raise_version(self.version()? + RAISE)?;
        // The log may have entries that came after the copy: none that follows may bear the number of one of them.
        self.runtime.exec(
            "INSERT INTO counter(name, value) VALUES ('audit', ?1) ON CONFLICT DO UPDATE SET value = value + ?1",
            &[RAISE.into()],
        )?;
        self.runtime.exec("DELETE FROM counter WHERE name = 'retries'", &[])?;
        let actor = Actor::of(ActorKind::Deployment);
        self.act_as(Some(Acting { place, actor, source: RequestSource::default() }));
        let done = self.next_version().and_then(|version| body(version, &own, &all));
        self.act_as(None);
        done
    }

    /// The tables are there now.
    pub fn opened(&self) {
        self.blank.set(false);
    }

    /// Each entry bears the name of the object that made it, and a number that the copy has counted up to. Gives those that
    /// this object made after the copy, and these with all that others made.
    fn made_after_the_copy(
        &self,
        place: &ObjectName,
        ended: &[EndedLater],
    ) -> Result<(Vec<EndedLater>, Vec<EndedLater>), SqlError> {
        let rows = self.runtime.exec("SELECT value FROM counter WHERE name = 'audit'", &[])?;
        let counted = rows.first().map_or(Ok(0), |row| row.number(0))?;
        let place = format!("{place}/");
        let number = |entry: &EndedLater| entry.facts.id.strip_prefix(&place)?.parse::<u64>().ok();
        let all = ended.iter().filter(|entry| number(entry).is_none_or(|number| number > counted)).cloned();
        let all: Vec<EndedLater> = all.collect();
        Ok((all.iter().filter(|entry| number(entry).is_some()).cloned().collect(), all))
    }
}
