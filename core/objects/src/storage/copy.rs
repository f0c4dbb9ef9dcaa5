//! Reads a copy, page by page.

use super::{LongTable, Stored, tables_of};
use gatehouse_domain::ports::{Row, Sql, SqlError, Value, has_table};
use gatehouse_shared::api::{CopyCursor, CopyPage, TableRows};
use serde_json::Value as Json;

/// How many rows of a long table a page has at the most.
const PAGE_ROWS: usize = 1_000;
/// How many bytes of text its rows have together, but for the last one: a restore takes pages up to a limit.
const PAGE_BYTES: usize = 2 * 1024 * 1024;

pub(super) fn copy(stored: &dyn Stored, after: Option<&CopyCursor>) -> Result<CopyPage, SqlError> {
    let sql = stored.sql();
    if !has_table(sql, "migration")? {
        return Ok(CopyPage::default());
    }
    let rows = sql.exec("SELECT coalesce(max(version), 0) FROM migration", &[])?;
    let schema = rows.first().map_or(Ok(0), |row| row.number(0))?;
    let mut page = CopyPage { schema: usize::try_from(schema).unwrap_or(usize::MAX), ..CopyPage::default() };
    let long = stored.tables().long;
    let Some(after) = after else {
        // Nothing comes in between: these tables are as they were at one moment.
        for name in tables_of(stored)? {
            if !long.iter().any(|long| long.name == name) {
                let rows = sql.exec(&format!("SELECT * FROM {name}"), &[])?;
                page.tables.push(TableRows { table: name, rows: rows.iter().map(as_json).collect() });
            }
        }
        page.next = long.first().map(beginning_of);
        return Ok(page);
    };
    let index = long.iter().position(|long| long.name == after.table);
    let (index, table) = index
        .and_then(|index| Some((index, long.get(index)?)))
        .ok_or_else(|| SqlError(format!("there is no long table {}", after.table)))?;
    let (rows, last) = read(sql, table, &after.key)?;
    page.next = last
        .map(|key| CopyCursor { table: after.table.clone(), key })
        .or_else(|| long.get(index + 1).map(beginning_of));
    page.tables.push(TableRows { table: after.table.clone(), rows });
    Ok(page)
}

fn beginning_of(table: &LongTable) -> CopyCursor {
    CopyCursor { table: table.name.to_owned(), key: Vec::new() }
}

type Rows = Vec<Vec<Json>>;

/// Rows from a key on, and the key of the last one where there may be more.
fn read(sql: &dyn Sql, table: &LongTable, after: &[Json]) -> Result<(Rows, Option<Vec<Json>>), SqlError> {
    let LongTable { name, key } = table;
    let columns = key.join(", ");
    let mut params = after.iter().map(as_value).collect::<Result<Vec<Value>, SqlError>>()?;
    let from = match params.len() {
        0 => String::new(),
        length if length == key.len() => format!("WHERE ({columns}) > ({})", vec!["?"; length].join(", ")),
        _ => return Err(SqlError(format!("the key of {name} has {} columns", key.len()))),
    };
    params.push((PAGE_ROWS as u64).into());
    // The key comes first, since a row tells no names.
    let rows = sql.exec(&format!("SELECT {columns}, * FROM {name} {from} ORDER BY {columns} LIMIT ?"), &params)?;
    let is_full = rows.len() == PAGE_ROWS;
    let mut rows: Rows = rows.iter().map(as_json).collect();
    let is_cut = cut(&mut rows, PAGE_BYTES);
    let mut last = None;
    for row in &mut rows {
        let rest = row.split_off(key.len());
        last = Some(std::mem::replace(row, rest));
    }
    Ok((rows, last.filter(|_| is_full || is_cut)))
}

/// Leaves out the rows after the one with which there are so many bytes; tells whether there were any.
fn cut(rows: &mut Rows, most: usize) -> bool {
    let mut bytes = 0;
    let fits = rows.iter().take_while(|row| {
        let fits = bytes < most;
        bytes += row.iter().map(|column| column.as_str().map_or(8, str::len)).sum::<usize>();
        fits
    });
    let (before, fits) = (rows.len(), fits.count());
    rows.truncate(fits);
    fits < before
}

fn as_json(row: &Row) -> Vec<Json> {
    let value = |value: &Value| match value {
        Value::Null => Json::Null,
        Value::Integer(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
    };
    row.0.iter().map(value).collect()
}

/// A column of a copy.
pub(super) fn as_value(column: &Json) -> Result<Value, SqlError> {
    match column {
        Json::Null => Ok(Value::Null),
        Json::String(text) => Ok(text.as_str().into()),
        Json::Number(number) => {
            let number = number.as_i64().ok_or_else(|| SqlError("a column is no whole number".to_owned()))?;
            Ok(Value::Integer(number))
        }
        _ => Err(SqlError("a column is neither a text nor a number".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_page_ends_with_the_row_that_fills_it() {
        let all: Rows = (0..5).map(|_| vec![json!("x".repeat(10))]).collect();
        for (most, left, is_cut) in [(1, 1, true), (10, 1, true), (11, 2, true), (40, 4, true), (41, 5, false)] {
            let mut rows = all.clone();
            assert_eq!((cut(&mut rows, most), rows.len()), (is_cut, left), "{most}");
        }
        assert!(!cut(&mut Rows::new(), 10));
    }
}
