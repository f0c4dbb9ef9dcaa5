//! What the rest of the deployment must hear of, kept until it has.

use super::{Ledger, StoredAccount};
use crate::account::UniqueName;
use crate::app::AppRecord;
use crate::app_gate::AppGateCall;
use crate::directory::{Action, Answer, Owner};
use crate::format::decode;
use crate::grant::{GrantRecord, grant_key};
use crate::office::{AccountEntry, OfficeCall};
use crate::ports::{ObjectName, ObjectPorts, PortError, SqlError, ask};
use gatehouse_shared::model::{AccountId, AppId};
use serde::{Deserialize, Serialize};

/// How long a deleted App's record tells that it was deleted, in seconds:
/// longer than KV serves anything stale. Then the absence tells.
pub const TOMBSTONE_SECONDS: u64 = 24 * 3600;
/// When the alarm tries first, in seconds after a change.
const FIRST_RETRY: u64 = 2;
const SLOWEST_RETRY: u64 = 300;

/// One thing to publish. A newer one for the same target replaces an older.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Publication {
    /// To KV, for the gate.
    App { app_id: AppId, record: AppRecord },
    /// The same of what a user lets an App do.
    Grant { app_id: AppId, user: AccountId, record: GrantRecord },
    /// To the App's object, which counts its users.
    Grantee { app_id: AppId, user: AccountId, granted: bool },
    /// To the name's Directory: whether it is in use.
    Name { name: UniqueName, owner: Owner, used: bool },
    /// To the Office's index.
    Account(AccountEntry),
}

impl Publication {
    fn target(&self) -> String {
        match self {
            Self::App { app_id, .. } => app_key(*app_id),
            Self::Grant { app_id, user, .. } => grant_key(*app_id, *user),
            Self::Grantee { app_id, .. } => format!("grantee/{app_id}"),
            Self::Name { name, .. } => format!("name/{name}"),
            Self::Account(_) => "office".to_owned(),
        }
    }
}

/// The KV key of an App's record.
pub fn app_key(app_id: AppId) -> String {
    format!("app/{app_id}")
}

/// An entry of the outbox.
struct Waiting {
    target: String,
    version: u64,
    /// One that a newer Worker has written may be unreadable.
    publication: Result<Publication, PortError>,
}

impl<R: ObjectPorts> Ledger<R> {
    /// Draws the version of the change that is being committed.
    pub(super) fn next_version(&self) -> Result<u64, SqlError> {
        self.runtime.exec(
            "INSERT INTO counter(name, value) VALUES ('version', 1) ON CONFLICT DO UPDATE SET value = value + 1",
            &[],
        )?;
        self.version()
    }

    /// The version of the newest change.
    pub(super) fn version(&self) -> Result<u64, SqlError> {
        let rows = self.runtime.exec("SELECT value FROM counter WHERE name = 'version'", &[])?;
        Ok(rows.first().map_or(Ok(0), |row| row.integer(0))? as u64)
    }

    /// Puts a publication into the outbox and sets the alarm that will see to
    /// it, all in the caller's transaction.
    pub(super) fn post(&self, version: u64, publication: &Publication) -> Result<(), SqlError> {
        let doc = serde_json::to_string(publication).map_err(|error| SqlError(format!("outbox: {error}")))?;
        self.runtime.exec(
            "INSERT OR REPLACE INTO outbox(target, version, doc) VALUES (?, ?, ?)",
            &[publication.target().into(), version.into(), doc.into()],
        )?;
        self.posted.set(true);
        self.runtime.set_alarm(Some(self.runtime.now().plus_seconds(FIRST_RETRY)))
    }

    /// Tells the Office how the account stands.
    pub(super) fn post_account(&self, version: u64, account: &StoredAccount) -> Result<(), SqlError> {
        let organization = account.application.as_ref().map(|a| a.organization.clone()).unwrap_or_default();
        let entry = AccountEntry {
            id: account.id,
            username: account.username.clone(),
            role: account.role,
            organization,
            status: account.status,
            application_state: account.application_state,
            since: account.state_since,
        };
        self.post(version, &Publication::Account(entry))
    }

