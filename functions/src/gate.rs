use crate::deployment;
use gatehouse_core::gate::{Head, Step, Verdict};
use wasm_bindgen::prelude::*;

/// Decides a request with what is in memory. The first character of the
/// answer tells what to do:
///
/// - `P`: not the gate's, ask the portal
/// - `F`: forward, with the `name: value` lines that follow
/// - `R`: answer with the JSON that follows
/// - `M`: ask [`gate_async`], which reads storage
#[wasm_bindgen]
pub fn gate(method: &str, url: &str, authorization: Option<String>) -> Result<String, JsValue> {
    #[cfg(feature = "deliberate-panic")]
    crate::panic::gate(url);
    let head = Head { method, url, authorization: authorization.as_deref() };
    Ok(write(deployment()?.check(&head)))
}

/// As [`gate`], after reading what is not in memory. Never `M`.
#[wasm_bindgen]
pub async fn gate_async(method: String, url: String, authorization: Option<String>) -> Result<String, JsValue> {
    let head = Head { method: &method, url: &url, authorization: authorization.as_deref() };
    Ok(write(deployment()?.check_with_storage(&head).await))
}

fn write(step: Step) -> String {
    match step {
        Step::NotMine => "P".to_owned(),
        Step::Read(_) => "M".to_owned(),
        Step::Decided(Verdict::Forward(identity)) => format!("F{}", identity.header_lines()),
        Step::Decided(Verdict::Refuse(answer)) => {
            format!("R{}", serde_json::to_string(&answer).unwrap_or_default())
        }
    }
}
