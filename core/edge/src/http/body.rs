//! Reads a JSON body, and names the field that does not fit.

use super::problem::respond;
use super::reply::Response;
use super::request::{BODY_LIMIT, Body, Request};
use gatehouse_domain::format::ByName;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_shared::problem::{Code, FieldError};
use serde::de::DeserializeOwned;

/// Why a body could not be taken.
#[derive(Debug)]
pub(super) enum BodyError {
    NotJson,
    TooLarge,
    Malformed(String),
    Refused(PortalError),
}

impl BodyError {
    pub(super) fn into_response(self, request_id: &str) -> Response {
        let (code, detail) = match self {
            Self::Refused(refusal) => return super::to_response(refusal, request_id),
            Self::NotJson => (Code::UnsupportedMediaType, "Send the body as application/json.".to_owned()),
            Self::TooLarge => (Code::BodyTooLarge, format!("Send at most {} KiB.", BODY_LIMIT / 1024)),
            Self::Malformed(detail) => (Code::MalformedBody, detail),
        };
        respond(code, detail, Vec::new(), request_id)
    }
}

/// Reads a JSON body. A field of another type, an unknown or a missing one is
/// named by its path.
pub(super) fn read_json<T: DeserializeOwned>(request: &Request) -> Result<T, BodyError> {
    let bytes = match &request.body {
        Body::TooLarge => return Err(BodyError::TooLarge),
        Body::Read(bytes) => bytes,
    };
    let media_type = request.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case("application/json") {
        return Err(BodyError::NotJson);
    }
    // Checked here, because the message of serde would name a Rust type.
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first.is_some_and(|byte| *byte != b'{') {
        return Err(BodyError::Malformed("The body isn't a JSON object.".to_owned()));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(ByName(&mut deserializer)).map_err(|error| {
        let path = error.path().to_string();
        explain(&path, error.inner())
    })?;
    deserializer.end().map_err(|error| explain(".", &error))?;
    Ok(value)
}

fn explain(path: &str, error: &serde_json::Error) -> BodyError {
    use serde_json::error::Category;
    if matches!(error.classify(), Category::Syntax | Category::Eof | Category::Io) {
        return BodyError::Malformed(format!("The body isn't valid JSON: {error}."));
    }
    let text = error.to_string();
    let quoted = text.split('`').nth(1).unwrap_or_default();
    let path = path.trim_start_matches('.').trim_end_matches(".?");
    let join = |name: &str| match path {
        "" | "." => name.to_owned(),
        path if path.ends_with(name) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    let field_error = if text.starts_with("missing field") {
        FieldError::new(join(quoted), "required", "This field is required.")
    } else if text.starts_with("unknown field") {
        FieldError::new(join(quoted), "unknown", "This field doesn't exist. Check its spelling.")
    } else {
        let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
        match path {
            "" | "." => return BodyError::Malformed(format!("The body has the wrong structure: {message}.")),
            path => FieldError::new(path, "type", format!("This field has the wrong type: {message}.")),
        }
    };
    BodyError::Refused(PortalError::Invalid(vec![field_error]))
}
