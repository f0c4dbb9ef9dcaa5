//! The log of one month: takes entries until the month is over.

use super::{answer, port_error};
use crate::storage;
use gatehouse_domain::audit::{Head, NewAuditEntry};
use gatehouse_domain::format::decode;
use gatehouse_domain::message::audit_log::{
    Appended, AuditIndexCall, AuditMonthCall, AuditMonthRequest, MonthPage, MonthState, Opened,
};
use gatehouse_domain::message::storage::StorageMessage;
use gatehouse_domain::ports::{
    Clock, ObjectName, Objects, PortError, Sql, SqlError, Steps, apply_steps, ask, in_transaction, open,
};
use gatehouse_shared::model::{DAY_SECONDS, MonthNumber, UnixMillis};
use std::cell::Cell;

pub(super) const STEPS: &Steps = &[&[
    "CREATE TABLE log(id INTEGER PRIMARY KEY CHECK (id = 1), month INTEGER NOT NULL, first_seq INTEGER NOT NULL, \
     first_hash TEXT NOT NULL, is_sealed INTEGER NOT NULL, keep_days INTEGER NOT NULL)",
    "CREATE TABLE entry(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, \
     operation TEXT NOT NULL, actor TEXT NOT NULL, facts TEXT NOT NULL, personal TEXT, salt TEXT, \
     personal_digest TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL)",
    "CREATE INDEX entry_actor ON entry(actor)",
    "CREATE INDEX entry_operation ON entry(operation)",
    "CREATE TABLE subject(id TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(id, seq)) WITHOUT ROWID",
]];
/// For how many days a month is kept whose entries do not tell.
const KEEP_DAYS: u64 = 366;

fn known_days(entry: &NewAuditEntry) -> u64 {
    if entry.keep_days == 0 { KEEP_DAYS } else { entry.keep_days }
}

/// The audit log of one month.
pub struct AuditMonth<R> {
    pub(super) runtime: R,
    /// Whether the tables are there.
    pub(super) is_open: Cell<bool>,
}

