//! Answers, read to their end.

use serde_json::Value;
use ureq::{Body, http};

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub text: String,
    /// `null` where the body is not JSON.
    pub json: Value,
}

impl Reply {
    pub fn new(status: u16, headers: Vec<(String, String)>, text: String) -> Self {
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status, headers, text, json }
    }

    /// Reads an answer; an error where its body breaks off.
    pub(crate) fn read(mut answer: http::Response<Body>) -> Result<Self, ureq::Error> {
        let body = answer.body_mut().with_config().limit(64 << 20).read_to_vec()?;
        let text = String::from_utf8_lossy(&body).into_owned();
        let value = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = answer.headers().iter().map(|(name, text)| (name.as_str().to_owned(), value(text))).collect();
        Ok(Self::new(answer.status().as_u16(), headers, text))
    }

    /// The body, where the status is the expected one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json
    }

    /// Asserts a refusal of the portal API with a code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.json["code"].as_str()), (status, Some(code)), "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        self.json
    }

    /// Asserts an exact body.
    #[track_caller]
    pub fn is(self, status: u16, body: &Value) {
        assert_eq!((self.status, &self.json), (status, body), "{}", self.text);
    }

    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
