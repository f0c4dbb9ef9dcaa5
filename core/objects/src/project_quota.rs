//! The object behind a month's cap: how much of it is given to whom.
//!
//! One stands behind each Project, and its Apps reserve a part at a time and
//! count within it. One more stands behind each developer account: its Projects
//! draw on that in the same way, so that all of them together stay below the
//! developer account's own cap. What a deleted Project used stays counted there.

use crate::storage::{self, Stored, Tables};
use gatehouse_domain::format::decode;
use gatehouse_domain::message::project_quota::{ProjectQuotaCall, Reservation};
use gatehouse_domain::message::storage::StorageMessage;
use gatehouse_domain::ports::{
    Clock, ObjectName, Objects, PortError, Sql, SqlError, Steps, ask, in_transaction, migrate, open,
};
use gatehouse_shared::api::EndedLater;
use gatehouse_shared::model::{AppId, DAY_SECONDS, DeveloperAccountId, UnixMillis, month_of};
use serde::Serialize;
use std::cell::Cell;

const STEPS: &Steps = &[&[
    "CREATE TABLE month(number INTEGER PRIMARY KEY, reserved INTEGER NOT NULL, drawn INTEGER NOT NULL, \
     developer TEXT NOT NULL)",
    "CREATE TABLE owner(id INTEGER PRIMARY KEY CHECK (id = 1), developer TEXT NOT NULL, version INTEGER NOT NULL)",
    "CREATE TABLE app(id TEXT PRIMARY KEY, month INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE ended(month INTEGER PRIMARY KEY)",
]];
/// One reservation ahead takes no more than that part of what is left.
const PART: u64 = 64;
/// How much a Project draws at once, as a multiple of what is needed.
const AHEAD: u64 = 4;
/// How often it draws for one reservation: others may take what it drew.
const ROUNDS: u32 = 3;
/// For how many months the reservations are kept.
const MONTHS: u64 = 13;
/// How often it is looked what is too old, in seconds: a month.
const LOOK_EVERY: u64 = 31 * DAY_SECONDS;

pub struct ProjectQuota<R> {
    runtime: R,
    /// Whether the tables are there.
    is_open: Cell<bool>,
}

/// What is given away of a month.
#[derive(Default)]
struct Month {
    reserved: u64,
    /// How much of the developer account's month this Project has.
    drawn: u64,
}

/// What one look at the table gives.
enum Outcome {
    Reserved(u64),
    /// So much must be drawn on the developer account's month first.
    NeedsMore(u64),
}

fn write(answer: &impl Serialize) -> Result<String, SqlError> {
    serde_json::to_string(answer).map_err(|error| SqlError(error.to_string()))
}

fn port_error(error: SqlError) -> PortError {
    PortError(format!("project quota: {error}"))
}

/// How much to reserve of a month of which `reserved` is given away.
fn grant(cap: u64, reserved: u64, want: u32) -> u64 {
    let left = cap.saturating_sub(reserved);
    left.min(u64::from(want).min(left / PART).max(1))
}

