//! The ports on Workers, for requests and for Durable Objects alike.

use crate::message_of;
use gatehouse_core::limit::Tries;
use gatehouse_core::ports::{Clock, Entropy, Kv, Log, ObjectName, Objects, PortError, RateLimit, RateLimiter, Timer};
use gatehouse_core::settings::KV_CACHE_SECONDS;
use gatehouse_shared::model::UnixMillis;
use std::cell::RefCell;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use worker::Env;

const KV: &str = "GATEHOUSE_KV";

thread_local! {
    static TRIES: RefCell<Tries> = RefCell::default();
}

#[wasm_bindgen(module = "/src/calls.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = callObject)]
    async fn call_object(env: &Env, binding: &str, name: &str, message: &str) -> Result<JsValue, JsValue>;
}

/// The bindings of the deployment.
#[derive(Clone)]
pub struct WorkerRuntime {
    env: Env,
}

impl WorkerRuntime {
    pub fn new(env: Env) -> Self {
        Self { env }
    }
}

fn failed(what: &str) -> impl Fn(worker::Error) -> PortError + '_ {
    move |error| PortError(format!("{what}: {error}"))
}

impl Clock for WorkerRuntime {
    fn now(&self) -> UnixMillis {
        UnixMillis(js_sys::Date::now() as u64)
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
        let store = self.env.kv(KV).map_err(failed(KV))?;
        let value = store.get(key).cache_ttl(KV_CACHE_SECONDS).text().await;
        value.map_err(|error| PortError(format!("kv get {key}: {error}")))
    }

    async fn put(&self, key: &str, value: &str, lifetime_seconds: Option<u64>) -> Result<(), PortError> {
        let store = self.env.kv(KV).map_err(failed(KV))?;
        let told = |error: worker::kv::KvError| PortError(format!("kv put {key}: {error}"));
        let mut put = store.put(key, value).map_err(told)?;
        if let Some(seconds) = lifetime_seconds {
            put = put.expiration_ttl(seconds);
        }
        put.execute().await.map_err(told)
    }
}

impl Objects for WorkerRuntime {
    async fn call(&self, object: &ObjectName, message: String) -> Result<String, PortError> {
        let told = |error: worker::Error| PortError(format!("{object}: {error}"));
        let (binding, name) = match object {
            ObjectName::Ledger(account) => ("LEDGER", account.to_string()),
            ObjectName::Directory(name) => ("DIRECTORY", name.clone()),
            ObjectName::AppGate(app) => ("APP_GATE", app.to_string()),
            ObjectName::ProjectGate(project) => ("PROJECT_GATE", project.to_string()),
            ObjectName::AccountGate(account) => ("PROJECT_GATE", format!("account-{account}")),
            ObjectName::Office => ("OFFICE", "office".to_owned()),
        };
        let answer = call_object(&self.env, binding, &name, &message).await;
        let answer = answer.map_err(|error| told(error.into()))?;
        answer.as_string().ok_or_else(|| {
            PortError(format!(
                "{object}: {}",
                message_of(&answer).unwrap_or_else(|| "an answer that is no text".to_owned())
            ))
        })
    }
}

impl Log for WorkerRuntime {
    fn error(&self, line: &str) {
        worker::console_error!("{line}");
    }
}

impl RateLimiter for WorkerRuntime {
    async fn admit(&self, limit: RateLimit, key: &str) -> bool {
        // Bare workerd has no limiter. Where it is missing or fails, this isolate counts by itself.
        if let Ok(limiter) = self.env.rate_limiter(limit.binding())
            && let Ok(outcome) = limiter.limit(key.to_owned()).await
        {
            return outcome.success;
        }
        let now = self.now().seconds();
        TRIES.with(|tries| tries.borrow_mut().admit(limit, key, now))
    }
}
