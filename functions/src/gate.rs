use crate::deployment;
use crate::runtime::WorkerRuntime;
use gatehouse_core::deployment::Deployment;
use gatehouse_core::gate::{Form, Head, Step, UpstreamFailure, Verdict, Way};
use gatehouse_core::http;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// Decides a request with what is in memory. `way` tells who has it: see
/// [`way_of`]. The first character of the answer tells what to do:
///
/// - `P`: not the gate's, ask the portal
/// - `C`: a proxy asks about a request, see [`read_outer`]
/// - `F`: it passes, with the `name: value` lines that follow: those for the
///   API, an empty line, those for the caller
/// - `U`: the same, and call [`settle`] afterwards
/// - `R`: answer with the JSON that follows
/// - `A`: the same, and call [`settle`] afterwards
/// - `M`: ask [`gate_async`], which reads storage
/// - `B`: the same, with the body where it is a form
#[wasm_bindgen]
pub fn gate(method: &str, url: &str, authorization: Option<String>, way: u8) -> Result<String, JsValue> {
    #[cfg(feature = "deliberate-panic")]
    crate::panic::gate(url);
    let head = Head { method, url, authorization: authorization.as_deref() };
    let (deployment, way) = (deployment()?, way_of(way));
    let step = deployment.check_by(way, &head);
    Ok(write(&deployment, way, &head, step))
}

/// As [`gate`], after reading what is not in memory. Never `M` or `B`. `form`
/// is the body where it is `application/x-www-form-urlencoded`, unless it is
/// too large to be read.
#[wasm_bindgen]
pub async fn gate_async(
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
/// and the JSON of an answer.
#[wasm_bindgen]
pub fn read_outer(method: &str, url: &str, lines: &str) -> Result<String, JsValue> {
    Ok(match deployment()?.read_outer(method, url, lines) {
        Ok(outer) => format!("{} {} {}", number_of(outer.way), outer.method, outer.url),
        Err(answer) => format!("R{}", json(&answer)),
    })
}

/// The answer, as JSON, where the API gave none; `text` is for the log.
#[wasm_bindgen]
pub fn upstream_failure(url: &str, request_id: &str, timed_out: bool, text: &str) -> Result<String, JsValue> {
    let failure = if timed_out { UpstreamFailure::TimedOut } else { UpstreamFailure::Unreachable };
    Ok(json(&deployment()?.upstream_failure(url, request_id, failure, text)))
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
        Step::NotMine if way != Way::Proxy => format!("R{}", json(&deployment.no_version())),
        Step::NotMine if http::is_forward_auth(head.path()) => "C".to_owned(),
        Step::NotMine => "P".to_owned(),
        Step::Wait { form: false } => "M".to_owned(),
        Step::Wait { form: true } => "B".to_owned(),
        Step::Decided(Verdict::Forward(identity)) => {
            format!("{}{}", if has_work { 'U' } else { 'F' }, deployment.header_lines(head, &identity))
        }
        Step::Decided(Verdict::Answer(answer)) => format!("{}{}", if has_work { 'A' } else { 'R' }, json(&answer)),
        Step::Decided(Verdict::Refuse(refused)) => {
            format!("{}{}", if has_work { 'A' } else { 'R' }, json(&refused.answer))
        }
    }
}

fn json(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}
