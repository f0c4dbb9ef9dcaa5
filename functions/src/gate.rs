use crate::deployment;
use crate::runtime::WorkerRuntime;
use gatehouse_core::deployment::Deployment;
use gatehouse_core::gate::{
    Answer, Form, Head, Identity, LARGEST_FORM, Outer, Refused, Standing, Step, UpstreamFailure, Verdict, Way,
};
use gatehouse_core::ports::Clock;
use gatehouse_shared::model::UnixMillis;
use js_sys::Promise;
use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use worker::wasm_bindgen_futures::future_to_promise;

thread_local! {
    /// What the last call of [`gate`] left to be fetched.
    static LEFT: RefCell<Option<Left>> = const { RefCell::new(None) };
}

enum Left {
    /// With the request's method and URL, which are signed.
    Pass(Box<Identity>, String, String),
    Answer(Answer),
    Later(Pin<Box<dyn Future<Output = String>>>),
    /// The way, the method and the URL, which [`gate_with_body`] is asked about.
    Question(String),
}

/// Decides a request with what is in memory. `way` tells who has it: see
/// [`way_of`]. A number comes out, since a text costs more than most checks;
/// it is the code of a character that tells what to do:
///
/// - `P`: not the gate's, ask the portal
/// - `F`: it passes, with what [`gate_text`] gives
/// - `U`: the same, and call [`settle`] afterwards
/// - `R`: answer with what [`gate_text`] gives
/// - `A`: the same, and call [`settle`] afterwards
/// - `M`: wait for [`gate_later`], which reads or writes storage
/// - `B`: ask [`gate_with_body`], with what [`gate_text`] gives, and the body
///   where it is a form
/// - `S`: the same, with a body that may be no larger than a small form
#[wasm_bindgen]
pub fn gate(method: String, url: String, authorization: Option<String>, way: u8) -> u32 {
    #[cfg(feature = "deliberate-panic")]
    crate::panic::gate(&url);
    let Some(deployment) = started(&url) else { return NOT_STARTED };
    decide(deployment, way_of(way), method, url, authorization)
}

/// No code of [`gate`]'s: `entry.js` answers 500. A `Result` would be an array
/// in JavaScript, at every request.
const NOT_STARTED: u32 = 0;

#[cfg_attr(not(feature = "deliberate-panic"), expect(unused_variables))]
fn started(url: &str) -> Option<Rc<Deployment<WorkerRuntime>>> {
    #[cfg(feature = "deliberate-panic")]
    if crate::panic::is_lost(url) {
        return None;
    }
    deployment().ok()
}

/// As [`gate`], about a request that a proxy has. Which one that is, is read
/// from the proxy's question and those of its headers that may tell: `name:
/// value` lines. What passes is answered too, never forwarded.
#[wasm_bindgen]
pub fn gate_for_proxy(method: &str, url: &str, authorization: Option<String>, lines: &str) -> u32 {
    let Some(deployment) = started(url) else { return NOT_STARTED };
    match deployment.read_outer(method, url, lines) {
        Ok(Outer { way, method, url }) => decide(deployment, way, method, url, authorization),
        Err(answer) => leave('R', Left::Answer(answer)),
    }
}

fn decide(
    deployment: Rc<Deployment<WorkerRuntime>>,
    way: Way,
    method: String,
    url: String,
    authorization: Option<String>,
) -> u32 {
    let head = Head { method: &method, url: &url, authorization: authorization.as_deref() };
    let now = deployment.runtime.now();
    let (code, left) = match deployment.check(way, &head, now) {
        Step::Decided(Verdict::Forward(identity)) => {
            let code = if deployment.has_work(now) { 'U' } else { 'F' };
            (code, Left::Pass(Box::new(identity), method, url))
        }
        Step::Decided(Verdict::Answer(answer) | Verdict::Refuse(Refused { answer, .. })) => {
            (if deployment.has_work(now) { 'A' } else { 'R' }, Left::Answer(answer))
        }
        Step::NotMine if way != Way::Proxy => ('R', Left::Answer(deployment.no_version())),
        Step::NotMine => return 'P'.into(),
        Step::Wait { form: Some(most) } => {
            let code = if most == LARGEST_FORM { 'B' } else { 'S' };
            (code, Left::Question(format!("{} {method} {url}", number_of(way))))
        }
        Step::Wait { form: None } => {
            let later = async move {
                let head = Head { method: &method, url: &url, authorization: authorization.as_deref() };
                let step = deployment.check_with_storage(way, &head, Form::None).await;
                write(&deployment, way, &head, step)
            };
            ('M', Left::Later(Box::pin(later)))
        }
        Step::Spend(admitted, rate) => {
            let later = async move {
                let head = Head { method: &method, url: &url, authorization: None };
                let step = deployment.spend_and_pass(way, &head, *admitted, rate).await;
                write(&deployment, way, &head, step)
            };
            ('M', Left::Later(Box::pin(later)))
        }
    };
    leave(code, left)
}

fn leave(code: char, left: Left) -> u32 {
    LEFT.with(|cell| cell.replace(Some(left)));
    code.into()
}

/// The text that belongs to what [`gate`] said just before: of a pass the
/// `name: value` lines for the API, an empty line, and those for the caller;
/// of an answer what [`write_answer`] writes.
#[wasm_bindgen]
pub fn gate_text() -> Result<String, JsValue> {
    Ok(match LEFT.with(RefCell::take) {
        Some(Left::Pass(identity, method, url)) => {
            let head = Head { method: &method, url: &url, authorization: None };
            deployment()?.header_lines(&head, &identity)
        }
        Some(Left::Answer(answer)) => write_answer(&answer),
        Some(Left::Question(question)) => question,
        Some(Left::Later(_)) | None => return Err(JsValue::from_str("gate() left no text")),
    })
}

