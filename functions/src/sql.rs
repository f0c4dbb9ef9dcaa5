//! The SQLite database and the alarm of a Durable Object.

use crate::message_of;
use gatehouse_domain::ports::{Row, Sql, SqlError, Value};
use gatehouse_shared::model::UnixMillis;
use serde_json::Value as Json;
use wasm_bindgen::prelude::*;
use worker::State;

#[wasm_bindgen(module = "/src/calls.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn execute(sql: &JsValue, statement: &str, params: &str) -> Result<String, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The parts of `ctx.storage` that the `worker` crate does not wrap, or
    /// wraps only as futures; a transaction needs them synchronous.
    #[derive(Clone)]
    type SyncStorage;
    #[wasm_bindgen(method, getter)]
    fn sql(this: &SyncStorage) -> JsValue;
    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &SyncStorage,
        body: &mut dyn FnMut() -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setAlarm)]
    fn set_alarm(this: &SyncStorage, at: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = deleteAlarm)]
    fn delete_alarm(this: &SyncStorage) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = deleteAll)]
    fn delete_all(this: &SyncStorage) -> Result<JsValue, JsValue>;
}

/// A Durable Object's storage.
#[derive(Clone)]
pub struct ObjectStorage {
    sql: JsValue,
    storage: SyncStorage,
}

impl ObjectStorage {
    pub fn new(state: &State) -> Self {
        let storage = state.storage().as_raw().unchecked_ref::<SyncStorage>().clone();
        Self { sql: storage.sql(), storage }
    }
}

fn thrown(error: JsValue) -> SqlError {
    SqlError(message_of(&error).or_else(|| error.as_string()).unwrap_or_else(|| format!("{error:?}")))
}

impl Sql for ObjectStorage {
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, SqlError> {
        let told = |error: serde_json::Error| SqlError(error.to_string());
        let params = serde_json::to_string(params).map_err(told)?;
        let rows = execute(&self.sql, statement, &params).map_err(thrown)?;
        let rows: Vec<Vec<Json>> = serde_json::from_str(&rows).map_err(told)?;
        rows.into_iter().map(|row| row.into_iter().map(read).collect::<Result<_, _>>().map(Row)).collect()
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Result<(), SqlError>) -> Result<(), SqlError> {
        let mut run = || body().map(|()| JsValue::UNDEFINED).map_err(|error| JsValue::from_str(&error.0));
        self.storage.transaction_sync(&mut run).map(|_| ()).map_err(thrown)
    }

    fn set_alarm(&self, at: Option<UnixMillis>) -> Result<(), SqlError> {
        // The promise is not waited for: the alarm is written with whatever else is written in the same task, and the
        // runtime holds every answer back until both are durable.
        match at {
            Some(at) => self.storage.set_alarm(at.0 as f64),
            None => self.storage.delete_alarm(),
        }
        .map(|_| ())
        .map_err(thrown)
    }

    fn delete_all(&self) -> Result<(), SqlError> {
        // The alarm first: `deleteAll` alone keeps it, and with it the database. Neither promise is waited for, as above.
        self.storage.delete_alarm().map_err(thrown)?;
        self.storage.delete_all().map(|_| ()).map_err(thrown)
    }
}

fn read(value: Json) -> Result<Value, SqlError> {
    match value {
        Json::Null => Ok(Value::Null),
        Json::String(text) => Ok(Value::Text(text)),
        Json::Number(number) => {
            number.as_i64().map(Value::Integer).ok_or_else(|| SqlError(format!("{number} is no integer")))
        }
        other => Err(SqlError(format!("no column holds {other}"))),
    }
}
