//! The Durable Objects: shells around the application's own. No rule is here.

use crate::runtime::WorkerRuntime;
use crate::sql::ObjectStorage;
use gatehouse_core::ports::{Clock, Kv, Log, ObjectName, Objects, PortError, Row, Sql, SqlError, Value};
use gatehouse_core::{app_gate, directory, ledger, office, project_gate};
use gatehouse_shared::model::UnixMillis;
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object, wasm_bindgen};

/// The ports inside a Durable Object.
struct ObjectRuntime {
    storage: ObjectStorage,
    worker: WorkerRuntime,
}

impl Clock for ObjectRuntime {
    fn now(&self) -> UnixMillis {
        self.worker.now()
    }
}

impl Kv for ObjectRuntime {
    async fn get(&self, key: &str) -> std::result::Result<Option<String>, PortError> {
        self.worker.get(key).await
    }

    async fn put(&self, key: &str, value: &str, lifetime: Option<u64>) -> std::result::Result<(), PortError> {
        self.worker.put(key, value, lifetime).await
    }
}

impl Objects for ObjectRuntime {
    async fn call(&self, object: &ObjectName, message: String) -> std::result::Result<String, PortError> {
        self.worker.call(object, message).await
    }
}

impl Log for ObjectRuntime {
    fn error(&self, line: &str) {
        self.worker.error(line);
    }
}

impl Sql for ObjectRuntime {
    fn exec(&self, statement: &str, params: &[Value]) -> std::result::Result<Vec<Row>, SqlError> {
        self.storage.exec(statement, params)
    }

    fn transaction(
        &self,
        body: &mut dyn FnMut() -> std::result::Result<(), SqlError>,
    ) -> std::result::Result<(), SqlError> {
        self.storage.transaction(body)
    }

    fn set_alarm(&self, at: Option<UnixMillis>) -> std::result::Result<(), SqlError> {
        self.storage.set_alarm(at)
    }
}

/// An object that failed to open its database says so with every answer.
type Opened<T> = std::result::Result<T, SqlError>;

fn open<T>(state: &State, env: Env, new: impl FnOnce(ObjectRuntime) -> std::result::Result<T, SqlError>) -> Opened<T> {
    new(ObjectRuntime { storage: ObjectStorage::new(state), worker: WorkerRuntime::new(env) })
}

fn opened<T>(object: &Opened<T>) -> std::result::Result<&T, PortError> {
    object.as_ref().map_err(|error| PortError(error.to_string()))
}

fn told(error: impl std::fmt::Display) -> worker::Error {
    worker::Error::RustError(error.to_string())
}

fn respond(answer: std::result::Result<String, PortError>) -> Result<Response> {
    match answer {
        Ok(answer) => Response::ok(answer),
        Err(error) => Response::error(error.to_string(), 500),
    }
}

/// One per account.
#[durable_object]
pub struct Ledger {
    object: Opened<ledger::Ledger<ObjectRuntime>>,
}

impl DurableObject for Ledger {
    fn new(state: State, env: Env) -> Self {
        Self { object: open(&state, env, ledger::Ledger::new) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let message = request.text().await?;
        #[cfg(feature = "deliberate-panic")]
        crate::panic::object(&message);
        respond(async { opened(&self.object)?.call(&message).await }.await)
    }

    async fn alarm(&self) -> Result<Response> {
        self.object.as_ref().map_err(told)?.alarm().await.map_err(told)?;
        Response::empty()
    }
}

/// One per unique name.
#[durable_object]
pub struct Directory {
    object: Opened<directory::Directory<ObjectRuntime>>,
}

impl DurableObject for Directory {
    fn new(state: State, env: Env) -> Self {
        Self { object: open(&state, env, directory::Directory::new) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let message = request.text().await?;
        respond(async { opened(&self.object)?.call(&message).await }.await)
    }
}

/// One per App.
#[durable_object]
pub struct AppGate {
    object: Opened<app_gate::AppGate<ObjectRuntime>>,
}

impl DurableObject for AppGate {
    fn new(state: State, env: Env) -> Self {
        Self { object: open(&state, env, app_gate::AppGate::new) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let message = request.text().await?;
        respond(async { opened(&self.object)?.call(&message).await }.await)
    }

    async fn alarm(&self) -> Result<Response> {
        self.object.as_ref().map_err(told)?.alarm().await.map_err(told)?;
        Response::empty()
    }
}

/// One per Project.
#[durable_object]
pub struct ProjectGate {
    object: Opened<project_gate::ProjectGate<ObjectRuntime>>,
}

impl DurableObject for ProjectGate {
    fn new(state: State, env: Env) -> Self {
        Self { object: open(&state, env, project_gate::ProjectGate::new) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let message = request.text().await?;
        respond(opened(&self.object).and_then(|object| object.call(&message)))
    }
}

/// The operator's.
#[durable_object]
pub struct Office {
    object: Opened<office::Office<ObjectRuntime>>,
}

impl DurableObject for Office {
    fn new(state: State, env: Env) -> Self {
        Self { object: open(&state, env, office::Office::new) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let message = request.text().await?;
        respond(opened(&self.object).and_then(|object| object.call(&message)))
    }
}
