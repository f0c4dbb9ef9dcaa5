use crate::deployment;
use gatehouse_core::gate::{Answer, Form, Head, Step, Verdict};
use js_sys::Promise;
use std::cell::RefCell;
use std::pin::Pin;
use wasm_bindgen::prelude::*;
use worker::wasm_bindgen_futures::future_to_promise;

thread_local! {
    /// What the last call of [`gate`] left to be fetched.
    static LEFT: RefCell<Option<Left>> = const { RefCell::new(None) };
}

enum Left {
    Verdict(Verdict),
    Later(Pin<Box<dyn Future<Output = String>>>),
}

/// Decides a request with what is in memory. A number comes out, since a text
/// costs more than most checks; it is the code of a character that tells what
/// to do:
///
/// - `P`: not the gate's, ask the portal
/// - `F`: forward, with what [`gate_text`] gives: the identity headers, as
///   `name: value` lines
/// - `U`: the same, and call [`report_uses`] afterwards
/// - `R`: answer with what [`gate_text`] gives, see [`write_answer`]
/// - `M`: wait for [`gate_later`], which reads or writes storage
/// - `B`: ask [`gate_with_body`], with the body where it is a form
///
/// 0 where [`crate::start`] was not called.
#[wasm_bindgen]
pub fn gate(method: &str, url: &str, authorization: Option<String>) -> u32 {
    #[cfg(feature = "deliberate-panic")]
    crate::panic::gate(url);
    let head = Head { method, url, authorization: authorization.as_deref() };
    let Ok(deployment) = deployment() else { return 0 };
    let (code, left) = match deployment.check(&head) {
        Step::NotMine => return 'P'.into(),
        Step::Wait { form: true } => return 'B'.into(),
        Step::Decided(verdict) => (code_of(&verdict, deployment.has_uses_to_report()), Left::Verdict(verdict)),
        Step::Spend(admitted) => {
            let url = url.to_owned();
            let later = async move {
                let head = Head { method: "", url: &url, authorization: None };
                write(deployment.spend_and_pass(&head, *admitted).await, deployment.has_uses_to_report())
            };
            ('M', Left::Later(Box::pin(later)))
        }
        Step::Wait { form: false } => {
            let (method, url) = (method.to_owned(), url.to_owned());
            let later = async move {
                let head = Head { method: &method, url: &url, authorization: authorization.as_deref() };
                write(deployment.check_with_storage(&head, Form::None).await, deployment.has_uses_to_report())
            };
            ('M', Left::Later(Box::pin(later)))
        }
    };
    LEFT.with(|cell| cell.replace(Some(left)));
    code.into()
}

/// The text that belongs to the verdict which [`gate`] gave just before.
#[wasm_bindgen]
pub fn gate_text() -> String {
    match LEFT.with(RefCell::take) {
        Some(Left::Verdict(verdict)) => text_of(verdict),
        _ => String::new(),
    }
}

/// Goes on where [`gate`] answered `M` just before: one of the other
/// characters, never `M` or `B`, and the text. No async function: that would
/// take what is left only in a later task, when it may be another request's.
#[wasm_bindgen]
pub fn gate_later() -> Promise {
    let left = LEFT.with(RefCell::take);
    future_to_promise(async move {
        match left {
            Some(Left::Later(later)) => Ok(later.await.into()),
            _ => Err(JsValue::from_str("gate() left nothing to wait for")),
        }
    })
}

/// As [`gate_later`], with the body. `form` is the body where it is
/// `application/x-www-form-urlencoded`, unless it is too large to be read.
#[wasm_bindgen]
pub async fn gate_with_body(
    method: String,
    url: String,
    authorization: Option<String>,
    form: Option<Vec<u8>>,
    is_too_large: bool,
) -> Result<String, JsValue> {
    let head = Head { method: &method, url: &url, authorization: authorization.as_deref() };
    let form = match &form {
        _ if is_too_large => Form::TooLarge,
        Some(bytes) => Form::Read(bytes),
        None => Form::None,
    };
    let deployment = deployment()?;
    Ok(write(deployment.check_with_storage(&head, form).await, deployment.has_uses_to_report()))
}

/// Writes down which credentials let requests pass; for after the answer.
#[wasm_bindgen]
pub async fn report_uses() -> Result<(), JsValue> {
    deployment()?.report_uses().await;
    Ok(())
}

fn write(step: Step, has_uses: bool) -> String {
    match step {
        Step::Decided(verdict) => {
            let mut answer = String::from(code_of(&verdict, has_uses));
            answer.push_str(&text_of(verdict));
            answer
        }
        Step::NotMine => "P".to_owned(),
        Step::Wait { .. } | Step::Spend(_) => "B".to_owned(),
    }
}

fn code_of(verdict: &Verdict, has_uses: bool) -> char {
    match (verdict, has_uses) {
        (Verdict::Forward(_), false) => 'F',
        (Verdict::Forward(_), true) => 'U',
        (Verdict::Answer(_), true) => 'A',
        (Verdict::Answer(_), false) | (Verdict::Refuse(_), _) => 'R',
    }
}

fn text_of(verdict: Verdict) -> String {
    match verdict {
        Verdict::Forward(identity) => identity.header_lines(),
        Verdict::Answer(answer) => write_answer(&answer),
        Verdict::Refuse(refused) => write_answer(&refused.answer),
    }
}

/// The status, a space, the request id; the other headers as `name: value`
/// lines; an empty line, and the body. What differs from answer to answer
/// comes first and last, so that `entry.js` can keep what lies between.
fn write_answer(answer: &Answer) -> String {
    let (mut request_id, mut lines) = ("", String::new());
    for (name, value) in &answer.headers {
        if name == "x-gatehouse-request-id" {
            request_id = value;
        } else {
            lines.extend([name, ": ", value, "\n"]);
        }
    }
    format!("{} {request_id}\n{lines}\n{}", answer.status, answer.body)
}
