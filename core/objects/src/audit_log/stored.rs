//! The storage of the log as a whole: copied, and restored before what was logged here meanwhile.
//!
//! Whoever restores signs in first, and with that the log has begun. Its entries make room and are appended again,
//! after those of the copy: the chain goes on.

use super::index;
use super::month::{self, AuditMonth};
use crate::storage::{LongTable, Stored, Tables};
use gatehouse_domain::audit::{Head, hash_entry};
use gatehouse_domain::format::decode;
use gatehouse_domain::ports::{Clock, Objects, Sql, SqlError};
use gatehouse_shared::api::{AuditFacts, EndedLater, RestorePage};
use gatehouse_shared::model::MonthNumber;

/// A log with more entries is no new one.
const MOST_IN_A_NEW_LOG: u64 = 1_000;

impl<R: Sql + Clock + Objects> Stored for AuditMonth<R> {
    fn sql(&self) -> &dyn Sql {
        &self.runtime
    }

    fn tables(&self) -> &'static Tables {
        &Tables {
            steps: month::STEPS,
            left_out: &["aside", "aside_subject"],
            long: &[LongTable { name: "entry", key: &["seq"] }, LongTable { name: "subject", key: &["id", "seq"] }],
        }
    }

    fn make_room(&self, page: &RestorePage) -> Result<bool, SqlError> {
        // A later page without the first one comes because an answer was lost.
        if !page.tables.iter().any(|rows| rows.table == "log") {
            return Ok(false);
        }
        let rows = self.runtime.exec("SELECT is_sealed, (SELECT count(*) FROM entry) FROM log", &[])?;
        let is_new = match rows.first() {
            Some(row) => row.number(0)? == 0 && row.number(1)? <= MOST_IN_A_NEW_LOG,
            None => true,
        };
        if is_new {
            for statement in [
                "CREATE TABLE aside AS SELECT * FROM entry",
                "CREATE TABLE aside_subject AS SELECT * FROM subject",
                "DELETE FROM entry",
                "DELETE FROM subject",
                "DELETE FROM log",
            ] {
                self.runtime.exec(statement, &[])?;
            }
        }
        Ok(is_new)
    }

    fn complete(&self, _ended: &[EndedLater]) -> Result<(), SqlError> {
        let rows = self.runtime.exec("SELECT month, keep_days FROM log", &[])?;
        let row = rows.first().ok_or_else(|| SqlError("the copy has no log".to_owned()))?;
        let (month, days) = (MonthNumber(row.number(0)?), row.number(1)?);
        // An entry may have come between the pages of entries and those of subjects.
        self.runtime.exec("DELETE FROM subject WHERE seq > (SELECT coalesce(max(seq), 0) FROM entry)", &[])?;
        let aside = self.runtime.exec("SELECT 1 FROM sqlite_master WHERE name = 'aside'", &[])?;
        if !aside.is_empty() {
            self.append_aside()?;
            self.runtime.exec("DROP TABLE aside", &[])?;
            self.runtime.exec("DROP TABLE aside_subject", &[])?;
        }
        self.runtime.exec("UPDATE log SET keep_days = 0, is_sealed = ?", &[u64::from(self.is_over(month)).into()])?;
        self.keep_for(month, days)
    }

    fn opened(&self) {
        self.is_open.set(true);
    }
}

impl<R: Sql + Clock + Objects> AuditMonth<R> {
    /// Appends the entries that had made room, with new numbers and hashes.
    fn append_aside(&self) -> Result<(), SqlError> {
        let rows = self.runtime.exec(
            "SELECT seq, facts, personal_digest FROM aside WHERE id NOT IN (SELECT id FROM entry) ORDER BY seq",
            &[],
        )?;
        for row in &rows {
            let (before, head) = (row.number(0)?, self.head()?);
            let facts: AuditFacts = decode("audit entry", row.text(1)?).map_err(SqlError)?;
            let Head { seq, hash } = &head;
            self.runtime.exec(
                "INSERT INTO entry(seq, id, at, operation, actor, facts, personal, salt, personal_digest, \
                 previous_hash, hash) SELECT ?1, id, at, operation, actor, facts, personal, salt, personal_digest, \
                 ?2, ?3 FROM aside WHERE seq = ?4",
                &[
                    (seq + 1).into(),
                    hash.as_str().into(),
                    hash_entry(&head, &facts, row.text(2)?).into(),
                    before.into(),
                ],
            )?;
            self.runtime.exec(
                "INSERT OR IGNORE INTO subject(id, seq) SELECT id, ?1 FROM aside_subject WHERE seq = ?2",
                &[(seq + 1).into(), before.into()],
            )?;
        }
        Ok(())
    }
}

impl<R: Sql> Stored for index::AuditIndex<R> {
    fn sql(&self) -> &dyn Sql {
        &self.runtime
    }

    fn tables(&self) -> &'static Tables {
        &Tables { steps: index::STEPS, left_out: &[], long: &[] }
    }

    /// A month that began here already stands beside those of the copy.
    fn make_room(&self, _page: &RestorePage) -> Result<bool, SqlError> {
        Ok(true)
    }

    fn opened(&self) {
        self.is_open.set(true);
    }
}
