//! The Worker: what the application asks of the world, answered by Workers.
//!
//! `entry.js` calls in here. The gate is asked synchronously with three
//! strings and answers with a number; whatever waits is a promise.

mod browser;
mod gate;
mod objects;
#[cfg(feature = "deliberate-panic")]
mod panic;
mod portal;
mod runtime;
mod sql;

use gatehouse_core::deployment::Deployment;
use gatehouse_core::gate::{LARGEST_FORM, LARGEST_UNKNOWN_FORM, OF_A_QUESTION, outer_headers};
use gatehouse_core::http;
use gatehouse_core::ports::{Event, log_error};
use gatehouse_core::settings::{self, Settings};
use gatehouse_shared::description::{ApiDescription, Upstream};
use runtime::WorkerRuntime;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use worker::Env;

/// `api.toml` as the build checked it.
const API: &str = include_str!(concat!(env!("OUT_DIR"), "/api.json"));

thread_local! {
    static DEPLOYMENT: RefCell<Option<Rc<Deployment<WorkerRuntime>>>> = const { RefCell::new(None) };
}

/// Reads the settings; called once in the life of a wasm instance, before
/// anything else. Throws the text of what is wrong with them. A variable that
/// is no setting is logged: a misspelt one would be a default unseen.
#[wasm_bindgen]
pub fn start(env: Env) -> Result<(), String> {
    let api: ApiDescription = serde_json::from_str(API).map_err(|error| error.to_string())?;
    let runtime = WorkerRuntime::new(env.clone());
    for name in settings::table::unknown(variables(&env)) {
        log_error(&runtime, Event::UnknownSetting, "", &format!("{name} is no setting of this version"));
    }
    let settings = Settings::read(api, |name| env.var(name).ok().map(|value| value.to_string()))
        .map_err(|error| error.to_string())?;
    let deployment = Deployment::new(runtime, settings);
    DEPLOYMENT.with(|cell| cell.replace(Some(Rc::new(deployment))));
    Ok(())
}

/// The names of the variables and secrets: what is bound besides is an object.
fn variables(env: &Env) -> Vec<String> {
    let entries = js_sys::Object::entries(env.unchecked_ref());
    let entries = entries.iter().map(|entry| js_sys::Array::from(&entry));
    entries.filter(|entry| entry.get(1).is_string()).filter_map(|entry| entry.get(0).as_string()).collect()
}

/// What `entry.js` has to know of the settings, as JSON: where it forwards to
/// (`url` is an origin, or `service` the name of a service binding) and for
/// how long it waits there; the headers that a proxy's question is read from
/// (`outer`), and those that nothing else has (`questions`); and how many
/// bytes of a form are read.
#[wasm_bindgen]
pub fn entry_settings() -> Result<String, JsValue> {
    let deployment = deployment()?;
    let (url, service) = match &deployment.settings.api.upstream {
        Upstream::Url(url) => (Some(url), None),
        Upstream::Service(name) => (None, Some(name)),
    };
    let timeout_ms = deployment.settings.upstream_timeout_seconds * 1000;
    let settings = serde_json::json!({
        "url": url,
        "service": service,
        "timeout_ms": timeout_ms,
        "outer": outer_headers(&deployment.settings),
        "questions": OF_A_QUESTION,
        "form": LARGEST_FORM,
        "small_form": LARGEST_UNKNOWN_FORM,
    });
    Ok(settings.to_string())
}

/// The origin that the API is told was called, where `called` was.
#[wasm_bindgen]
pub fn public_origin(called: &str) -> Result<String, JsValue> {
    Ok(deployment()?.settings.origin(called).to_owned())
}

/// The headers that `entry.js` puts on answers it makes or passes on itself,
/// as JSON: `{"gate": [[name, value]], "forwarded": [[name, value]]}`.
#[wasm_bindgen]
pub fn security_headers() -> String {
    let lists = serde_json::json!({ "gate": http::gate_headers(), "forwarded": http::forwarded_headers() });
    lists.to_string()
}

fn deployment() -> Result<Rc<Deployment<WorkerRuntime>>, JsValue> {
    DEPLOYMENT.with(|cell| cell.borrow().clone()).ok_or_else(|| JsValue::from_str("start() was not called"))
}

/// What a JavaScript `Error` says.
fn message_of(value: &JsValue) -> Option<String> {
    value.dyn_ref::<js_sys::Error>().map(|error| error.message().into())
}