/// Goes on where [`gate`] answered `M` just before: gives one of the other
/// characters, never `M`, `B` or `S`, and the text. No async function: that would
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

/// As [`gate_later`], of what [`gate`] left as a question, with the body.
/// `form` is the body where it is `application/x-www-form-urlencoded`, unless
/// it is too large to be read.
#[wasm_bindgen]
pub async fn gate_with_body(
    question: String,
    authorization: Option<String>,
    form: Option<Vec<u8>>,
    is_too_large: bool,
) -> Result<String, JsValue> {
    let mut parts = question.splitn(3, ' ');
    let mut part = || parts.next().unwrap_or_default();
    let (way, method, url) = (way_of(part().parse().unwrap_or_default()), part(), part());
    let head = Head { method, url, authorization: authorization.as_deref() };
    let form = match &form {
        _ if is_too_large => Form::TooLarge,
        Some(bytes) => Form::Read(bytes),
        None => Form::None,
    };
    let deployment = deployment()?;
    let step = deployment.check_with_storage(way, &head, form).await;
    Ok(write(&deployment, way, &head, step))
}

/// The answer where the API gave none, see [`write_answer`]; `text` is for the
/// log.
#[wasm_bindgen]
pub fn upstream_failure(url: &str, request_id: &str, timed_out: bool, text: &str) -> Result<String, JsValue> {
    let failure = if timed_out { UpstreamFailure::TimedOut } else { UpstreamFailure::Unreachable };
    Ok(write_answer(&deployment()?.upstream_failure(url, request_id, failure, text)))
}

/// Whether [`settle`] has something to do.
#[wasm_bindgen]
pub fn has_work() -> Result<bool, JsValue> {
    let deployment = deployment()?;
    Ok(deployment.has_work(deployment.runtime.now()))
}

/// The answer to a question of forward auth that was sent astray, see
/// [`write_answer`].
#[wasm_bindgen]
pub fn astray(url: &str) -> Result<String, JsValue> {
    Ok(write_answer(&deployment()?.astray(url)))
}

/// Whether the credential of a connection that was opened at `opened_at`
/// (milliseconds) still stands: 0 where it does not, 1 where it does, 2 where
/// that can't be told now.
#[wasm_bindgen]
pub async fn still_stands(
    method: String,
    url: String,
    authorization: Option<String>,
    opened_at: f64,
) -> Result<u32, JsValue> {
    let head = Head { method: &method, url: &url, authorization: authorization.as_deref() };
    let opened_at = UnixMillis(opened_at as u64).seconds();
    Ok(match deployment()?.still_stands(&head, opened_at).await {
        Standing::Ended => 0,
        Standing::Stands => 1,
        Standing::Unknown => 2,
    })
}

/// Does what no request waits for; for after the answer.
#[wasm_bindgen]
pub async fn settle() -> Result<(), JsValue> {
    deployment()?.settle().await;
    Ok(())
}

/// As `entry.js` numbers them.
pub(crate) fn way_of(number: u8) -> Way {
    match number {
        0 => Way::Proxy,
        1 => Way::Check,
        2 => Way::ForwardAuth { signs: false },
        3 => Way::ForwardAuth { signs: true },
        _ => Way::Refusal,
    }
}

fn number_of(way: Way) -> u8 {
    match way {
        Way::Proxy => 0,
        Way::Check => 1,
        Way::ForwardAuth { signs: false } => 2,
        Way::ForwardAuth { signs: true } => 3,
        Way::Refusal => 4,
    }
}

fn write(deployment: &Deployment<WorkerRuntime>, way: Way, head: &Head<'_>, step: Step) -> String {
    let has_work = deployment.has_work(deployment.runtime.now());
    match step {
        Step::Decided(Verdict::Forward(identity)) => {
            format!("{}{}", if has_work { 'U' } else { 'F' }, deployment.header_lines(head, &identity))
        }
        Step::Decided(Verdict::Answer(answer) | Verdict::Refuse(Refused { answer, .. })) => {
            format!("{}{}", if has_work { 'A' } else { 'R' }, write_answer(&answer))
        }
        Step::NotMine if way != Way::Proxy => format!("R{}", write_answer(&deployment.no_version())),
        Step::NotMine => "P".to_owned(),
        Step::Wait { .. } | Step::Spend(..) => "B".to_owned(),
    }
}

/// The status, a space, the request id and a line end. The headers as `name:
/// value` lines: those that many answers share, which `entry.js` keeps, an
/// empty line, those that differ from answer to answer, an empty line. The body.
pub(crate) fn write_answer(answer: &Answer) -> String {
    let (mut request_id, mut shared, mut own) = ("", String::new(), String::new());
    for (name, value) in &answer.headers {
        let lines = match name.as_str() {
            "x-gatehouse-request-id" => {
                request_id = value;
                continue;
            }
            "signature" | "signature-input" | "retry-after" | "ratelimit" => &mut own,
            name if name.starts_with("access-control-") => &mut own,
            name if name.starts_with("x-rate-limit-") => &mut own,
            _ => &mut shared,
        };
        lines.extend([name, ": ", value, "\n"]);
    }
    format!("{} {request_id}\n{shared}\n{own}\n{}", answer.status, answer.body)
}
