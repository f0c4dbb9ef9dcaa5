use crate::deployment;
use gatehouse_core::gate::{Answer, Form, Head, Step, Verdict};
use wasm_bindgen::prelude::*;
use worker::wasm_bindgen_futures::future_to_promise;

/// Decides a request: at once where memory is enough, else with a promise of
/// the same. The first character of the answer tells what to do:
///
/// - `P`: not the gate's, ask the portal
/// - `F`: forward, with the `name: value` lines that follow
/// - `U`: the same, and call [`report_uses`] afterwards
/// - `R`: answer with what follows, see [`write_answer`]
/// - `A`: the same, and call [`report_uses`] afterwards
/// - `B`: ask [`gate_with_body`], with the body where it is a form
#[wasm_bindgen]
pub fn gate(method: &str, url: &str, authorization: Option<String>) -> Result<JsValue, JsValue> {
    #[cfg(feature = "deliberate-panic")]
    crate::panic::gate(url);
    let head = Head { method, url, authorization: authorization.as_deref() };
    let deployment = deployment()?;
    match deployment.check(&head) {
        Step::Spend(admitted) => {
            let url = url.to_owned();
            Ok(promise(async move {
                let head = Head { method: "", url: &url, authorization: None };
                let step = deployment.spend_and_pass(&head, *admitted).await;
                write(step, deployment.has_uses_to_report())
            }))
        }
        Step::Wait { form: false } => {
            let (method, url) = (method.to_owned(), url.to_owned());
            Ok(promise(async move {
                let head = Head { method: &method, url: &url, authorization: authorization.as_deref() };
                let step = deployment.check_with_storage(&head, Form::None).await;
                write(step, deployment.has_uses_to_report())
            }))
        }
        step => Ok(write(step, deployment.has_uses_to_report()).into()),
    }
}

fn promise(answer: impl Future<Output = String> + 'static) -> JsValue {
    future_to_promise(async move { Ok(answer.await.into()) }).into()
}

/// As [`gate`], with the body; never `B`. `form` is the body where it is
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
        Step::NotMine => "P".to_owned(),
        Step::Wait { .. } | Step::Spend(_) => "B".to_owned(),
        Step::Decided(Verdict::Forward(identity)) => {
            format!("{}{}", if has_uses { 'U' } else { 'F' }, identity.header_lines())
        }
        Step::Decided(Verdict::Answer(answer)) => write_answer(if has_uses { 'A' } else { 'R' }, &answer),
        Step::Decided(Verdict::Refuse(refused)) => write_answer('R', &refused.answer),
    }
}

/// The status, a space, the request id; the other headers as `name: value`
/// lines; an empty line, and the body. What differs from answer to answer
/// comes first and last, so that `entry.js` can keep what lies between.
fn write_answer(first: char, answer: &Answer) -> String {
    let (mut request_id, mut lines) = ("", String::new());
    for (name, value) in &answer.headers {
        if name == "x-gatehouse-request-id" {
            request_id = value;
        } else {
            lines.extend([name, ": ", value, "\n"]);
        }
    }
    format!("{first}{} {request_id}\n{lines}\n{}", answer.status, answer.body)
}
