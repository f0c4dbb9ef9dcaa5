//! The entries of a month: written once, read, and rid of personal data.

use super::AuditMonth;
use crate::ledger::write;
use gatehouse_domain::audit::{Head, NewAuditEntry, hash_entry, personal_digest};
use gatehouse_domain::message::audit_log::{AuditFilter, MonthPage, MonthState};
use gatehouse_domain::ports::{Clock, Row, Sql, SqlError, Value};
use gatehouse_shared::model::{AccountId, MonthNumber};
use serde::Serialize;
use serde_json::value::RawValue;

const COLUMNS: &str = "seq, facts, personal, salt, personal_digest, previous_hash, hash";

/// Larger than each number and time here; JavaScript takes no larger integer.
const MOST: u64 = (1 << 53) - 1;

/// An [`AuditEntry`](gatehouse_shared::api::AuditEntry) whose documents are as they are kept.
#[derive(Serialize)]
struct KeptEntry<'a> {
    month: MonthNumber,
    seq: u64,
    facts: &'a RawValue,
    personal: Option<&'a RawValue>,
    salt: Option<&'a str>,
    personal_digest: &'a str,
    previous_hash: &'a str,
    hash: &'a str,
}

fn raw(text: &str) -> Result<&RawValue, SqlError> {
    serde_json::from_str(text).map_err(|error| SqlError(format!("entry: {error}")))
}

fn read(month: MonthNumber, row: &Row) -> Result<Box<RawValue>, SqlError> {
    let entry = KeptEntry {
        month,
        seq: row.number(0)?,
        facts: raw(row.text(1)?)?,
        personal: row.text(2).ok().map(raw).transpose()?,
        salt: row.text(3).ok(),
        personal_digest: row.text(4)?,
        previous_hash: row.text(5)?,
        hash: row.text(6)?,
    };
    serde_json::value::to_raw_value(&entry).map_err(|error| SqlError(format!("entry: {error}")))
}

impl<R: Sql + Clock> AuditMonth<R> {
    pub(super) fn insert(&self, head: &Head, entry: &NewAuditEntry) -> Result<(), SqlError> {
        let NewAuditEntry { facts, personal, salt, .. } = entry;
        let personal = write(personal)?;
        let digest = match &personal {
            Value::Text(text) => personal_digest(salt, text),
            _ => String::new(),
        };
        let (seq, actor) = (head.seq + 1, facts.actor_account_id.map(|id| id.to_string()));
        self.runtime.exec(
            "INSERT INTO entry(seq, id, at, operation, actor, facts, personal, salt, personal_digest, previous_hash, \
             hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            &[
                seq.into(),
                facts.id.as_str().into(),
                facts.at.0.into(),
                facts.operation.as_str().into(),
                actor.unwrap_or_else(|| facts.actor_kind.as_str().to_owned()).into(),
                write(facts)?,
                personal,
                salt.as_str().into(),
                digest.as_str().into(),
                head.hash.as_str().into(),
                hash_entry(head, facts, &digest).into(),
            ],
        )?;
        let subjects = [
            facts.account_id.map(|id| id.to_string()),
            facts.developer_account_id.map(|id| id.to_string()),
            facts.project_id.map(|id| id.to_string()),
            facts.app_id.map(|id| id.to_string()),
            Some(facts.request_id.clone()).filter(|id| !id.is_empty()),
        ];
        for subject in subjects.into_iter().flatten() {
            self.runtime.exec("INSERT OR IGNORE INTO subject(id, seq) VALUES (?, ?)", &[subject.into(), seq.into()])?;
        }
        Ok(())
    }

    pub(super) fn describe(&self) -> Result<MonthState, SqlError> {
        let (rows, head) = (self.runtime.exec("SELECT first_seq FROM log", &[])?, self.head()?);
        let first = rows.first().map_or(Ok(head.seq), |row| row.number(0))?;
        Ok(MonthState { entries: head.seq.saturating_sub(first), head })
    }

    pub(super) fn list(&self, month: MonthNumber, filter: &AuditFilter) -> Result<MonthPage, SqlError> {
        let mut conditions = vec!["seq < ?1", "at >= ?2", "at < ?3"];
        let params: [Value; 7] = [
            filter.before.unwrap_or(MOST).into(),
            filter.from.map_or(0, |at| at.0).into(),
            filter.until.map_or(MOST, |at| at.0).into(),
            filter.limit.into(),
            filter.actor.as_str().into(),
            filter.operation.as_str().into(),
            filter.subject.as_str().into(),
        ];
        for (wanted, condition) in [
            (&filter.actor, "actor = ?5"),
            (&filter.operation, "operation = ?6"),
            (&filter.subject, "seq IN (SELECT seq FROM subject WHERE id = ?7)"),
        ] {
            if !wanted.is_empty() {
                conditions.push(condition);
            }
        }
        // Every parameter must stand in the statement.
        conditions.push("?5 || ?6 || ?7 IS NOT NULL");
        let statement =
            format!("SELECT {COLUMNS} FROM entry WHERE {} ORDER BY seq DESC LIMIT ?4", conditions.join(" AND "));
        let rows = self.runtime.exec(&statement, &params)?;
        page(month, &rows, filter.limit)
    }

    pub(super) fn export(&self, month: MonthNumber, skip: u64, limit: u64) -> Result<MonthPage, SqlError> {
        let statement =
            format!("SELECT {COLUMNS} FROM entry WHERE seq > (SELECT first_seq FROM log) + ? ORDER BY seq LIMIT ?");
        page(month, &self.runtime.exec(&statement, &[skip.into(), limit.into()])?, limit)
    }

    /// Erases the personal data of entries by or about an account: the chain covers their digest, which stays.
    pub(super) fn erase(&self, account: AccountId) -> Result<usize, SqlError> {
        let erased = self.runtime.exec(
            "UPDATE entry SET personal = NULL, salt = NULL WHERE personal IS NOT NULL \
             AND (actor = ?1 OR seq IN (SELECT seq FROM subject WHERE id = ?1)) RETURNING seq",
            &[account.to_string().into()],
        )?;
        Ok(erased.len())
    }
}

fn page(month: MonthNumber, rows: &[Row], limit: u64) -> Result<MonthPage, SqlError> {
    let entries: Vec<Box<RawValue>> = rows.iter().map(|row| read(month, row)).collect::<Result<_, _>>()?;
    let is_full = u64::try_from(entries.len()).is_ok_and(|length| length >= limit);
    let last = rows.last().filter(|_| is_full).map(|row| row.number(0)).transpose()?;
    Ok(MonthPage { entries, next: last })
}
