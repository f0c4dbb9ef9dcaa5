//! The ports that one Durable Object sees.

use super::{Port, World};
use gatehouse_domain::metrics::Metrics;
use gatehouse_domain::ports::{
    Clock, Identity, KV_WRITE_MILLIS, Kv, Log, Meter, OBJECT_MILLIS, ObjectName, Objects, PortError, Row, Sql,
    SqlError, Value,
};
use gatehouse_shared::model::UnixMillis;
use rusqlite::types::ValueRef;
use std::cell::Cell;
use std::rc::{Rc, Weak};

/// What one Durable Object sees of the world. After a crash it sees nothing:
/// a new one opens the same database.
pub struct MemoryObject {
    /// Weak, since the world keeps its objects: otherwise no test would ever let go of one.
    pub(super) world: Weak<World>,
    pub(super) metrics: Rc<Metrics>,
    pub(super) name: ObjectName,
    pub(super) database: Rc<rusqlite::Connection>,
    pub(super) dead: Rc<Cell<bool>>,
}

impl MemoryObject {
    /// The world, which outlives every call that one of its objects answers.
    fn world(&self) -> Rc<World> {
        self.world.upgrade().expect("an object of a world that is gone")
    }

    /// One step at which a fault may strike.
    fn step(&self) -> Result<(), PortError> {
        if self.dead.get() {
            return Err(PortError("crashed".into()));
        }
        self.world().strike().inspect_err(|error| {
            if error.0 == "crashed" {
                self.dead.set(true);
                self.world().forget(&self.name);
            }
        })
    }
}

impl Meter for MemoryObject {
    fn metrics(&self) -> &Metrics {
        &self.metrics
    }
}

impl Identity for MemoryObject {
    fn identity(&self) -> String {
        self.name.to_string()
    }
}

impl Clock for MemoryObject {
    fn now(&self) -> UnixMillis {
        self.world().now()
    }
}

impl Kv for MemoryObject {
    async fn get(&self, key: &str) -> Result<Option<String>, PortError> {
        let read = async {
            self.world().pause().await;
            self.step()?;
            self.world().read_kv(key)
        };
        let read = read.await;
        self.metrics.count_kv_read(&read);
        read
    }

    async fn put(&self, key: &str, value: &str, lifetime_seconds: Option<u64>) -> Result<(), PortError> {
        let written = self.write_kv(key, value, lifetime_seconds).await;
        self.metrics.count_kv_write(&written);
        written
    }
}

impl Objects for MemoryObject {
    async fn call(&self, object: &ObjectName, message: String) -> Result<String, PortError> {
        let answer = self.call_object(object, &message).await;
        self.metrics.count_object_call(object.class(), &answer);
        answer
    }
}

impl MemoryObject {
    async fn write_kv(&self, key: &str, value: &str, lifetime_seconds: Option<u64>) -> Result<(), PortError> {
        self.world().pause().await;
        self.step()?;
        if self.world().hangs(Port::KvWrite) {
            self.world().put_perhaps(key, value, lifetime_seconds);
            return Err(self.world().hang(format_args!("kv put {key}"), KV_WRITE_MILLIS).await);
        }
        self.world().put_kv(key, value, lifetime_seconds)?;
        self.world().pause().await;
        // Here the write is done and only its answer can be lost.
        self.step()
    }

    async fn call_object(&self, object: &ObjectName, message: &str) -> Result<String, PortError> {
        self.world().pause().await;
        self.step()?;
        if self.world().hangs(Port::Object) {
            return Err(self.world().hang(object, OBJECT_MILLIS).await);
        }
        let answer = World::deliver(&self.world(), object, message).await;
        self.world().pause().await;
        self.step()?;
        answer
    }
}

impl Log for MemoryObject {
    fn error(&self, line: &str) {
        self.world().log.borrow_mut().push(line.to_owned());
    }
}

impl Sql for MemoryObject {
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, SqlError> {
        if self.dead.get() {
            return Err(SqlError("crashed".into()));
        }
        let failed = |error: rusqlite::Error| SqlError(error.to_string());
        let mut prepared = self.database.prepare(statement).map_err(failed)?;
        let columns = prepared.column_count();
        let bound = rusqlite::params_from_iter(params.iter().map(|value| match value {
            Value::Null => rusqlite::types::Value::Null,
            Value::Integer(number) => rusqlite::types::Value::Integer(*number),
            Value::Text(text) => rusqlite::types::Value::Text(text.clone()),
        }));
        let mut rows = prepared.query(bound).map_err(failed)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            let mut values = Vec::with_capacity(columns);
            for column in 0..columns {
                values.push(match row.get_ref(column).map_err(failed)? {
                    ValueRef::Integer(number) => Value::Integer(number),
                    ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                    _ => Value::Null,
                });
            }
            out.push(Row(values));
        }
        Ok(out)
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Result<(), SqlError>) -> Result<(), SqlError> {
        self.exec("BEGIN", &[])?;
        // Before the commit: nothing of it may stay.
        let outcome = body().and_then(|()| self.step().map_err(|error| SqlError(error.0)));
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        self.database.execute_batch(end).map_err(|error| SqlError(error.to_string()))?;
        outcome?;
        // After it: all of it must, whether or not anybody hears of it.
        self.step().map_err(|error| SqlError(error.0))
    }

    fn set_alarm(&self, at: Option<UnixMillis>) -> Result<(), SqlError> {
        // In the same database, so that it is taken back with a transaction.
        self.exec("DELETE FROM _alarm", &[])?;
        if let Some(at) = at {
            self.exec("INSERT INTO _alarm(at) VALUES (?)", &[at.0.into()])?;
        }
        Ok(())
    }

    fn delete_all(&self) -> Result<(), SqlError> {
        if !self.database.is_autocommit() {
            return Err(SqlError("deleteAll() does not belong into a transaction".into()));
        }
        self.step().map_err(|error| SqlError(error.0))?;
        self.set_alarm(None)?;
        for row in self.exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> '_alarm'", &[])? {
            self.exec(&format!("DROP TABLE {}", row.text(0)?), &[])?;
        }
        Ok(())
    }
}