impl<R: Sql + Clock + Objects> ProjectQuota<R> {
    /// Opens the object. Its tables come with the first reservation.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        Ok(Self { is_open: Cell::new(open(&runtime, STEPS)?), runtime })
    }

    /// Answers one message.
    pub async fn call(&self, message: &str) -> Result<String, PortError> {
        if StorageMessage::is_in(message) {
            return storage::answer(self, message);
        }
        let call = decode("project quota", message).map_err(PortError)?;
        if !self.is_open.get() {
            match call {
                ProjectQuotaCall::Reserve(_) | ProjectQuotaCall::PutOwner { .. } => {
                    migrate(&self.runtime, STEPS).map_err(port_error)?;
                    self.is_open.set(true);
                }
                ProjectQuotaCall::GiveBack { .. } | ProjectQuotaCall::EndProject => {
                    return write(&()).map_err(port_error);
                }
                ProjectQuotaCall::ListApps { .. } => return write(&Vec::<AppId>::new()).map_err(port_error),
                ProjectQuotaCall::FindOwner => return write(&None::<DeveloperAccountId>).map_err(port_error),
            }
        }
        match call {
            ProjectQuotaCall::Reserve(reservation) => write(&self.reserve(&reservation).await?).map_err(port_error),
            ProjectQuotaCall::GiveBack { month, unused } => {
                self.give_back(month, unused).await?;
                write(&()).map_err(port_error)
            }
            ProjectQuotaCall::ListApps { since } => self.list_apps(since).map_err(port_error),
            ProjectQuotaCall::PutOwner { owner, version } => {
                write(&self.put_owner(owner, version).map_err(port_error)?).map_err(port_error)
            }
            ProjectQuotaCall::FindOwner => write(&self.owner().map_err(port_error)?).map_err(port_error),
            ProjectQuotaCall::EndProject => {
                in_transaction(&self.runtime, || self.end_project()).map_err(port_error)?;
                write(&()).map_err(port_error)
            }
        }
    }

    /// What a developer account says; an older word never replaces a newer one.
    fn put_owner(&self, owner: DeveloperAccountId, version: u64) -> Result<(), SqlError> {
        self.runtime.exec(
            "INSERT INTO owner(id, developer, version) SELECT 1, ?, ? WHERE NOT EXISTS (SELECT 1 FROM ended) \
             ON CONFLICT DO UPDATE \
             SET developer = excluded.developer, version = excluded.version WHERE excluded.version > owner.version",
            &[owner.to_string().into(), version.into()],
        )?;
        Ok(())
    }

    fn owner(&self) -> Result<Option<DeveloperAccountId>, SqlError> {
        let rows = self.runtime.exec("SELECT developer FROM owner", &[])?;
        rows.first().map(|row| row.text(0)?.parse().map_err(|_| SqlError("no owner's id".into()))).transpose()
    }

    fn end_project(&self) -> Result<(), SqlError> {
        self.runtime.exec("DELETE FROM owner", &[])?;
        let month = month_of(self.runtime.now().seconds());
        self.runtime.exec("INSERT OR IGNORE INTO ended(month) VALUES (?)", &[month.number.into()])?;
        self.runtime.set_alarm(Some(UnixMillis(month.ends_at.0 * 1000)))
    }

    /// Forgets what is too old; with the last row the object goes.
    pub fn alarm(&self) -> Result<(), PortError> {
        if !self.is_open.get() {
            return Ok(());
        }
        let now = self.runtime.now();
        let month = month_of(now.seconds()).number;
        let is_empty = in_transaction(&self.runtime, || {
            let is_over = !self.runtime.exec("SELECT 1 FROM ended WHERE month < ?", &[month.into()])?.is_empty();
            let oldest = if is_over { month + 1 } else { month.saturating_sub(MONTHS) };
            for statement in ["DELETE FROM app WHERE month < ?", "DELETE FROM month WHERE number < ?"] {
                self.runtime.exec(statement, &[oldest.into()])?;
            }
            let left = self
                .runtime
                .exec("SELECT 1 FROM app UNION ALL SELECT 1 FROM month UNION ALL SELECT 1 FROM owner LIMIT 1", &[])?;
            self.runtime.set_alarm(Some(now.plus_seconds(LOOK_EVERY)))?;
            Ok(left.is_empty())
        })
        .map_err(port_error)?;
        if is_empty {
            self.runtime.delete_all().map_err(port_error)?;
            self.is_open.set(false);
        }
        Ok(())
    }

    fn list_apps(&self, since: u64) -> Result<String, SqlError> {
        let rows = self.runtime.exec("SELECT id FROM app WHERE month >= ? ORDER BY id", &[since.into()])?;
        let ids: Result<Vec<&str>, SqlError> = rows.iter().map(|row| row.text(0)).collect();
        write(&ids?)
    }

    async fn reserve(&self, asked: &Reservation) -> Result<u64, PortError> {
        if let Some(ceiling) = asked.ceiling {
            self.leave_former(asked.month, ceiling.developer).await?;
        }
        for _ in 0..ROUNDS {
            let outcome = in_transaction(&self.runtime, || self.try_reserve(asked)).map_err(port_error)?;
            let (more, ceiling) = match (outcome, asked.ceiling) {
                (Outcome::NeedsMore(more), Some(ceiling)) => (more, ceiling),
                (Outcome::Reserved(granted), _) => return Ok(granted),
                (Outcome::NeedsMore(_), None) => return Ok(0),
            };
            let call = ProjectQuotaCall::Reserve(Reservation {
                app_id: None,
                month: asked.month,
                cap: ceiling.monthly_cap,
                ceiling: None,
                want: u32::try_from(more).unwrap_or(u32::MAX),
            });
            let drawn: u64 = ask(&self.runtime, &ObjectName::DeveloperQuota(ceiling.developer), &call).await?;
            if drawn == 0 {
                return Ok(0);
            }
            in_transaction(&self.runtime, || self.add_drawn(asked.month, drawn, ceiling.developer))
                .map_err(port_error)?;
        }
        Ok(0)
    }

    /// Gives back to the developer account's month what this Project does not need. It
    /// is gone from here first, so that it is never reserved as well.
    async fn give_back(&self, month: u64, unused: u64) -> Result<(), PortError> {
        let spare = in_transaction(&self.runtime, || {
            self.runtime.exec(
                "UPDATE month SET reserved = max(0, reserved - ?) WHERE number = ?",
                &[unused.into(), month.into()],
            )?;
            self.take_spare(month, "")
        })
        .map_err(port_error)?;
        self.give_spare_back(month, spare).await
    }

    /// Gives back what was drawn ahead on another developer account's month: the Project has changed hands.
    async fn leave_former(&self, month: u64, developer: DeveloperAccountId) -> Result<(), PortError> {
        let spare = in_transaction(&self.runtime, || self.take_spare(month, &developer.to_string()));
        self.give_spare_back(month, spare.map_err(port_error)?).await
    }

    async fn give_spare_back(&self, month: u64, spare: Option<(DeveloperAccountId, u64)>) -> Result<(), PortError> {
        let Some((developer, unused)) = spare else { return Ok(()) };
        let call = ProjectQuotaCall::GiveBack { month, unused };
        // Not tried again: nobody knows whether a call that failed was heard. Then the developer account has fewer left.
        ask(&self.runtime, &ObjectName::DeveloperQuota(developer), &call).await
    }
}

