//! What a ledger does when its object was restored from a copy.

use super::{Acting, Ledger};
use gatehouse_domain::audit::RequestSource;
use gatehouse_domain::ports::{ObjectName, ObjectPorts, SqlError};
use gatehouse_shared::api::{Actor, ActorKind, AuditFacts, EndedLater};

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

/// The entries whose facts fit.
pub(crate) fn about(ended: &[EndedLater], fits: impl Fn(&AuditFacts) -> bool) -> Vec<EndedLater> {
    ended.iter().filter(|entry| fits(&entry.facts)).cloned().collect()
}

/// What the last entry of an operation changed a status or a role to, where there is such an entry and it tells.
pub(crate) fn last_change<'a>(ended: &'a [EndedLater], operation: &str) -> Option<Option<&'a str>> {
    ended.iter().rfind(|entry| entry.facts.operation == operation).map(|entry| entry.to.as_deref())
}

impl<R: ObjectPorts> Ledger<R> {
    /// Raises the version, and lets `body` end and publish in the name of the deployment; in the caller's transaction.
    pub fn complete_restore(
        &self,
        place: ObjectName,
        body: impl FnOnce(u64) -> Result<(), SqlError>,
    ) -> Result<(), SqlError> {
        self.raise_version(self.version()? + RAISE)?;
        self.runtime.exec("DELETE FROM counter WHERE name = 'retries'", &[])?;
        let actor = Actor::of(ActorKind::Deployment);
        self.act_as(Some(Acting { place, actor, source: RequestSource::default() }));
        self.blank.set(false);
        let done = self.next_version().and_then(body);
        self.act_as(None);
        // The alarm delivers.
        self.posted.take();
        if done.is_err() {
            self.blank.set(true);
        }
        done
    }
}
