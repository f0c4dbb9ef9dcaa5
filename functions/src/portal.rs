//! Everything but the gate: the portal's API, its page and its files.

use crate::deployment;
use futures_util::StreamExt;
use gatehouse_core::gate::Head;
use gatehouse_core::http::{self, BODY_LIMIT, Body, Request, Response};
use gatehouse_core::refusal::{Missing, Refusal};
use wasm_bindgen::prelude::*;
use worker::Env;

/// Answers a request that is not the gate's.
#[wasm_bindgen]
pub async fn portal(request: web_sys::Request, env: Env) -> Result<web_sys::Response, JsValue> {
    let url = request.url();
    let method = request.method();
    let path = Head { method: &method, url: &url, authorization: None }.path().to_owned();
    #[cfg(feature = "deliberate-panic")]
    if let Some(text) = crate::panic::portal(&path).await {
        return web_sys::Response::new_with_opt_str(Some(&text));
    }
    if http::is_answered(&path) {
        let answer = deployment()?.handle(&read(request, method, url).await).await;
        return write(&answer);
    }
    if method != "GET" && method != "HEAD" {
        let deployment = deployment()?;
        return write(&http::to_response(Refusal::NotFound(Missing::Route), &deployment.request_id()));
    }
    file(&request, &env, &url, &path).await
}

/// Reads a request for the application, its body up to the limit.
async fn read(request: web_sys::Request, method: String, url: String) -> Request {
    let mut request = worker::Request::from(request);
    let headers: Vec<(String, String)> = request.headers().entries().collect();
    let body = if method == "GET" || method == "HEAD" { Body::Read(Vec::new()) } else { read_body(&mut request).await };
    Request { method, url, headers, body }
}

async fn read_body(request: &mut worker::Request) -> Body {
    // An error here means a body that is not there or broke off: what came is what there is.
    let Ok(mut stream) = request.stream() else { return Body::Read(Vec::new()) };
    let mut bytes = Vec::new();
    while let Some(Ok(chunk)) = stream.next().await {
        if bytes.len() + chunk.len() > BODY_LIMIT {
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

/// Serves a file of the portal, or its page for a path that a person may have
/// typed or followed. A missing file stays a 404: a cache must not keep the
/// page under a file's name.
async fn file(request: &web_sys::Request, env: &Env, url: &str, path: &str) -> Result<web_sys::Response, JsValue> {
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_page = (!last.contains('.') && !path.starts_with("/assets/")) || path == "/index.html";
    let target = if is_page {
        let origin = Head { method: "GET", url, authorization: None }.origin();
        format!("{origin}/index.html")
    } else {
        url.to_owned()
    };
    let init = web_sys::RequestInit::new();
    init.set_method(&request.method());
    // For `If-None-Match`: what is unchanged is a 304. The body stays behind: a GET that has one would wait for ever.
    init.set_headers(&request.headers());
    let target = web_sys::Request::new_with_str_and_init(&target, &init)?;
    let found = env.assets("ASSETS")?.fetch_request(worker::Request::from(target)).await?;
    let found: web_sys::Response = found.into();
    let headers = web_sys::Headers::new_with_headers(&found.headers())?;
    let ours =
        if is_page { http::page_headers(path) } else { http::asset_headers(path, found.ok() || found.status() == 304) };
    for (name, value) in ours {
        headers.set(&name, &value)?;
    }
    let init = web_sys::ResponseInit::new();
    init.set_status(found.status());
    init.set_headers(&headers);
    web_sys::Response::new_with_opt_readable_stream_and_init(found.body().as_ref(), &init)
}
