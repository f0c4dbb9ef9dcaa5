//! Requests of pages of other origins, for `pages.js`.

use crate::deployment;
use crate::gate::{way_of, write_answer};
use gatehouse_core::gate::{Browsing, Head, Outer, Page, Way};
use wasm_bindgen::prelude::*;

/// Whether `api.toml` says anywhere which pages may call.
#[wasm_bindgen]
pub fn has_cors() -> Result<bool, JsValue> {
    Ok(deployment()?.settings.api.has_cors())
}

/// Says what becomes of a request with an `Origin` header; nothing where it is
/// decided as any other. `lines` are `name: value` lines of what the browser
/// says, and of what names the request where a proxy asks about one. The first
/// character of the text tells what to do:
///
/// - `F`: it passes without identity, with what follows as of
///   [`crate::gate::gate_text`]
/// - `R`: answer with what follows
/// - `H`: decide it as any other, and put the lines that follow on the answer
#[wasm_bindgen]
pub fn browse(
    way: u8,
    method: &str,
    url: &str,
    authorization: Option<String>,
    lines: &str,
) -> Result<Option<String>, JsValue> {
    let deployment = deployment()?;
    let find = |name: &str| {
        let mut headers = lines.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let Some(origin) = find("origin") else { return Ok(None) };
    let (way, method, url) = match way_of(way) {
        Way::ForwardAuth { .. } | Way::Refusal => match deployment.read_outer(method, url, lines) {
            Ok(Outer { way, method, url, .. }) => (way, method, url),
            // The answer to the question says so.
            Err(_) => return Ok(None),
        },
        way => (way, method.to_owned(), url.to_owned()),
    };
    let head = Head { method: &method, url: &url, authorization: authorization.as_deref() };
    let page =
        Page { origin, method: find("access-control-request-method"), headers: find("access-control-request-headers") };
    Ok(match deployment.browse(way, &head, &page) {
        Browsing::Usual => None,
        Browsing::Told(lines) => Some(format!("H{lines}")),
        Browsing::Answer(answer) => Some(format!("R{}", write_answer(&answer))),
        Browsing::Ask(id) => Some(format!("Fx-gatehouse-request-id: {id}\n\nx-gatehouse-request-id: {id}\n")),
    })
}
