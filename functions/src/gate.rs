use crate::deployment;
use crate::runtime::WorkerRuntime;
use gatehouse_core::deployment::Deployment;
use gatehouse_core::gate::{Answer, Form, Head, Step, UpstreamFailure, Verdict, Way};
use gatehouse_core::http;
use wasm_bindgen::prelude::*;
use worker::wasm_bindgen_futures::future_to_promise;

/// Decides a request: at once where memory is enough, else with a promise of
/// the same. `way` tells who has it: see [`way_of`]. The first character of
/// the answer tells what to do:
///
/// - `P`: not the gate's, ask the portal
/// - `C`: a proxy asks about a request, see [`read_outer`]
/// - `F`: it passes, with the `name: value` lines that follow: those for the
///   API, an empty line, those for the caller
/// - `U`: the same, and call [`settle`] afterwards
/// - `R`: answer with what follows, see [`write_answer`]
/// - `A`: the same, and call [`settle`] afterwards
/// - `B`: ask [`gate_with_body`], with the body where it is a form
#[wasm_bindgen]
pub fn gate(method: &str, url: &str, authorization: Option<String>, way: u8) -> Result<JsValue, JsValue> {
    #[cfg(feature = "deliberate-panic")]
    crate::panic::gate(url);
    let head = Head { method, url, authorization: authorization.as_deref() };
    let (deployment, way) = (deployment()?, way_of(way));
    let step = match deployment.check_by(way, &head) {
        Step::Spend(admitted, rate) => {
            let (method, url) = (method.to_owned(), url.to_owned());
            return Ok(promise(async move {
                let head = Head { method: &method, url: &url, authorization: None };
                let step = deployment.spend_and_pass(way, &head, *admitted, rate).await;
                write(&deployment, way, &head, step)
            }));
        }
        Step::Wait { form: false } => {
            let (method, url) = (method.to_owned(), url.to_owned());
            return Ok(promise(async move {
                let head = Head { method: &method, url: &url, authorization: authorization.as_deref() };
                let step = deployment.check_by_with_storage(way, &head, Form::None).await;
                write(&deployment, way, &head, step)
            }));
        }
        step => step,
    };
    Ok(write(&deployment, way, &head, step).into())
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
    way: u8,
    form: Option<Vec<u8>>,
    is_too_large: bool,
) -> Result<String, JsValue> {
    let head = Head { method: &method, url: &url, authorization: authorization.as_deref() };
    let form = match &form {
        _ if is_too_large => Form::TooLarge,
        Some(bytes) => Form::Read(bytes),
        None => Form::None,
    };
    let (deployment, way) = (deployment()?, way_of(way));
    let step = deployment.check_by_with_storage(way, &head, form).await;
    Ok(write(&deployment, way, &head, step))
}

/// Reads which request a proxy asks about, from the question and those of its
/// headers that may tell: `name: value` lines. Answers with the way, the
/// method and the URL to ask [`gate`] about, each after a space; or with `R`
/// and an answer.
#[wasm_bindgen]
pub fn read_outer(method: &str, url: &str, lines: &str) -> Result<String, JsValue> {
    Ok(match deployment()?.read_outer(method, url, lines) {
        Ok(outer) => format!("{} {} {}", number_of(outer.way), outer.method, outer.url),
        Err(answer) => write_answer('R', &answer),
    })
}

/// The answer where the API gave none, see [`write_answer`]; `text` is for the
/// log.
#[wasm_bindgen]
pub fn upstream_failure(url: &str, request_id: &str, timed_out: bool, text: &str) -> Result<String, JsValue> {
    let failure = if timed_out { UpstreamFailure::TimedOut } else { UpstreamFailure::Unreachable };
    Ok(write_answer('R', &deployment()?.upstream_failure(url, request_id, failure, text)))
}

/// Does what no request waits for; for after the answer.
#[wasm_bindgen]
pub async fn settle() -> Result<(), JsValue> {
    deployment()?.settle().await;
    Ok(())
}

/// As `entry.js` numbers them.
fn way_of(number: u8) -> Way {
    match number {
        0 => Way::Proxy,
        1 => Way::Check,
        _ => Way::Refusal,
    }
}

fn number_of(way: Way) -> u8 {
    match way {
        Way::Proxy => 0,
        Way::Check => 1,
        Way::Refusal => 2,
    }
}

fn write(deployment: &Deployment<WorkerRuntime>, way: Way, head: &Head<'_>, step: Step) -> String {
    let has_work = deployment.has_work();
    match step {
        Step::NotMine if way != Way::Proxy => write_answer('R', &deployment.no_version()),
        Step::NotMine if http::is_forward_auth(head.path()) => "C".to_owned(),
        Step::NotMine => "P".to_owned(),
        Step::Wait { .. } | Step::Spend(..) => "B".to_owned(),
        Step::Decided(Verdict::Forward(identity)) => {
            format!("{}{}", if has_work { 'U' } else { 'F' }, deployment.header_lines(head, &identity))
        }
        Step::Decided(Verdict::Answer(answer)) => write_answer(if has_work { 'A' } else { 'R' }, &answer),
        Step::Decided(Verdict::Refuse(refused)) => write_answer(if has_work { 'A' } else { 'R' }, &refused.answer),
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
