//! Everything but the gate: the portal's API, its page and its files.

use crate::isolate;
use crate::runtime::metrics;
use futures_util::StreamExt;
use gatehouse_domain::metrics::StatusClass;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::request::RequestHead;
use gatehouse_edge::check::OF_A_QUESTION;
use gatehouse_edge::http;
use gatehouse_edge::http::{Body, Request, Response};
use wasm_bindgen::prelude::*;
use worker::Env;

/// Answers a request that is not the gate's; `address` is its client's, where that is known.
#[wasm_bindgen]
pub async fn portal(
    request: web_sys::Request,
    env: Env,
    address: Option<String>,
) -> Result<web_sys::Response, JsValue> {
    let answer = answer(request, env, address).await;
    let status = answer.as_ref().map_or(500, web_sys::Response::status);
    metrics().portal_requests.add(StatusClass::of(status));
    answer
}

async fn answer(request: web_sys::Request, env: Env, address: Option<String>) -> Result<web_sys::Response, JsValue> {
    let url = request.url();
    let method = request.method();
    let path = RequestHead { method: &method, url: &url, authorization: None }.path().to_owned();
    #[cfg(feature = "deliberate-panic")]
    if let Some(text) = crate::panic::portal(&path).await {
        return web_sys::Response::new_with_opt_str(Some(&text));
    }
    let only_reads = method == "GET" || method == "HEAD";
    if only_reads && is_question(&request)? {
        return not_found(Missing::Route);
    }
    let isolate = isolate()?;
    if isolate.answers(&path) {
        let authorization = request.headers().get("authorization")?;
        let limit = isolate.body_limit(&path, authorization.as_deref());
        let answer = isolate.handle(&read(request, method, url, address, limit).await).await;
        return write(&answer);
    }
    if !only_reads {
        return not_found(Missing::Route);
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    if (last.contains('.') || path.starts_with("/assets/")) && path != INDEX {
        return serve_file(&request, &env, &path).await;
    }
    if http::is_page(&path) || accepts_html(&request)? {
        return serve_page(&request, &env, &path).await;
    }
    not_found(Missing::Page)
}

/// The file with the portal's page, which has no address of its own.
const INDEX: &str = "/index.html";

/// Files have the same path under every origin. That of the request is the caller's `Host`, which need not be one.
const ASSETS_ORIGIN: &str = "https://portal.invalid";

/// Whether a proxy asks here whether its request may pass: at a wrong address,
/// where an answer would be taken for a yes.
fn is_question(request: &web_sys::Request) -> Result<bool, JsValue> {
    let headers = request.headers();
    for name in OF_A_QUESTION {
        if headers.has(name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a browser asks, for something to show.
fn accepts_html(request: &web_sys::Request) -> Result<bool, JsValue> {
    let accepted = request.headers().get("accept")?.unwrap_or_default();
    Ok(accepted.to_ascii_lowercase().contains("text/html"))
}

fn not_found(missing: Missing) -> Result<web_sys::Response, JsValue> {
    write(&http::to_response(PortalError::NotFound(missing), &isolate()?.request_id()))
}

/// Reads a request for the application, its body up to the limit.
async fn read(
    request: web_sys::Request,
    method: String,
    url: String,
    address: Option<String>,
    limit: usize,
) -> Request {
    let mut request = worker::Request::from(request);
    let headers: Vec<(String, String)> = request.headers().entries().collect();
    let body =
        if method == "GET" || method == "HEAD" { Body::Read(Vec::new()) } else { read_body(&mut request, limit).await };
    Request { method, url, headers, body, address }
}

async fn read_body(request: &mut worker::Request, limit: usize) -> Body {
    // An error here means a body that is not there or broke off: what came is what there is.
    let Ok(mut stream) = request.stream() else { return Body::Read(Vec::new()) };
    let mut bytes = Vec::new();
    while let Some(Ok(chunk)) = stream.next().await {
        if bytes.len() + chunk.len() > limit {
            return Body::TooLarge;
        }
        bytes.extend_from_slice(&chunk);
    }
    Body::Read(bytes)
}

fn write(answer: &Response) -> Result<web_sys::Response, JsValue> {
    let headers = web_sys::Headers::new()?;
    for (name, value) in &answer.headers {
        headers.append(name, value)?;
    }
    let init = web_sys::ResponseInit::new();
    init.set_status(answer.status);
    init.set_headers(&headers);
    web_sys::Response::new_with_opt_str_and_init(Some(&answer.body), &init)
}

/// Serves a file of the portal. A missing one is a 404: a cache must not keep
/// the page under a file's name.
async fn serve_file(request: &web_sys::Request, env: &Env, path: &str) -> Result<web_sys::Response, JsValue> {
    // The headers are for `If-None-Match`: what is unchanged is a 304.
    let found = fetch_asset(request, env, path, Some(&request.headers())).await?;
    let is_there = found.ok() || found.status() == 304;
    with_headers(&found, found.status(), http::asset_headers(path, is_there))
}

/// Serves the portal's page, which shows what is at the path; with 404 where
/// the portal has nothing there.
async fn serve_page(request: &web_sys::Request, env: &Env, path: &str) -> Result<web_sys::Response, JsValue> {
    let is_page = http::is_page(path);
    // A 304 would be a yes as well: whoever is told that nothing is there is told so in full.
    let headers = is_page.then(|| request.headers());
    let found = fetch_asset(request, env, INDEX, headers.as_ref()).await?;
    let status = if is_page || !found.ok() { found.status() } else { 404 };
    with_headers(&found, status, http::page_headers(path))
}

async fn fetch_asset(
    request: &web_sys::Request,
    env: &Env,
    path: &str,
    headers: Option<&web_sys::Headers>,
) -> Result<web_sys::Response, JsValue> {
    let init = web_sys::RequestInit::new();
    init.set_method(&request.method());
    // The body stays behind: a GET that has one would wait for ever.
    if let Some(headers) = headers {
        init.set_headers(headers);
    }
    let target = web_sys::Request::new_with_str_and_init(&format!("{ASSETS_ORIGIN}{path}"), &init)?;
    let found = env.assets("ASSETS")?.fetch_request(worker::Request::from(target)).await?;
    Ok(found.into())
}

/// The same answer with a status and headers of ours.
fn with_headers(
    found: &web_sys::Response,
    status: u16,
    ours: Vec<(String, String)>,
) -> Result<web_sys::Response, JsValue> {
    let headers = web_sys::Headers::new_with_headers(&found.headers())?;
    if status == 404 {
        headers.delete("etag")?;
    }
    for (name, value) in ours {
        headers.set(&name, &value)?;
    }
    let init = web_sys::ResponseInit::new();
    init.set_status(status);
    init.set_headers(&headers);
    web_sys::Response::new_with_opt_readable_stream_and_init(found.body().as_ref(), &init)
}