    /// Publishes the outbox until it is empty. Every entry gets its try, also
    /// after another one failed.
    pub(super) async fn publish(&self) -> Result<(), PortError> {
        let _turn = self.publishing.lock().await;
        let mut failed = None;
        loop {
            let waiting = self.waiting().map_err(|error| PortError(error.to_string()))?;
            let mut progressed = false;
            for Waiting { target, version, publication } in waiting {
                let delivered = match publication {
                    Ok(publication) => self.deliver(version, &publication).await,
                    Err(unreadable) => Err(unreadable),
                };
                match delivered {
                    Ok(()) => {
                        self.strike(&target, version).map_err(|error| PortError(error.to_string()))?;
                        progressed = true;
                    }
                    Err(error) => failed = Some(error),
                }
            }
            if let Some(error) = failed {
                return Err(error);
            }
            if !progressed {
                return Ok(());
            }
        }
    }

    fn waiting(&self) -> Result<Vec<Waiting>, SqlError> {
        let rows = self.runtime.exec("SELECT doc, target, version FROM outbox ORDER BY version", &[])?;
        rows.iter()
            .map(|row| {
                let publication = decode("outbox", row.text(0)?).map_err(PortError);
                Ok(Waiting { target: row.text(1)?.to_owned(), version: row.integer(2)? as u64, publication })
            })
            .collect()
    }

    /// Removes what was delivered, unless something newer took its place; with
    /// the last one the alarm goes.
    fn strike(&self, target: &str, version: u64) -> Result<(), SqlError> {
        self.runtime.exec("DELETE FROM outbox WHERE target = ? AND version = ?", &[target.into(), version.into()])?;
        if self.runtime.exec("SELECT 1 FROM outbox LIMIT 1", &[])?.is_empty() {
            self.runtime.exec("DELETE FROM counter WHERE name = 'retries'", &[])?;
            self.runtime.set_alarm(None)?;
        }
        Ok(())
    }

    async fn put(&self, key: &str, record: &impl Serialize, is_tombstone: bool) -> Result<(), PortError> {
        let value = serde_json::to_string(record).map_err(|error| PortError(format!("record: {error}")))?;
        self.runtime.put(key, &value, is_tombstone.then_some(TOMBSTONE_SECONDS)).await
    }

    async fn deliver(&self, version: u64, publication: &Publication) -> Result<(), PortError> {
        match publication {
            Publication::App { app_id, record } => self.put(&app_key(*app_id), record, record.app.is_none()).await,
            Publication::Grant { app_id, user, record } => {
                self.put(&grant_key(*app_id, *user), record, record.grant.is_none()).await
            }
            Publication::Grantee { app_id, user, granted } => {
                let call = AppGateCall::PutGrantee { user: *user, version, granted: *granted };
                ask(&self.runtime, &ObjectName::AppGate(*app_id), &call).await
            }
            Publication::Name { name, owner, used } => {
                let owner = owner.clone();
                let action =
                    if *used { Action::Confirm { owner, version } } else { Action::Release { owner, version } };
                match self.directory(name, action).await? {
                    // Cannot happen while claims are kept; if it does, it must not pass unseen.
                    Answer::Taken => Err(PortError(format!("{name} is in use here and belongs to somebody else"))),
                    _ => Ok(()),
                }
            }
            Publication::Account(entry) => {
                let call = OfficeCall::PutAccount { entry: entry.clone(), version };
                ask(&self.runtime, &ObjectName::Office, &call).await
            }
        }
    }

    /// Sees to it that what was left in the outbox is published, although the
    /// alarm may be lost: the platform gives up on one that failed six times.
    pub(super) fn wake_for_the_rest(&self) -> Result<(), SqlError> {
        if self.runtime.exec("SELECT 1 FROM outbox LIMIT 1", &[])?.is_empty() {
            return Ok(());
        }
        self.runtime.set_alarm(Some(self.runtime.now().plus_seconds(FIRST_RETRY)))
    }

    /// Sets the next alarm, each time twice as far, up to five minutes.
    pub(super) fn retry_later(&self) -> Result<(), PortError> {
        let set = || -> Result<(), SqlError> {
            self.runtime.exec(
                "INSERT INTO counter(name, value) VALUES ('retries', 1) ON CONFLICT DO UPDATE SET value = value + 1",
                &[],
            )?;
            let rows = self.runtime.exec("SELECT value FROM counter WHERE name = 'retries'", &[])?;
            let tries = rows.first().map_or(Ok(1), |row| row.integer(0))?.clamp(1, 20) as u32;
            let wait = (FIRST_RETRY << tries).min(SLOWEST_RETRY);
            self.runtime.set_alarm(Some(self.runtime.now().plus_seconds(wait)))
        };
        set().map_err(|error| PortError(error.to_string()))
    }
}
