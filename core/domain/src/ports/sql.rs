//! Runs SQL on the database of one Durable Object.

use gatehouse_shared::model::UnixMillis;
use serde::Serialize;

/// A value in a row or a parameter. 64-bit ids are text: numbers cross into
/// JavaScript as doubles and are exact to 2^53 only.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Null,
    Integer(i64),
    Text(String),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Integer(number.cast_signed())
    }
}

/// The statement failed, or the transaction was taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sql: {0}")]
pub struct SqlError(pub String);

impl SqlError {
    /// Whether somebody else holds the database at the moment: nothing was
    /// done, and trying again later helps.
    pub fn is_busy(&self) -> bool {
        ["SQLITE_BUSY", "SQLITE_LOCKED", "database is locked", "table is locked"]
            .iter()
            .any(|sign| self.0.contains(sign))
    }
}

/// A row, column by column in the order of the `SELECT`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The text in a column.
    pub fn text(&self, column: usize) -> Result<&str, SqlError> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(text),
            other => Err(SqlError(format!("column {column} is no text: {}", describe(other)))),
        }
    }

    /// The number in a column.
    pub fn integer(&self, column: usize) -> Result<i64, SqlError> {
        match self.0.get(column) {
            Some(Value::Integer(number)) => Ok(*number),
            other => Err(SqlError(format!("column {column} is no integer: {}", describe(other)))),
        }
    }

    /// The number in a column, as it was before it became a [`Value`].
    pub fn number(&self, column: usize) -> Result<u64, SqlError> {
        self.integer(column).map(i64::cast_unsigned)
    }
}

fn describe(value: Option<&Value>) -> &'static str {
    match value {
        None => "absent",
        Some(Value::Null) => "null",
        Some(Value::Integer(_)) => "integer",
        Some(Value::Text(_)) => "text",
    }
}

/// The SQLite database of one Durable Object. Synchronous, as it is there.
pub trait Sql {
    /// Runs one statement and gives its rows.
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, SqlError>;
    /// Runs `body` in a transaction; an error takes everything back.
    fn transaction(&self, body: &mut dyn FnMut() -> Result<(), SqlError>) -> Result<(), SqlError>;
    /// Sets the object's one alarm, or clears it; part of the transaction.
    fn set_alarm(&self, at: Option<UnixMillis>) -> Result<(), SqlError>;
    /// Deletes the tables and the alarm: the object takes no room any more, as
    /// one that nobody has named yet. Never inside a transaction.
    fn delete_all(&self) -> Result<(), SqlError>;
}

/// Runs `body` in a transaction and gives what it gave; an error takes
/// everything back.
pub fn in_transaction<T, E: From<SqlError>>(
    sql: &(impl Sql + ?Sized),
    body: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    let mut body = Some(body);
    let mut outcome = None;
    let ended = sql.transaction(&mut || {
        let Some(body) = body.take() else { return Err(SqlError("the transaction ran twice".into())) };
        let result = body();
        let ended = if result.is_ok() { Ok(()) } else { Err(SqlError("taken back".into())) };
        outcome = Some(result);
        ended
    });
    match (outcome, ended) {
        (Some(Ok(value)), Ok(())) => Ok(value),
        (Some(Err(error)), _) => Err(error),
        (_, Err(error)) => Err(error.into()),
        (None, Ok(())) => Err(SqlError("the transaction did not run".into()).into()),
    }
}
