//! Requests of pages of other origins, for `pages.js`.

use crate::check::asker_of;
use crate::isolate;
use gatehouse_domain::request::RequestHead;
use gatehouse_edge::check::{OriginalRequest, Page, write_browsing};
use wasm_bindgen::prelude::*;

/// Says what becomes of a request with an `Origin` header, in the text of
/// [`write_browsing`]; nothing where it is decided as any other. `lines` are
/// `name: value` lines of what the browser says, and of what names the request
/// where a proxy asks about one.
#[wasm_bindgen]
pub fn browse(
    asker: u8,
    method: &str,
    url: &str,
    authorization: Option<String>,
    lines: &str,
) -> Result<Option<String>, JsValue> {
    let isolate = isolate()?;
    let find = |name: &str| {
        let mut headers = lines.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let Some(origin) = find("origin") else { return Ok(None) };
    let (asker, method, url) = match asker_of(asker) {
        Some(asker) => (asker, method.to_owned(), url.to_owned()),
        None => match isolate.read_original_request(method, url, lines) {
            Ok(OriginalRequest { asker, method, url }) => (asker, method, url),
            // The answer to the question says so.
            Err(_) => return Ok(None),
        },
    };
    let head = RequestHead { method: &method, url: &url, authorization: authorization.as_deref() };
    let page =
        Page { origin, method: find("access-control-request-method"), headers: find("access-control-request-headers") };
    Ok(write_browsing(isolate.browse(asker, &head, &page)))
}
