//! Sends requests to the portal API and reads the responses.

use super::Failure;
use gatehouse_shared::api::{Method, Route};
use gatehouse_shared::problem::{Code, Problem};
use gloo_net::http::{RequestBuilder, Response};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// Calls the portal API with the session cookie of the browser.
#[derive(Clone, Copy)]
pub struct Client {
    /// Called when a call shows that the session has ended.
    on_signed_out: Callback<()>,
    /// Called when a call is refused that may have been allowed before: the caller is no longer a member, or has a lower
    /// role.
    on_no_access: Callback<Self>,
}

/// The client that the app provides to every page.
pub fn use_client() -> Client {
    expect_context()
}

/// The parts that differ between calls of one route.
#[derive(Default)]
pub(super) struct Call<'a> {
    pub params: &'a [(&'a str, &'a str)],
    pub query: &'a [(&'a str, &'a str)],
    /// A query that is passed on unchanged, with its escapes and empty values.
    pub raw_query: &'a str,
    pub body: Option<String>,
}

impl Client {
    pub fn new(on_signed_out: Callback<()>, on_no_access: Callback<Self>) -> Self {
        Self { on_signed_out, on_no_access }
    }

    pub(super) async fn call<T: DeserializeOwned>(self, route: Route, call: Call<'_>) -> Result<T, Failure> {
        let (status, text) = self.send(route, call).await?;
        serde_json::from_str(&text).map_err(|_| Failure::Unreadable { status })
    }

    /// Not generic, so that the program contains it once.
    async fn send(self, route: Route, call: Call<'_>) -> Result<(u16, String), Failure> {
        let response = request(route, &call).await.map_err(|_| Failure::Unreachable)?;
        let status = response.status();
        let text = response.text().await.map_err(|_| Failure::Unreachable)?;
        if response.ok() {
            return Ok((status, text));
        }
        let problem: Problem = serde_json::from_str(&text).map_err(|_| Failure::Unreadable { status })?;
        match problem.code {
            Code::NotSignedIn => self.on_signed_out.run(()),
            // Of somebody who is a member of nothing approved, the server asks for approval first.
            Code::NotFound | Code::RoleTooLow | Code::NotApproved => self.on_no_access.run(self),
            _ => {}
        }
        Err(Failure::Refused(Box::new(problem)))
    }
}

async fn request(route: Route, call: &Call<'_>) -> Result<Response, gloo_net::Error> {
    let endpoint = route.endpoint();
    let method = match endpoint.method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
        Method::Patch => gloo_net::http::Method::PATCH,
        Method::Put => gloo_net::http::Method::PUT,
        Method::Delete => gloo_net::http::Method::DELETE,
    };
    let query = call.query.iter().copied().filter(|(_, value)| !value.is_empty());
    let mut address = route.path(call.params);
    if !call.raw_query.is_empty() {
        address = address + "?" + call.raw_query;
    }
    let mut builder = RequestBuilder::new(&address).method(method).query(query);
    if endpoint.method != Method::Get {
        builder = builder.header("content-type", "application/json");
    }
    match &call.body {
        Some(body) => builder.body(body.as_str())?.send().await,
        None => builder.send().await,
    }
}

/// Serializes a request. Requests are plain data, which can always be written as JSON.
pub(super) fn json<T: Serialize>(request: &T) -> Option<String> {
    Some(serde_json::to_string(request).unwrap_or_default())
}
