//! A ready answer of the gate, exactly as it goes over the wire.

use crate::limit::Rate;
use gatehouse_shared::model::UnixSeconds;
use serde::Serialize;
use serde_json::Value;

/// A ready answer: status, headers and a JSON body. The headers are those it
/// has besides [`gatehouse_edge::http::gate_headers`], which are on every one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn json(status: u16, content_type: &str, body: &Value) -> Self {
        Self::text(status, content_type, body.to_string())
    }

    /// With a body that is written already.
    pub fn text(status: u16, content_type: &str, body: String) -> Self {
        Self { status, headers: vec![("content-type".to_owned(), content_type.to_owned())], body }
    }

    /// An error with a code: `{"errors":[{"code":…,"message":…}]}`.
    pub fn coded(status: u16, code: u32, message: &str) -> Self {
        // Written rather than built as a tree first: forged credentials are answered by the thousand.
        let message = Value::from(message);
        let body = format!(r#"{{"errors":[{{"code":{code},"message":{message}}}]}}"#);
        Self::text(status, "application/json;charset=utf-8", body)
    }

    pub fn problem(status: u16, body: &Value) -> Self {
        Self::json(status, "application/problem+json", body)
    }

    /// With the caller's limit in its headers.
    pub fn with_rate(mut self, rate: Option<Rate>, now: UnixSeconds) -> Self {
        let headers = rate.iter().flat_map(|rate| rate.headers(now));
        self.headers.extend(headers.map(|(name, value)| (name.to_owned(), value)));
        self
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}