impl<R: Sql + Clock + Objects> Stored for ProjectQuota<R> {
    fn sql(&self) -> &dyn Sql {
        &self.runtime
    }

    fn tables(&self) -> &'static Tables {
        &Tables { steps: STEPS, left_out: &[], long: &[] }
    }

    fn complete(&self, _ended: &[EndedLater]) -> Result<(), SqlError> {
        self.runtime.set_alarm(Some(self.runtime.now().plus_seconds(DAY_SECONDS)))
    }

    fn opened(&self) {
        self.is_open.set(true);
    }
}

impl<R: Sql + Clock> ProjectQuota<R> {
    /// Takes out what was drawn and not reserved, unless it was drawn on `kept`'s month.
    fn take_spare(&self, month: u64, kept: &str) -> Result<Option<(DeveloperAccountId, u64)>, SqlError> {
        let rows = self.runtime.exec(
            "SELECT developer, drawn - reserved FROM month WHERE number = ? AND drawn > reserved AND developer <> ?",
            &[month.into(), kept.into()],
        )?;
        let Some(row) = rows.first() else { return Ok(None) };
        self.runtime.exec("UPDATE month SET drawn = reserved WHERE number = ?", &[month.into()])?;
        let developer = row.text(0)?.parse().ok();
        developer.map(|developer| Ok((developer, row.number(1)?))).transpose()
    }

    fn month(&self, number: u64) -> Result<Month, SqlError> {
        let rows = self.runtime.exec("SELECT reserved, drawn FROM month WHERE number = ?", &[number.into()])?;
        let Some(row) = rows.first() else { return Ok(Month::default()) };
        Ok(Month { reserved: row.number(0)?, drawn: row.number(1)? })
    }

    fn try_reserve(&self, asked: &Reservation) -> Result<Outcome, SqlError> {
        let Month { reserved, drawn } = self.month(asked.month)?;
        let mut granted = grant(asked.cap, reserved, asked.want);
        if granted == 0 {
            return Ok(Outcome::Reserved(0));
        }
        if asked.ceiling.is_some() {
            let free = drawn.saturating_sub(reserved);
            if free == 0 {
                // Never more than this Project may use by itself: the rest is for the others.
                let most = asked.cap.saturating_sub(drawn).max(1);
                return Ok(Outcome::NeedsMore(granted.saturating_mul(AHEAD).min(most)));
            }
            granted = granted.min(free);
        }
        if let Some(app_id) = asked.app_id {
            self.runtime.exec(
                "INSERT INTO app(id, month) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET month = max(month, ?2)",
                &[app_id.to_string().into(), asked.month.into()],
            )?;
        }
        self.wake_for(asked.month)?;
        self.runtime.exec(
            "INSERT INTO month(number, reserved, drawn, developer) VALUES (?1, ?2, 0, '') \
             ON CONFLICT DO UPDATE SET reserved = reserved + ?2",
            &[asked.month.into(), granted.into()],
        )?;
        Ok(Outcome::Reserved(granted))
    }

    /// Sets the alarm where a month is new here; a deleted Project's is set.
    fn wake_for(&self, month: u64) -> Result<(), SqlError> {
        let known = "SELECT 1 FROM month WHERE number = ? UNION ALL SELECT 1 FROM ended LIMIT 1";
        if self.runtime.exec(known, &[month.into()])?.is_empty() {
            self.runtime.set_alarm(Some(self.runtime.now().plus_seconds(LOOK_EVERY)))?;
        }
        Ok(())
    }

    fn add_drawn(&self, month: u64, drawn: u64, developer: DeveloperAccountId) -> Result<(), SqlError> {
        self.wake_for(month)?;
        self.runtime.exec(
            "INSERT INTO month(number, reserved, drawn, developer) VALUES (?1, 0, ?2, ?3) \
             ON CONFLICT DO UPDATE SET drawn = drawn + ?2, developer = ?3",
            &[month.into(), drawn.into(), developer.to_string().into()],
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reserved_ahead_shrinks_with_what_is_left() {
        for (cap, reserved, want, granted) in [
            (500_000, 0, 160, 160),
            (500_000, 499_000, 160, 15),
            (500_000, 499_990, 160, 1),
            (500_000, 499_999, 160, 1),
            (500_000, 500_000, 160, 0),
            (100, 500_000, 16, 0),
        ] {
            assert_eq!(grant(cap, reserved, want), granted);
        }
    }
}
