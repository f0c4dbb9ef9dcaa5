//! Brings an object's tables to the newest version.

use super::{Sql, SqlError, in_transaction};

/// The tables of one kind of object, as they grew: each step brings a database
/// from its index to the next version. A step that was released never changes;
/// what the documents in the rows look like is a part of the version
/// (docs/decisions/0020-storage-versions.md).
pub type Steps = [&'static [&'static str]];

/// Opens the database of an object whose tables come with its first entry:
/// brings one that was used to the newest version, and tells whether it was.
pub fn open(sql: &impl Sql, steps: &Steps) -> Result<bool, SqlError> {
    let is_used = has_table(sql, "migration")?;
    if is_used {
        migrate(sql, steps)?;
    }
    Ok(is_used)
}

/// Brings a database to the newest version, in a transaction of its own.
pub fn migrate(sql: &impl Sql, steps: &Steps) -> Result<(), SqlError> {
    in_transaction(sql, || apply_steps(sql, steps))
}

/// Applies the steps that a database has not seen, in the caller's
/// transaction. One that a newer Worker has written is refused: what looks
/// like something known may mean something else by now.
pub fn apply_steps(sql: &(impl Sql + ?Sized), steps: &Steps) -> Result<(), SqlError> {
    sql.exec("CREATE TABLE IF NOT EXISTS migration(version INTEGER PRIMARY KEY)", &[])?;
    let rows = sql.exec("SELECT coalesce(max(version), 0) FROM migration", &[])?;
    let done = rows.first().map_or(Ok(0), |row| row.number(0))?;
    let done = usize::try_from(done).unwrap_or(usize::MAX);
    let newest = steps.len();
    if done > newest {
        return Err(SqlError(format!(
            "a newer Worker has written this object: its schema is version {done}, and this Worker knows {newest}; \
             deploy the newer one again"
        )));
    }
    for (index, statements) in steps.iter().enumerate().skip(done) {
        for statement in *statements {
            sql.exec(statement, &[])?;
        }
        sql.exec("INSERT INTO migration(version) VALUES (?)", &[(index as u64 + 1).into()])?;
    }
    Ok(())
}

/// Whether the database has that table. An object that only ever answers
/// "nothing here" must not write: anybody can make one by naming it.
pub fn has_table(sql: &(impl Sql + ?Sized), name: &str) -> Result<bool, SqlError> {
    let rows = sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", &[name.into()])?;
    Ok(!rows.is_empty())
}
