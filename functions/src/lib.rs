//! The Worker: what the application asks of the world, answered by Workers.
//!
//! `entry.js` and its modules call in here. The gate is asked synchronously
//! and answers with one text; whatever waits is a promise.

mod browser;
mod check;
mod objects;
#[cfg(feature = "deliberate-panic")]
mod panic;
mod portal;
mod runtime;
mod sql;

use gatehouse_domain::format::decode;
use gatehouse_domain::ports::{Event, log_error};
use gatehouse_domain::settings;
use gatehouse_domain::settings::{ClientAddress, Settings};
use gatehouse_edge::check::{DecisionCode, OF_A_QUESTION, original_request_headers};
use gatehouse_edge::http;
use gatehouse_edge::isolate::Isolate;
use gatehouse_shared::description::{ApiDescription, Upstream};
use runtime::WorkerRuntime;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use worker::Env;

thread_local! {
    static ISOLATE: RefCell<Option<Rc<Isolate<WorkerRuntime>>>> = const { RefCell::new(None) };
}

/// Reads the settings; called once in the life of a wasm instance, before
/// anything else. `api` is `api.toml` as it was checked, in JSON. Throws the text of what is wrong with them. A variable that
/// is no setting is logged: a misspelt one would be a default unseen.
#[wasm_bindgen]
pub fn start(env: Env, api: &str) -> Result<(), String> {
    let api: ApiDescription = decode("api.toml", api)?;
    let runtime = WorkerRuntime::new(env.clone());
    for name in settings::table::unknown(variables(&env)) {
        log_error(&runtime, Event::UnknownSetting, "", &format!("{name} is no setting of this version"));
    }
    let settings = Settings::read(api, |name| env.var(name).ok().map(|value| value.to_string()))
        .map_err(|error| error.to_string())?;
    let isolate = Isolate::new(runtime, settings);
    ISOLATE.with(|cell| cell.replace(Some(Rc::new(isolate))));
    Ok(())
}

/// The names of the variables and secrets: what is bound besides is an object.
fn variables(env: &Env) -> Vec<String> {
    let entries = js_sys::Object::entries(env.unchecked_ref());
    let entries = entries.iter().map(|entry| js_sys::Array::from(&entry));
    entries.filter(|entry| entry.get(1).is_string()).filter_map(|entry| entry.get(0).as_string()).collect()
}

/// What JavaScript has to know of the settings, as JSON: where it forwards to
/// (`url` is an origin, or `service` the name of a service binding) and for
/// how long it waits there (`null`: as long as it takes); the headers that a proxy's question is read from
/// (`question_headers`), and those that nothing else has (`questions`); whether `api.toml`
/// says anywhere which pages may call (`cors`); whether the connection tells a
/// client's address (`by_connection`); and, by their names, the
/// numbers of those who ask (`askers`) and the codes of a decision (`codes`).
#[wasm_bindgen]
pub fn entry_settings() -> Result<String, JsValue> {
    let isolate = isolate()?;
    let (url, service) = match &isolate.settings.api.upstream {
        Upstream::Url(url) => (Some(url), None),
        Upstream::Service(name) => (None, Some(name)),
    };
    let timeout_ms = isolate.settings.upstream_timeout_seconds.map(|seconds| seconds * 1000);
    let askers = check::ASKERS.into_iter().map(|(name, number, _)| (name, number)).chain([check::PROXY]);
    let askers: BTreeMap<&str, u8> = askers.collect();
    let codes: BTreeMap<&str, u8> = DecisionCode::NAMED.into_iter().map(|(name, code)| (name, code as u8)).collect();
    let settings = serde_json::json!({
        "url": url,
        "service": service,
        "timeout_ms": timeout_ms,
        "question_headers": original_request_headers(&isolate.settings),
        "questions": OF_A_QUESTION,
        "cors": isolate.settings.api.has_cors(),
        "by_connection": isolate.settings.client_address != ClientAddress::Cloudflare,
        "askers": askers,
        "codes": codes,
    });
    Ok(settings.to_string())
}

/// The origin that the API is told was called, where `called` was.
#[wasm_bindgen]
pub fn public_origin(called: &str) -> Result<String, JsValue> {
    Ok(isolate()?.settings.origin(called).to_owned())
}

/// The address of a client whose connection comes from `peer`, see
/// [`ClientAddress::find`]; `undefined` where it is not known.
#[wasm_bindgen]
pub fn client_address(peer: &str, forwarded_for: &str) -> Result<Option<String>, JsValue> {
    let found = isolate()?.settings.client_address.find(peer, forwarded_for);
    Ok(found.map(|address| address.to_string()))
}

/// The headers that JavaScript puts on answers it makes or passes on itself,
/// as JSON: `{"gate": [[name, value]], "forwarded": [[name, value]]}`.
#[wasm_bindgen]
pub fn security_headers() -> String {
    let lists = serde_json::json!({ "gate": http::gate_headers(), "forwarded": http::forwarded_headers() });
    lists.to_string()
}

fn isolate() -> Result<Rc<Isolate<WorkerRuntime>>, JsValue> {
    ISOLATE.with(|cell| cell.borrow().clone()).ok_or_else(|| JsValue::from_str("start() was not called"))
}

/// What a JavaScript `Error` says.
fn message_of(value: &JsValue) -> Option<String> {
    value.dyn_ref::<js_sys::Error>().map(|error| error.message().into())
}
