//! The index of the months.

use super::{answer, port_error};
use crate::storage;
use gatehouse_domain::audit::Head;
use gatehouse_domain::format::decode;
use gatehouse_domain::message::audit_log::{AuditIndexCall, Opened};
use gatehouse_domain::message::storage::StorageMessage;
use gatehouse_domain::ports::{PortError, Sql, SqlError, Steps, in_transaction, migrate, open};
use gatehouse_shared::model::MonthNumber;
use std::cell::Cell;

pub(super) const STEPS: &Steps = &[&[
    "CREATE TABLE month(number INTEGER PRIMARY KEY)",
    // The end of the newest month that is not kept any more.
    "CREATE TABLE forgotten(id INTEGER PRIMARY KEY CHECK (id = 1), month INTEGER NOT NULL, seq INTEGER NOT NULL, \
     hash TEXT NOT NULL)",
]];

/// Knows which months the audit log has, and in which order they began.
pub struct AuditIndex<R> {
    pub(super) runtime: R,
    /// Whether the tables are there.
    pub(super) is_open: Cell<bool>,
}

impl<R: Sql> AuditIndex<R> {
    /// Opens the index. Its tables come with the first month.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        Ok(Self { is_open: Cell::new(open(&runtime, STEPS)?), runtime })
    }

    /// Answers one message.
    pub fn call(&self, message: &str) -> Result<String, PortError> {
        if StorageMessage::is_in(message) {
            return storage::answer(self, message);
        }
        match decode("audit index", message).map_err(PortError)? {
            AuditIndexCall::Open { month } => {
                if !self.is_open.get() {
                    migrate(&self.runtime, STEPS).map_err(port_error)?;
                    self.is_open.set(true);
                }
                answer(&in_transaction(&self.runtime, || self.open(month)).map_err(port_error)?)
            }
            AuditIndexCall::Forget { month, head } => {
                if self.is_open.get() {
                    in_transaction(&self.runtime, || self.forget(month, &head)).map_err(port_error)?;
                }
                answer(&())
            }
            AuditIndexCall::ListMonths if !self.is_open.get() => answer(&Vec::<MonthNumber>::new()),
            AuditIndexCall::ListMonths => answer(&self.months().map_err(port_error)?),
        }
    }

    fn months(&self) -> Result<Vec<MonthNumber>, SqlError> {
        let rows = self.runtime.exec("SELECT number FROM month ORDER BY number", &[])?;
        rows.iter().map(|row| Ok(MonthNumber(row.number(0)?))).collect()
    }

    /// Notes that a month begins, and tells where it goes on from. Asked again, it says the same.
    fn open(&self, month: MonthNumber) -> Result<Opened, SqlError> {
        let forgotten = self.runtime.exec("SELECT month, seq, hash FROM forgotten", &[])?;
        let over = forgotten.first().map(|row| row.number(0)).transpose()?;
        // One that was kept for longer than a later one is no part of what goes on.
        let months: Vec<MonthNumber> = self.months()?.into_iter().filter(|kept| Some(kept.0) > over).collect();
        let comes_too_late = !months.contains(&month) && months.last().is_some_and(|last| *last > month);
        if over.is_some_and(|over| over >= month.0) || comes_too_late {
            return Ok(Opened::Passed);
        }
        self.runtime.exec("INSERT OR IGNORE INTO month(number) VALUES (?)", &[month.0.into()])?;
        if let Some(before) = months.into_iter().rfind(|kept| *kept < month) {
            return Ok(Opened::After(before));
        }
        Ok(Opened::From(match forgotten.first() {
            Some(row) => Head { seq: row.number(1)?, hash: row.text(2)?.to_owned() },
            None => Head::default(),
        }))
    }

    fn forget(&self, month: MonthNumber, head: &Head) -> Result<(), SqlError> {
        self.runtime.exec("DELETE FROM month WHERE number = ?", &[month.0.into()])?;
        self.runtime.exec(
            "INSERT INTO forgotten(id, month, seq, hash) VALUES (1, ?, ?, ?) ON CONFLICT DO UPDATE \
             SET month = excluded.month, seq = excluded.seq, hash = excluded.hash \
             WHERE excluded.month > forgotten.month",
            &[month.0.into(), head.seq.into(), head.hash.as_str().into()],
        )?;
        Ok(())
    }
}
