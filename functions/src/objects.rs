//! The Durable Objects: shells around the application's own. No rule is here.

use crate::runtime::{WorkerRuntime, millis};
use crate::sql::ObjectStorage;
use gatehouse_domain::metrics::Metrics;
use gatehouse_domain::ports::{
    Clock, Identity, Kv, Log, Meter, ObjectName, Objects, PortError, Row, Sql, SqlError, Value,
};
use gatehouse_domain::progress::{Progress, start};
use gatehouse_objects::account::Account;
use gatehouse_objects::account_index::AccountIndex;
use gatehouse_objects::app_traffic::AppTraffic;
use gatehouse_objects::audit_log::{AuditIndex, AuditMonth};
use gatehouse_objects::developer_account::DeveloperAccount;
use gatehouse_objects::name_registry::NameRegistry;
use gatehouse_objects::project_quota::ProjectQuota;
use gatehouse_shared::model::UnixMillis;
use js_sys::Promise;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use worker::wasm_bindgen_futures::future_to_promise;
use worker::worker_sys::DurableObjectState;
use worker::{Env, State};

/// The ports inside a Durable Object.
struct ObjectRuntime {
    state: State,
    storage: ObjectStorage,
    worker: WorkerRuntime,
}

impl Identity for ObjectRuntime {
    fn identity(&self) -> String {
        self.state.id().to_string()
    }
}

impl Meter for ObjectRuntime {
    fn metrics(&self) -> &Metrics {
        self.worker.metrics()
    }
}

impl Clock for ObjectRuntime {
    fn now(&self) -> UnixMillis {
        self.worker.now()
    }
}

impl Kv for ObjectRuntime {
    async fn get(&self, key: &str) -> Result<Option<String>, PortError> {
        self.worker.get(key).await
    }

    async fn put(&self, key: &str, value: &str, lifetime: Option<u64>) -> Result<(), PortError> {
        self.worker.put(key, value, lifetime).await
    }
}

impl Objects for ObjectRuntime {
    async fn call(&self, object: &ObjectName, message: String) -> Result<String, PortError> {
        self.worker.call(object, message).await
    }
}

impl Log for ObjectRuntime {
    fn error(&self, line: &str) {
        self.worker.error(line);
    }
}

impl Sql for ObjectRuntime {
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, SqlError> {
        self.storage.exec(statement, params)
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Result<(), SqlError>) -> Result<(), SqlError> {
        self.storage.transaction(body)
    }

    fn set_alarm(&self, at: Option<UnixMillis>) -> Result<(), SqlError> {
        self.storage.set_alarm(at)
    }

    fn delete_all(&self) -> Result<(), SqlError> {
        self.storage.delete_all()
    }
}

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, PortError>>>>;

/// What the eight kinds of objects have in common.
trait Object {
    fn call(self: Rc<Self>, message: String) -> Answer<String>;

    /// Only called on those that set alarms.
    fn alarm(self: Rc<Self>) -> Answer<()> {
        Box::pin(async { Ok(()) })
    }
}

/// One per account.
impl Object for Account<ObjectRuntime> {
    fn call(self: Rc<Self>, message: String) -> Answer<String> {
        #[cfg(feature = "deliberate-panic")]
        crate::panic::object(&message);
        Box::pin(async move { Account::call(&self, &message).await })
    }

    fn alarm(self: Rc<Self>) -> Answer<()> {
        Box::pin(async move { Account::alarm(&self).await })
    }
}

/// One per developer account.
impl Object for DeveloperAccount<ObjectRuntime> {
    fn call(self: Rc<Self>, message: String) -> Answer<String> {
        Box::pin(async move { DeveloperAccount::call(&self, &message).await })
    }

    fn alarm(self: Rc<Self>) -> Answer<()> {
        Box::pin(async move { DeveloperAccount::alarm(&self).await })
    }
}

/// One per unique name.
impl Object for NameRegistry<ObjectRuntime> {
    fn call(self: Rc<Self>, message: String) -> Answer<String> {
        Box::pin(async move { NameRegistry::call(&self, &message).await })
    }

    fn alarm(self: Rc<Self>) -> Answer<()> {
        Box::pin(async move { NameRegistry::alarm(&self).await })
    }
}

/// One per App.
impl Object for AppTraffic<ObjectRuntime> {
    fn call(self: Rc<Self>, message: String) -> Answer<String> {
        Box::pin(async move { AppTraffic::call(&self, &message).await })
    }

    fn alarm(self: Rc<Self>) -> Answer<()> {
        Box::pin(async move { AppTraffic::alarm(&self).await })
    }
}