impl<R: Sql + Clock + Objects> AuditMonth<R> {
    /// Opens the log. Its tables come with the first entry.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        Ok(Self { is_open: Cell::new(open(&runtime, STEPS)?), runtime })
    }

    /// Answers one message.
    pub async fn call(&self, message: &str) -> Result<String, PortError> {
        if StorageMessage::is_in(message) {
            return storage::answer(self, message);
        }
        let AuditMonthRequest { month, call } = decode("audit month", message).map_err(PortError)?;
        match call {
            AuditMonthCall::Append(entry) => answer(&self.append(month, &entry).await?),
            AuditMonthCall::Seal => answer(&self.seal(month).await?),
            AuditMonthCall::Describe if !self.is_open.get() => answer(&MonthState::default()),
            AuditMonthCall::Describe => answer(&self.describe().map_err(port_error)?),
            AuditMonthCall::List(_) | AuditMonthCall::Export { .. } if !self.is_open.get() => {
                answer(&MonthPage { entries: Vec::new(), next: None })
            }
            AuditMonthCall::List(filter) => answer(&self.list(month, &filter).map_err(port_error)?),
            AuditMonthCall::Export { skip, limit } => answer(&self.export(month, skip, limit).map_err(port_error)?),
            AuditMonthCall::Erase { .. } if !self.is_open.get() => answer(&0),
            AuditMonthCall::Erase { account } => {
                answer(&in_transaction(&self.runtime, || self.erase(account)).map_err(port_error)?)
            }
        }
    }

    async fn append(&self, month: MonthNumber, entry: &NewAuditEntry) -> Result<Appended, PortError> {
        if !self.is_open.get() && (self.is_over(month) || !self.begin(month, known_days(entry)).await?) {
            return Ok(Appended::Over);
        }
        in_transaction(&self.runtime, || self.try_append(month, entry)).map_err(port_error)
    }

    fn try_append(&self, month: MonthNumber, entry: &NewAuditEntry) -> Result<Appended, SqlError> {
        if storage::is_restoring(&self.runtime)? {
            return Err(SqlError("the log is being restored".to_owned()));
        }
        let known = self.runtime.exec("SELECT 1 FROM entry WHERE id = ?", &[entry.facts.id.as_str().into()])?;
        if !known.is_empty() {
            return Ok(Appended::Here);
        }
        let sealed = self.runtime.exec("SELECT 1 FROM log WHERE is_sealed = 1", &[])?;
        if !sealed.is_empty() || self.is_over(month) {
            return Ok(Appended::Over);
        }
        self.keep_for(month, known_days(entry))?;
        self.insert(&self.head()?, entry)?;
        Ok(Appended::Here)
    }

    /// Takes the end of the month before, which gets no more entries then, and
    /// makes the tables. Tells whether this month may begin: not after a later one did.
    async fn begin(&self, month: MonthNumber, keep_days: u64) -> Result<bool, PortError> {
        let head = match ask(&self.runtime, &ObjectName::AuditIndex, &AuditIndexCall::Open { month }).await? {
            Opened::Passed => return Ok(false),
            Opened::From(head) => head,
            Opened::After(before) => {
                let request = AuditMonthRequest { month: before, call: AuditMonthCall::Seal };
                ask(&self.runtime, &ObjectName::AuditMonth(before), &request).await?
            }
        };
        in_transaction(&self.runtime, || {
            // Another call may have been quicker.
            if !self.is_open.get() {
                apply_steps(&self.runtime, STEPS)?;
            }
            let begun = self.runtime.exec(
                "INSERT OR IGNORE INTO log(id, month, first_seq, first_hash, is_sealed, keep_days) \
                 VALUES (1, ?, ?, ?, 0, 0) RETURNING 1",
                &[month.0.into(), head.seq.into(), head.hash.as_str().into()],
            )?;
            if begun.is_empty() { Ok(()) } else { self.keep_for(month, keep_days) }
        })
        .map_err(port_error)?;
        self.is_open.set(true);
        Ok(true)
    }

    /// Takes no more entries, and tells where the log ends.
    async fn seal(&self, month: MonthNumber) -> Result<Head, PortError> {
        // One that began and got no entry passes on where it began from.
        if !self.is_open.get() && !self.begin(month, KEEP_DAYS).await? {
            // It is forgotten by now: the index tells when it is asked again.
            return Err(PortError(format!("audit/{month} is not kept any more")));
        }
        in_transaction(&self.runtime, || {
            self.runtime.exec("UPDATE log SET is_sealed = 1", &[])?;
            self.head()
        })
        .map_err(port_error)
    }

    /// Ends with its month, so many days after it.
    pub async fn alarm(&self) -> Result<(), PortError> {
        if !self.is_open.get() {
            return Ok(());
        }
        let (month, head) = in_transaction(&self.runtime, || {
            self.runtime.exec("UPDATE log SET is_sealed = 1", &[])?;
            let rows = self.runtime.exec("SELECT month FROM log", &[])?;
            let month = rows.first().map_or(Ok(0), |row| row.number(0))?;
            Ok((MonthNumber(month), self.head()?))
        })
        .map_err(port_error)?;
        let _: () = ask(&self.runtime, &ObjectName::AuditIndex, &AuditIndexCall::Forget { month, head }).await?;
        self.runtime.delete_all().map_err(port_error)?;
        self.is_open.set(false);
        Ok(())
    }
}

impl<R: Sql + Clock> AuditMonth<R> {
    pub(super) fn is_over(&self, month: MonthNumber) -> bool {
        MonthNumber::of(self.runtime.now().seconds()) > month
    }

    /// Sets the alarm where it is not known yet for how long the month is kept, or where that changed.
    pub(super) fn keep_for(&self, month: MonthNumber, days: u64) -> Result<(), SqlError> {
        let changed = "UPDATE log SET keep_days = ?1 WHERE keep_days <> ?1 RETURNING 1";
        if self.runtime.exec(changed, &[days.into()])?.is_empty() {
            return Ok(());
        }
        self.runtime.set_alarm(Some(UnixMillis(month.ends_at().plus(days * DAY_SECONDS).0 * 1000)))
    }

    /// Where the log ends: at its newest entry, or where it began from.
    pub(super) fn head(&self) -> Result<Head, SqlError> {
        let newest = self.runtime.exec("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1", &[])?;
        let rows =
            if newest.is_empty() { self.runtime.exec("SELECT first_seq, first_hash FROM log", &[])? } else { newest };
        let Some(row) = rows.first() else { return Ok(Head::default()) };
        Ok(Head { seq: row.number(0)?, hash: row.text(1)?.to_owned() })
    }
}
