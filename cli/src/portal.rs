//! The portal's API, as a browser calls it.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{fmt, time::Duration};

const SESSION_COOKIE: &str = "__Host-gatehouse";

/// A visitor of the portal, with the session they may have.
pub struct Visitor {
    origin: String,
    agent: ureq::Agent,
    session: Option<String>,
    token: Option<String>,
}

/// A call that was answered, and refused.
#[derive(Debug)]
pub struct Refused {
    pub status: u16,
    text: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Refused {}

impl Visitor {
    pub fn new(origin: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(30)))
            .http_status_as_error(false)
            // A DELETE with a body: the portal's confirmations.
            .allow_non_standard_methods(true)
            .build()
            .into();
        Self { origin: origin.to_owned(), agent, session: None, token: None }
    }

    /// A program at the same deployment that shows this token instead of a session.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::new(&self.origin) }
    }

    pub fn get(&mut self, path: &str) -> Result<Value> {
        self.call("GET", path, &Value::Null)
    }

    /// The text of an answer that is no JSON.
    pub fn get_text(&mut self, path: &str) -> Result<String> {
        self.send("GET", path, &Value::Null)
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Result<Value> {
        self.call("POST", path, body)
    }

    pub fn patch(&mut self, path: &str, body: &Value) -> Result<Value> {
        self.call("PATCH", path, body)
    }

    pub fn delete(&mut self, path: &str) -> Result<Value> {
        self.call("DELETE", path, &Value::Object(Default::default()))
    }

    fn call(&mut self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let text = self.send(method, path, body)?;
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).with_context(|| format!("{method} {path} did not answer with JSON: {text}"))
    }

    fn send(&mut self, method: &str, path: &str, body: &Value) -> Result<String> {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin))
            .header("accept", "application/json");
        if let Some(session) = &self.session {
            request = request.header("cookie", format!("{SESSION_COOKIE}={session}"));
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = if body.is_null() {
            Vec::new()
        } else {
            // What a browser adds by itself, and the portal asks for on every call that changes something.
            request = request.header("content-type", "application/json").header("origin", &self.origin);
            serde_json::to_vec(body)?
        };
        let mut answer = self
            .agent
            .run(request.body(body)?)
            .with_context(|| format!("cannot reach {}: is it running?", self.origin))?;

        for cookie in answer.headers().get_all("set-cookie") {
            let value = cookie
                .to_str()
                .ok()
                .and_then(|cookie| cookie.strip_prefix(SESSION_COOKIE)?.strip_prefix('='))
                .and_then(|rest| rest.split(';').next());
            if let Some(value) = value {
                self.session = Some(value.to_owned()).filter(|value| !value.is_empty());
            }
        }
        let status = answer.status();
        let text = answer.body_mut().read_to_string()?;
        if !status.is_success() {
            let text = format!("{method} {path} answered {status}: {text}");
            bail!(Refused { status: status.as_u16(), text });
        }
        Ok(text)
    }
}

/// A text inside an answer, by JSON pointer.
pub fn text(answer: &Value, pointer: &str) -> Result<String> {
    answer
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .with_context(|| format!("the answer has no {pointer}"))
}