/// One per Project, and one per developer account.
impl Object for ProjectQuota<ObjectRuntime> {
    fn call(self: Rc<Self>, message: String) -> Answer<String> {
        Box::pin(async move { ProjectQuota::call(&self, &message).await })
    }

    fn alarm(self: Rc<Self>) -> Answer<()> {
        Box::pin(async move { ProjectQuota::alarm(&self) })
    }
}

/// The operator's.
impl Object for AccountIndex<ObjectRuntime> {
    fn call(self: Rc<Self>, message: String) -> Answer<String> {
        Box::pin(async move { AccountIndex::call(&self, &message) })
    }
}

/// One per month.
impl Object for AuditMonth<ObjectRuntime> {
    fn call(self: Rc<Self>, message: String) -> Answer<String> {
        Box::pin(async move { AuditMonth::call(&self, &message).await })
    }

    fn alarm(self: Rc<Self>) -> Answer<()> {
        Box::pin(async move { AuditMonth::alarm(&self).await })
    }
}

/// The months of the audit log.
impl Object for AuditIndex<ObjectRuntime> {
    fn call(self: Rc<Self>, message: String) -> Answer<String> {
        Box::pin(async move { AuditIndex::call(&self, &message) })
    }
}

/// The Rust side of a Durable Object; `objects.js` has the other. One that failed
/// to open its database says so with every answer.
#[wasm_bindgen]
pub struct ObjectHandle {
    object: Result<Rc<dyn Object>, PortError>,
    worker: WorkerRuntime,
}

#[wasm_bindgen]
impl ObjectHandle {
    /// Opens an object's database. `class` is a class of `wrangler.toml`.
    #[wasm_bindgen(constructor)]
    pub fn new(class: &str, ctx: DurableObjectState, env: Env) -> ObjectHandle {
        let state = State::from(ctx);
        let storage = ObjectStorage::new(&state);
        let worker = WorkerRuntime::in_object(env);
        let runtime = ObjectRuntime { state, storage, worker: worker.clone() };
        Self { object: open(class, runtime).map_err(|error| PortError(error.to_string())), worker }
    }

    /// Answers a message with a text, or an `Error` that says why there is
    /// none; or with the promise of one of them, where something has to be
    /// waited for. Nothing is thrown: the runtime would log it, and whoever
    /// asked logs it as well.
    pub fn call(&self, message: String) -> JsValue {
        let object = match &self.object {
            Ok(object) => Rc::clone(object),
            Err(error) => return error_of(error),
        };
        let as_value = |answer: Result<String, PortError>| answer.map_or_else(|error| error_of(&error), JsValue::from);
        match start(object.call(message)) {
            Progress::Done(answer) => as_value(answer),
            Progress::Waiting(answer) => future_to_promise(async move { Ok(as_value(answer.await)) }).into(),
        }
    }

    /// Promises whether the database is open. Throws what went wrong then: the
    /// runtime tries again. `due` is for when the alarm was set, in milliseconds;
    /// `undefined` where the runtime tries again.
    pub fn alarm(&self, due: Option<f64>) -> Promise {
        let late = due.filter(|due| due.is_finite()).map(|due| self.worker.now().0.saturating_sub(millis(due).0));
        self.worker.metrics().count_alarm(late);
        let object = self.object.clone();
        future_to_promise(async move {
            let Ok(object) = object else { return Ok(JsValue::FALSE) };
            object.alarm().await.map(|()| JsValue::TRUE).map_err(|error| error_of(&error))
        })
    }
}

fn open(class: &str, runtime: ObjectRuntime) -> Result<Rc<dyn Object>, SqlError> {
    Ok(match class {
        "Account" => Rc::new(Account::new(runtime)?),
        "DeveloperAccount" => Rc::new(DeveloperAccount::new(runtime)?),
        "NameRegistry" => Rc::new(NameRegistry::new(runtime)?),
        "AppTraffic" => Rc::new(AppTraffic::new(runtime)?),
        "ProjectQuota" => Rc::new(ProjectQuota::new(runtime)?),
        "AccountIndex" => Rc::new(AccountIndex::new(runtime)?),
        "AuditMonth" => Rc::new(AuditMonth::new(runtime)?),
        "AuditIndex" => Rc::new(AuditIndex::new(runtime)?),
        other => return Err(SqlError(format!("there are no objects of class {other}"))),
    })
}

fn error_of(error: &PortError) -> JsValue {
    js_sys::Error::new(&error.to_string()).into()
}
