//! The object behind one Project's month: how much of its cap is given to
//! which of its Apps. Those reserve a part at a time and count within it.

use crate::date::month_of;
use crate::format::decode;
use crate::ports::{Clock, PortError, Sql, SqlError, Steps, in_transaction, migrate, open};
use gatehouse_shared::model::{AppId, UnixMillis};
use serde::{Deserialize, Serialize};
use std::cell::Cell;

const STEPS: &Steps = &[&[
    "CREATE TABLE month(number INTEGER PRIMARY KEY, reserved INTEGER NOT NULL)",
    "CREATE TABLE app(id TEXT PRIMARY KEY, month INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE ended(month INTEGER PRIMARY KEY)",
]];
/// One reservation ahead takes no more than that part of what is left.
const PART: u64 = 64;
/// For how many months the reservations are kept.
const MONTHS: u64 = 13;
/// How often it is looked what is too old, in seconds: a month.
const LOOK_EVERY: u64 = 31 * 86_400;

/// A message to a Project's gate.
#[derive(Debug, Serialize, Deserialize)]
pub enum ProjectGateCall {
    /// Reserves a part of a month; answers how much: `want` while there is
    /// plenty, at least 1 while there is something.
    Reserve { app_id: AppId, month: u64, cap: u64, want: u32 },
    /// Takes back what was reserved and not used. Answers `null`.
    GiveBack { month: u64, unused: u64 },
    /// Answers with every App that reserved something since a month.
    ListApps { since: u64 },
    /// The Project was deleted: what is kept here goes with the month. Answers `null`.
    EndProject,
}

pub struct ProjectGate<R> {
    runtime: R,
    /// Whether the tables are there.
    is_open: Cell<bool>,
}

fn write(answer: &impl Serialize) -> Result<String, SqlError> {
    serde_json::to_string(answer).map_err(|error| SqlError(error.to_string()))
}

/// How much to reserve of a month of which `reserved` is given away.
fn grant(cap: u64, reserved: u64, want: u32) -> u64 {
    let left = cap.saturating_sub(reserved);
    left.min(u64::from(want).min(left / PART).max(1))
}

impl<R: Sql + Clock> ProjectGate<R> {
    /// Opens the object. Its tables come with the first reservation.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        Ok(Self { is_open: Cell::new(open(&runtime, STEPS)?), runtime })
    }

    /// Answers one message.
    pub fn call(&self, message: &str) -> Result<String, PortError> {
        let call = decode("project gate", message).map_err(PortError)?;
        self.answer(&call).map_err(|error| PortError(format!("project gate: {error}")))
    }

    fn answer(&self, call: &ProjectGateCall) -> Result<String, SqlError> {
        if !self.is_open.get() {
            match call {
                ProjectGateCall::Reserve { .. } => {
                    migrate(&self.runtime, STEPS)?;
                    self.is_open.set(true);
                }
                ProjectGateCall::GiveBack { .. } | ProjectGateCall::EndProject => return write(&()),
                ProjectGateCall::ListApps { .. } => return write(&Vec::<AppId>::new()),
            }
        }
        in_transaction(&self.runtime, || match call {
            ProjectGateCall::Reserve { app_id, month, cap, want } => {
                write(&self.reserve(*app_id, *month, *cap, *want)?)
            }
            ProjectGateCall::GiveBack { month, unused } => {
                self.runtime.exec(
                    "UPDATE month SET reserved = max(0, reserved - ?) WHERE number = ?",
                    &[(*unused).into(), (*month).into()],
                )?;
                write(&())
            }
            ProjectGateCall::ListApps { since } => {
                let rows = self.runtime.exec("SELECT id FROM app WHERE month >= ? ORDER BY id", &[(*since).into()])?;
                let ids: Result<Vec<&str>, SqlError> = rows.iter().map(|row| row.text(0)).collect();
                write(&ids?)
            }
            ProjectGateCall::EndProject => {
                let month = month_of(self.runtime.now().seconds());
                self.runtime.exec("INSERT OR IGNORE INTO ended(month) VALUES (?)", &[month.number.into()])?;
                self.runtime.set_alarm(Some(UnixMillis(month.ends_at.0 * 1000)))?;
                write(&())
            }
        })
    }

    /// Forgets what is too old; with the last row the object goes.
    pub fn alarm(&self) -> Result<(), PortError> {
        if !self.is_open.get() {
            return Ok(());
        }
        let told = |error: SqlError| PortError(format!("project gate: {error}"));
        let now = self.runtime.now();
        let month = month_of(now.seconds()).number;
        let is_empty = in_transaction(&self.runtime, || {
            let is_over = !self.runtime.exec("SELECT 1 FROM ended WHERE month < ?", &[month.into()])?.is_empty();
            let oldest = if is_over { month + 1 } else { month.saturating_sub(MONTHS) };
            for statement in ["DELETE FROM app WHERE month < ?", "DELETE FROM month WHERE number < ?"] {
                self.runtime.exec(statement, &[oldest.into()])?;
            }
            let left = self.runtime.exec("SELECT 1 FROM app UNION ALL SELECT 1 FROM month LIMIT 1", &[])?;
            self.runtime.set_alarm(Some(now.plus_seconds(LOOK_EVERY)))?;
            Ok(left.is_empty())
        })
        .map_err(told)?;
        if is_empty {
            self.runtime.delete_all().map_err(told)?;
            self.is_open.set(false);
        }
        Ok(())
    }

    fn reserve(&self, app_id: AppId, month: u64, cap: u64, want: u32) -> Result<u64, SqlError> {
        let rows = self.runtime.exec("SELECT reserved FROM month WHERE number = ?", &[month.into()])?;
        let reserved = rows.first().map_or(Ok(0), |row| row.integer(0))? as u64;
        let granted = grant(cap, reserved, want);
        if granted == 0 {
            return Ok(0);
        }
        if rows.is_empty() && self.runtime.exec("SELECT 1 FROM ended LIMIT 1", &[])?.is_empty() {
            self.runtime.set_alarm(Some(self.runtime.now().plus_seconds(LOOK_EVERY)))?;
        }
        self.runtime.exec(
            "INSERT INTO app(id, month) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET month = max(month, ?2)",
            &[app_id.to_string().into(), month.into()],
        )?;
        self.runtime.exec("DELETE FROM app WHERE month < ?", &[month.saturating_sub(MONTHS).into()])?;
        self.runtime.exec(
            "INSERT INTO month(number, reserved) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET reserved = reserved + ?2",
            &[month.into(), granted.into()],
        )?;
        self.runtime.exec("DELETE FROM month WHERE number < ?", &[month.saturating_sub(MONTHS).into()])?;
        Ok(granted)
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
