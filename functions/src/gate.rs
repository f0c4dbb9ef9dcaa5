use crate::deployment;
use gatehouse_core::gate::{Form, Head, Step, Verdict};
use wasm_bindgen::prelude::*;

/// Decides a request with what is in memory. The first character of the
/// answer tells what to do:
///
/// - `P`: not the gate's, ask the portal
/// - `F`: forward, with the `name: value` lines that follow
/// - `U`: the same, and call [`settle`] afterwards
/// - `R`: answer with the JSON that follows
/// - `A`: the same, and call [`settle`] afterwards
/// - `M`: ask [`gate_async`], which reads storage
/// - `B`: the same, with the body where it is a form
#[wasm_bindgen]
pub fn gate(method: &str, url: &str, authorization: Option<String>) -> Result<String, JsValue> {
    #[cfg(feature = "deliberate-panic")]
    crate::panic::gate(url);
    let head = Head { method, url, authorization: authorization.as_deref() };
    let deployment = deployment()?;
    Ok(write(deployment.check(&head), deployment.has_work()))
}

/// As [`gate`], after reading what is not in memory. Never `M` or `B`. `form`
/// is the body where it is `application/x-www-form-urlencoded`, unless it is
/// too large to be read.
#[wasm_bindgen]
pub async fn gate_async(
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
    Ok(write(deployment.check_with_storage(&head, form).await, deployment.has_work()))
}

/// Does what no request waits for; for after the answer.
#[wasm_bindgen]
pub async fn settle() -> Result<(), JsValue> {
    deployment()?.settle().await;
    Ok(())
}

fn write(step: Step, has_work: bool) -> String {
    let json = |answer| serde_json::to_string(&answer).unwrap_or_default();
    match step {
        Step::NotMine => "P".to_owned(),
        Step::Wait { form: false } => "M".to_owned(),
        Step::Wait { form: true } => "B".to_owned(),
        Step::Decided(Verdict::Forward(identity)) => {
            format!("{}{}", if has_work { 'U' } else { 'F' }, identity.header_lines())
        }
        Step::Decided(Verdict::Answer(answer)) => format!("{}{}", if has_work { 'A' } else { 'R' }, json(answer)),
        Step::Decided(Verdict::Refuse(refused)) => {
            format!("{}{}", if has_work { 'A' } else { 'R' }, json(refused.answer))
        }
    }
}
