//! Loads and stores documents.

use super::Ledger;
use gatehouse_domain::format::decode;
use gatehouse_domain::ports::{ObjectPorts, Row, SqlError, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) fn read<T: DeserializeOwned>(row: &Row) -> Result<T, SqlError> {
    decode("stored record", row.text(0)?).map_err(SqlError)
}

pub(crate) fn write(doc: &impl Serialize) -> Result<Value, SqlError> {
    serde_json::to_string(doc).map(Value::Text).map_err(|error| SqlError(format!("stored record: {error}")))
}

impl<R: ObjectPorts> Ledger<R> {
    pub fn list<T: DeserializeOwned>(&self, statement: &str, params: &[Value]) -> Result<Vec<T>, SqlError> {
        self.runtime.exec(statement, params)?.iter().map(read).collect()
    }
}
