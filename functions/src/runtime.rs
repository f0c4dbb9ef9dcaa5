//! The ports on Workers, for requests and for Durable Objects alike.

use crate::message_of;
use gatehouse_domain::limit::Tries;
use gatehouse_domain::metrics::Metrics;
use gatehouse_domain::ports::{
    Clock, Entropy, KV_READ_MILLIS, KV_WRITE_MILLIS, Kv, Log, Meter, OBJECT_MILLIS, ObjectName, Objects, PortError,
    RATE_LIMIT_MILLIS, REQUEST_OBJECT_MILLIS, RateLimit, RateLimiter, Timer,
};
use gatehouse_domain::settings::KV_CACHE_SECONDS;
use gatehouse_shared::model::UnixMillis;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use worker::Env;

thread_local! {
    static TRIES: RefCell<Tries> = RefCell::default();
    static METRICS: Rc<Metrics> = Rc::default();
}

/// What this instance counts, for requests and objects alike.
pub fn metrics() -> Rc<Metrics> {
    METRICS.with(Rc::clone)
}

#[wasm_bindgen(module = "/src/calls.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = callObject)]
    async fn call_object(env: &Env, binding: &str, name: &str, message: &str, ms: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = readKv)]
    async fn read_kv(env: &Env, key: &str, cache_ttl: u32, ms: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = writeKv)]
    async fn write_kv(env: &Env, key: &str, value: &str, ttl: Option<f64>, ms: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = admitTry)]
    async fn admit_try(env: &Env, binding: &str, key: &str, ms: u32) -> Result<JsValue, JsValue>;
}

/// The bindings of the deployment.
#[derive(Clone)]
pub struct WorkerRuntime {
    env: Env,
    /// How long it waits for a Durable Object, in milliseconds.
    object_millis: u64,
    metrics: Rc<Metrics>,
}

impl WorkerRuntime {
    /// What requests see.
    pub fn new(env: Env) -> Self {
        Self { env, object_millis: REQUEST_OBJECT_MILLIS, metrics: metrics() }
    }

    /// What Durable Objects see.
    pub fn in_object(env: Env) -> Self {
        Self { env, object_millis: OBJECT_MILLIS, metrics: metrics() }
    }
}

/// What a binding threw, without the stack.
fn thrown(what: impl std::fmt::Display) -> impl Fn(JsValue) -> PortError {
    move |error| PortError(format!("{what}: {}", message_of(&error).unwrap_or_else(|| format!("{error:?}"))))
}

/// A time as JavaScript has it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates: no time is before 1970 or after the year 285,000"
)]
pub fn millis(time: f64) -> UnixMillis {
    UnixMillis(time as u64)
}

/// A number of milliseconds or seconds as JavaScript takes it.
fn span(length: u64) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Meter for WorkerRuntime {
    fn metrics(&self) -> &Metrics {
        &self.metrics
    }
}

impl Clock for WorkerRuntime {
    #[expect(clippy::disallowed_methods, reason = "here the Worker reads the clock")]
    fn now(&self) -> UnixMillis {
        millis(js_sys::Date::now())
    }
}

impl Timer for WorkerRuntime {
    async fn sleep(&self, millis: u64) {
        worker::Delay::from(Duration::from_millis(millis)).await;
    }
}

impl Entropy for WorkerRuntime {
    fn fill(&self, bytes: &mut [u8]) {
        // Going on without randomness would make guessable keys: better to stop here.
        assert!(getrandom::fill(bytes).is_ok(), "the runtime gives no randomness");
    }
}

impl Kv for WorkerRuntime {
    async fn get(&self, key: &str) -> Result<Option<String>, PortError> {
        let value = read_kv(&self.env, key, span(KV_CACHE_SECONDS), span(KV_READ_MILLIS)).await;
        let value = value.map(|value| value.as_string()).map_err(thrown(format_args!("kv get {key}")));
        self.metrics.count_kv_read(&value);
        value
    }

    async fn put(&self, key: &str, value: &str, lifetime_seconds: Option<u64>) -> Result<(), PortError> {
        let lifetime = lifetime_seconds.map(|seconds| seconds as f64);
        let written = write_kv(&self.env, key, value, lifetime, span(KV_WRITE_MILLIS)).await;
        self.metrics.count_kv_write(&written);
        written.map(|_| ()).map_err(thrown(format_args!("kv put {key}")))
    }
}

impl Objects for WorkerRuntime {
    async fn call(&self, object: &ObjectName, message: String) -> Result<String, PortError> {
        let (binding, name) = match object {
            ObjectName::Account(account) => ("ACCOUNT", account.to_string()),
            ObjectName::DeveloperAccount(developer) => ("DEVELOPER_ACCOUNT", developer.to_string()),
            ObjectName::NameRegistry(name) => ("NAME_REGISTRY", name.clone()),
            ObjectName::AppTraffic(app) => ("APP_TRAFFIC", app.to_string()),
            ObjectName::ProjectQuota(project) => ("PROJECT_QUOTA", project.to_string()),
            ObjectName::DeveloperQuota(developer) => ("PROJECT_QUOTA", format!("developer-account-{developer}")),
            ObjectName::AccountIndex => ("ACCOUNT_INDEX", "account-index".to_owned()),
            ObjectName::AuditMonth(month) => ("AUDIT_MONTH", month.to_string()),
            ObjectName::AuditIndex => ("AUDIT_INDEX", "audit-index".to_owned()),
        };
        let answer = call_object(&self.env, binding, &name, &message, span(self.object_millis)).await;
        let answer = answer.map_err(thrown(object)).and_then(|answer| {
            answer.as_string().ok_or_else(|| {
                let why = message_of(&answer).unwrap_or_else(|| "an answer that is no text".to_owned());
                PortError(format!("{object}: {why}"))
            })
        });
        self.metrics.count_object_call(object.class(), &answer);
        answer
    }
}

impl Log for WorkerRuntime {
    fn error(&self, line: &str) {
        worker::console_error!("{line}");
    }
}

impl RateLimiter for WorkerRuntime {
    async fn admit(&self, limit: RateLimit, key: &str) -> bool {
        // Where the platform's limiter is missing or fails, this isolate counts by itself.
        let admitted = admit_try(&self.env, limit.binding(), key, span(RATE_LIMIT_MILLIS)).await;
        if let Some(admitted) = admitted.ok().and_then(|admitted| admitted.as_bool()) {
            return admitted;
        }
        let now = self.now().seconds();
        TRIES.with(|tries| tries.borrow_mut().admit(limit, key, now))
    }
}
