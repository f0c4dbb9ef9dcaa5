//! The SQLite database and the alarm of a Durable Object.

use gatehouse_core::ports::{Row, Sql, SqlError, Value};
use gatehouse_shared::model::UnixMillis;
use wasm_bindgen::prelude::*;
use worker::{SqlStorage, SqlStorageValue, State};

#[wasm_bindgen]
extern "C" {
    /// The parts of `ctx.storage` that the `worker` crate does not wrap, or
    /// wraps only as futures; a transaction needs them synchronous.
    #[derive(Clone)]
    type SyncStorage;
    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &SyncStorage,
        body: &mut dyn FnMut() -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setAlarm)]
    fn set_alarm(this: &SyncStorage, at: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = deleteAlarm)]
    fn delete_alarm(this: &SyncStorage) -> Result<JsValue, JsValue>;
}

/// A Durable Object's storage.
#[derive(Clone)]
pub struct ObjectStorage {
    sql: SqlStorage,
    storage: SyncStorage,
}

impl ObjectStorage {
    pub fn new(state: &State) -> Self {
        let storage = state.storage();
        Self { sql: storage.sql(), storage: storage.as_raw().unchecked_ref::<SyncStorage>().clone() }
    }
}

fn thrown(error: JsValue) -> SqlError {
    SqlError(error.as_string().unwrap_or_else(|| format!("{error:?}")))
}

impl Sql for ObjectStorage {
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, SqlError> {
        let params: Vec<SqlStorageValue> = params
            .iter()
            .map(|value| match value {
                Value::Null => SqlStorageValue::Null,
                Value::Integer(number) => SqlStorageValue::Integer(*number),
                Value::Text(text) => SqlStorageValue::String(text.clone()),
            })
            .collect();
        let told = |error: worker::Error| SqlError(error.to_string());
        let cursor = self.sql.exec(statement, params).map_err(told)?;
        cursor.raw().map(|row| Ok(Row(row.map_err(told)?.into_iter().map(read).collect()))).collect()
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Result<(), SqlError>) -> Result<(), SqlError> {
        let mut run = || body().map(|()| JsValue::UNDEFINED).map_err(|error| JsValue::from_str(&error.0));
        self.storage.transaction_sync(&mut run).map(|_| ()).map_err(thrown)
    }

    fn set_alarm(&self, at: Option<UnixMillis>) -> Result<(), SqlError> {
        // The promise is not waited for: the alarm is written with the transaction that this runs in, and the
        // runtime holds every answer back until both are durable.
        match at {
            Some(at) => self.storage.set_alarm(at.0 as f64),
            None => self.storage.delete_alarm(),
        }
        .map(|_| ())
        .map_err(thrown)
    }
}

fn read(value: SqlStorageValue) -> Value {
    match value {
        SqlStorageValue::String(text) => Value::Text(text),
        SqlStorageValue::Integer(number) => Value::Integer(number),
        SqlStorageValue::Boolean(flag) => Value::Integer(i64::from(flag)),
        SqlStorageValue::Float(number) => Value::Integer(number as i64),
        SqlStorageValue::Null | SqlStorageValue::Blob(_) => Value::Null,
    }
}
