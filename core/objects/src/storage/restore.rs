//! Fills an object that keeps nothing.

use super::copy::as_value;
use super::{Stored, tables_of};
use gatehouse_domain::ports::{Sql, SqlError, Value, apply_steps, has_table, in_transaction};
use gatehouse_shared::api::{RestorePage, Restored};

/// The table that an object has while it waits for further pages.
pub(super) const MARK: &str = "restoring";

/// Takes one page. An object that kept something before the first one stays as it is. Sent twice, a page does what
/// it does once.
pub(super) fn restore(stored: &dyn Stored, page: &RestorePage) -> Result<Restored, SqlError> {
    let (sql, steps) = (stored.sql(), stored.tables().steps);
    let known = steps.get(..page.schema).filter(|known| !known.is_empty()).ok_or_else(|| {
        SqlError(format!(
            "the copy's schema is version {}, and this Worker knows {}; restore with a newer one",
            page.schema,
            steps.len()
        ))
    })?;
    let restored = in_transaction(sql, || {
        if !has_table(sql, MARK)? {
            if has_table(sql, "migration")? && !stored.make_room(page)? {
                return Ok(Restored { was_there: true });
            }
            apply_steps(sql, known)?;
            sql.exec(&format!("CREATE TABLE {MARK}(id INTEGER PRIMARY KEY)"), &[])?;
        }
        let tables = tables_of(stored)?;
        for rows in &page.tables {
            if !tables.contains(&rows.table) {
                return Err(SqlError(format!("a table {} is not known here", rows.table)));
            }
            for row in &rows.rows {
                let params = row.iter().map(as_value).collect::<Result<Vec<Value>, SqlError>>()?;
                let marks = vec!["?"; params.len()].join(", ");
                sql.exec(&format!("INSERT OR REPLACE INTO {} VALUES ({marks})", rows.table), &params)?;
            }
        }
        if page.is_last {
            sql.exec(&format!("DROP TABLE {MARK}"), &[])?;
            apply_steps(sql, steps)?;
            stored.complete(&page.ended)?;
        }
        Ok(Restored { was_there: false })
    })?;
    stored.opened();
    Ok(restored)
}

/// Whether an object waits for further pages.
pub(crate) fn is_restoring(sql: &impl Sql) -> Result<bool, SqlError> {
    has_table(sql, MARK)
}
