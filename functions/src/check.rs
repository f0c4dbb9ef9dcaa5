//! Checks a request, and gives JavaScript the decision as one text.

use crate::isolate;
use crate::runtime::metrics;
use gatehouse_domain::gate::{UpstreamFailure, Verdict};
use gatehouse_domain::ports::Clock;
use gatehouse_domain::progress::{Progress, start};
use gatehouse_domain::request::RequestHead;
use gatehouse_edge::check::{Asker, Form, FormBody, OriginalRequest, Standing, write_answer};
use wasm_bindgen::prelude::*;
use worker::wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen]
extern "C" {
    /// A request's body: see `form.js`.
    pub type JsForm;
    #[wasm_bindgen(method, catch)]
    async fn read(this: &JsForm, most: u32) -> Result<JsValue, JsValue>;
}

/// The body of a request, where it may have one.
struct Body(Option<JsForm>);

impl FormBody for Body {
    async fn read(&self, most: usize) -> Form {
        let Some(form) = &self.0 else { return Form::None };
        match form.read(u32::try_from(most).unwrap_or(u32::MAX)).await {
            Ok(bytes) if bytes.is_undefined() => Form::None,
            Ok(bytes) if bytes.is_null() => Form::TooLarge,
            Ok(bytes) => Form::Read(js_sys::Uint8Array::new(&bytes).to_vec()),
            Err(_) => Form::BrokenOff,
        }
    }
}

/// Who asks, by the names and the numbers that JavaScript uses.
pub(crate) const ASKERS: [(&str, u8, Asker); 2] = [("client", 0, Asker::Client), ("worker", 1, Asker::Worker)];

/// The number of a proxy, whose question tells what it asks.
pub(crate) const PROXY: (&str, u8) = ("proxy", 2);

pub(crate) fn asker_of(number: u8) -> Option<Asker> {
    ASKERS.iter().find(|(_, known, _)| *known == number).map(|(_, _, asker)| *asker)
}

/// Decides a request. Gives `undefined` where the portal answers it, else the
/// text of [`gatehouse_edge::isolate::Isolate::write_decision`]; or the promise
/// of one of them, where storage or the body must be read. Gives `null` where
/// nobody called [`crate::start`]: a `Result` would be an array in JavaScript,
/// at every request.
#[wasm_bindgen]
pub fn check(asker: u8, method: String, url: String, authorization: Option<String>, form: Option<JsForm>) -> JsValue {
    #[cfg(feature = "deliberate-panic")]
    crate::panic::gate(&url);
    match asker_of(asker) {
        Some(asker) => decide(asker, method, url, authorization, Body(form)),
        None => JsValue::NULL,
    }
}

/// As [`check`], about the original request of a proxy's question. `lines` are
/// the question's headers that may name it, as `name: value` lines. Some
/// proxies pass the body on with their question. A request that passes is
/// answered too, never forwarded.
#[wasm_bindgen]
pub fn check_for_proxy(
    method: &str,
    url: &str,
    authorization: Option<String>,
    form: Option<JsForm>,
    lines: &str,
) -> JsValue {
    let Ok(isolate) = isolate() else { return JsValue::NULL };
    match isolate.read_original_request(method, url, lines) {
        Ok(OriginalRequest { asker, method, url }) => decide(asker, method, url, authorization, Body(form)),
        Err(answer) => {
            isolate.count_unread_question();
            let head = RequestHead { method, url, authorization: None };
            JsValue::from_str(&isolate.write_decision(&head, &Verdict::Answer(answer)))
        }
    }
}

fn decide(asker: Asker, method: String, url: String, authorization: Option<String>, body: Body) -> JsValue {
    #[cfg(feature = "deliberate-panic")]
    if crate::panic::is_lost(&url) {
        return JsValue::NULL;
    }
    let Ok(isolate) = isolate() else { return JsValue::NULL };
    let decision = async move {
        let head = RequestHead { method: &method, url: &url, authorization: authorization.as_deref() };
        let verdict = isolate.check(asker, &head, &body).await;
        verdict.map(|verdict| isolate.write_decision(&head, &verdict))
    };
    let as_value = |text: Option<String>| text.map_or(JsValue::UNDEFINED, |text| JsValue::from_str(&text));
    match start(Box::pin(decision)) {
        Progress::Done(text) => as_value(text),
        Progress::Waiting(decision) => future_to_promise(async move { Ok(as_value(decision.await)) }).into(),
    }
}

/// Counts that the API began to answer a forwarded request after so many
/// milliseconds.
#[wasm_bindgen]
pub fn count_upstream(millis: f64) {
    metrics().upstream.observe(crate::runtime::millis(millis).0);
}

/// The answer where the API gave none, see [`write_answer`]; `text` is for the
/// log.
#[wasm_bindgen]
pub fn upstream_failure(url: &str, request_id: &str, timed_out: bool, text: &str) -> Result<String, JsValue> {
    let failure = if timed_out { UpstreamFailure::TimedOut } else { UpstreamFailure::Unreachable };
    Ok(write_answer(&isolate()?.upstream_failure(url, request_id, failure, text)))
}

/// Whether [`settle`] has something to do.
#[wasm_bindgen]
pub fn has_work() -> Result<bool, JsValue> {
    let isolate = isolate()?;
    Ok(isolate.has_work(isolate.runtime.now()))
}

/// The answer to a question of forward auth that was sent astray, see
/// [`write_answer`].
#[wasm_bindgen]
pub fn astray(url: &str) -> Result<String, JsValue> {
    Ok(write_answer(&isolate()?.astray(url)))
}

/// Whether the credential of a connection that was opened at `opened_at`
/// (milliseconds) still stands; `undefined` where that can't be told now.
#[wasm_bindgen]
pub async fn still_stands(
    method: String,
    url: String,
    authorization: Option<String>,
    opened_at: f64,
) -> Result<Option<bool>, JsValue> {
    let head = RequestHead { method: &method, url: &url, authorization: authorization.as_deref() };
    let opened_at = crate::runtime::millis(opened_at).seconds();
    Ok(match isolate()?.still_stands(&head, opened_at).await {
        Standing::Ended => Some(false),
        Standing::Stands => Some(true),
        Standing::Unknown => None,
    })
}

/// Does what no request waits for; for after the answer.
#[wasm_bindgen]
pub async fn settle() -> Result<(), JsValue> {
    isolate()?.settle().await;
    Ok(())
}
