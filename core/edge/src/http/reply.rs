//! An answer to a portal call, before it is written to the wire.

use super::headers::api_headers;
use gatehouse_domain::gate::Answer;
use gatehouse_domain::portal_error::PortalError;
use serde::Serialize;

/// What the gate would say, said by an endpoint of our own.
impl From<Answer> for Response {
    fn from(Answer { status, mut headers, body }: Answer) -> Self {
        headers.extend(api_headers());
        Self { status, headers, body }
    }
}

/// An answer to a portal call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Response {
    /// An answer with the API's headers.
    pub fn new(status: u16, content_type: &str, body: String) -> Self {
        let mut headers = vec![("content-type".to_owned(), content_type.to_owned())];
        headers.extend(api_headers());
        Self { status, headers, body }
    }

    /// 200 with a value.
    pub(super) fn ok(value: &impl Serialize) -> Result<Self, PortalError> {
        Ok(Self::new(200, "application/json", serde_json::to_string(value)?))
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
