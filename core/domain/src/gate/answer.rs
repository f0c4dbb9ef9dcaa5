//! The gate's answers, exactly as they go over the wire.

use crate::gate::{Asked, Reason, Unproven};
use crate::limit::{Exhausted, Rate};
use crate::upstream::Identity;
use gatehouse_shared::description::Version;
use gatehouse_shared::model::{AppId, CredentialForm, ErrorForm, Permission, UnixSeconds};
use serde::Serialize;
use serde_json::{Value, json};

/// What the gate says about a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Forward(Identity),
    /// The deployment answers by itself.
    Answer(Answer),
    Refuse(Refused),
}

/// A refused request: why, and what its sender is told of that.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    pub reason: Reason,
    pub answer: Answer,
    /// Whose credential it came with, where that was made here.
    pub app_id: Option<AppId>,
    /// Whether the caller had proven to be that App.
    pub is_proven: bool,
}

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

    fn text(status: u16, content_type: &str, body: String) -> Self {
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

/// RefusalText a request does not pass, and what is known of its caller.
pub struct Denial {
    pub reason: Reason,
    pub app_id: Option<AppId>,
    /// What the caller is told it may do, where the caller is known.
    pub level: Option<Permission>,
}

impl<T: Into<Reason>> From<T> for Denial {
    fn from(reason: T) -> Self {
        Self { reason: reason.into(), app_id: None, level: None }
    }
}

impl Denial {
    pub fn of(self, app_id: AppId) -> Self {
        Self { app_id: Some(app_id), ..self }
    }
}

/// Makes the answer to a refused request in the form of its version.
pub fn refuse(Denial { reason, app_id, level }: Denial, asked: &Asked<'_>, request_id: &str) -> Refused {
    let Asked { version, origin, now, .. } = *asked;
    let answer = match version.errors {
        ErrorForm::Codes => with_code(&reason, version, origin),
        ErrorForm::Problem => with_problem(&reason, version, origin),
    };
    let answer = match level {
        Some(level) => answer.with("x-access-level", level.as_str()),
        None => answer,
    };
    let answer = match &reason {
        Reason::LimitReached { rate: Some(rate), .. } => answer.with_rate(Some(*rate), now),
        Reason::LimitReached { exhausted: Exhausted::Month { ends_at }, .. } => {
            answer.with("ratelimit", format!("\"month\";r=0;t={}", ends_at.0.saturating_sub(now.0)))
        }
        _ => answer,
    };
    let answer = match asked.header_for(&reason) {
        Some((name, value)) => answer.with(name, value),
        None => answer,
    };
    // Who repeats a signed request that was seen proves nothing.
    let is_proven = level.is_some() && !matches!(reason, Reason::Unproven(_));
    Refused { reason, app_id, is_proven, answer: answer.with("x-gatehouse-request-id", request_id) }
}

/// The answer to credentials that are none, as every version with codes and
/// the protocol's own endpoints give it.
pub fn unauthenticated(unproven: &Unproven, origin: &str) -> Answer {
    let (status, code, message) = match unproven {
        Unproven::NoCredentials | Unproven::OtherScheme | Unproven::NotSignedProperly(_) | Unproven::NoToken => {
            (400, 215, "Bad Authentication data.")
        }
        Unproven::Key(_)
        | Unproven::TokenOfOtherApp
        | Unproven::Signature(_)
        | Unproven::OriginNotAccepted { .. }
        | Unproven::NonceUsed => (401, 32, "Could not authenticate you."),
        Unproven::Token(_) => (401, 89, "Invalid or expired token."),
        Unproven::Timestamp { .. } => (401, 135, "Timestamp out of bounds."),
    };
    with_challenge(status, code, message, origin)
}

/// An error with a code, and the challenge that clients of v1.1 look for it in.
fn with_challenge(status: u16, code: u32, message: &str, origin: &str) -> Answer {
    let challenge = format!("OAuth realm=\"{origin}\", api_error_code={code}");
    Answer::coded(status, code, message).with("www-authenticate", challenge)
}

fn with_code(reason: &Reason, version: &Version, origin: &str) -> Answer {
    match reason {
        Reason::Unproven(unproven) => unauthenticated(unproven, origin),
        Reason::AmbiguousPath => Answer::coded(404, 34, "Sorry, that page does not exist."),
        Reason::OwnerSuspended | Reason::UserSuspended => {
            Answer::coded(403, 64, "Your account is suspended and is not permitted to access this feature.")
        }
        Reason::AppSuspended => with_challenge(401, 416, "Invalid / suspended application.", origin),
        Reason::WriteRestricted => Answer::coded(403, 261, "Application cannot perform write actions."),
        Reason::PermissionTooLow { needed: Permission::ReadWriteDirectMessages, .. } => {
            Answer::coded(403, 93, "This App is not allowed to access or delete your Direct Messages.")
        }
        Reason::PermissionTooLow { .. } => Answer::coded(403, 261, "Application cannot perform write actions."),
        Reason::NotEnrolled { app_id } => Answer::coded(
            403,
            453,
            &format!(
                "This App is not in a Project, and {} takes only Apps in one. Attach it at {origin}/apps/{app_id}.",
                version.name
            ),
        ),
        Reason::WrongKind { .. } | Reason::MissingScope { .. } => {
            Answer::coded(403, 220, "Your credentials do not allow access to this resource")
        }
        Reason::LimitReached { exhausted: Exhausted::Window { .. }, .. } => {
            Answer::coded(429, 88, "Rate limit exceeded")
        }
        Reason::LimitReached { exhausted: Exhausted::Month { .. }, .. } => {
            Answer::coded(429, 88, "The monthly cap of this App's Project is used up")
        }
        Reason::BodyTooLarge => Answer::coded(413, 215, "The form body is too large to be verified"),
        Reason::StorageFailed(_) => Answer::coded(503, 130, "Over capacity").with("retry-after", "1"),
    }
}

/// One text for all, and ready: this is what a flood of made-up credentials is answered.
const UNAUTHORIZED: &str = r#"{"detail":"Unauthorized","status":401,"title":"Unauthorized","type":"about:blank"}"#;

fn with_problem(reason: &Reason, version: &Version, origin: &str) -> Answer {
    let kind = |name: &str| format!("{origin}{}/problems/{name}", version.prefix);
    match reason {
        Reason::Unproven(_) => Answer::text(401, "application/problem+json", UNAUTHORIZED.to_owned()),
        Reason::NotEnrolled { app_id } => Answer::problem(
            403,
            &json!({
                "client_id": app_id,
                "detail": format!(
                    "This App is not in a Project, and {} takes only Apps in one. Attach it to a Project, with the \
                     same keys, at {origin}/apps/{app_id}.",
                    version.name
                ),
                "registration_url": format!("{origin}/apps/{app_id}"),
                "title": "Client Forbidden",
                "required_enrollment": "Project",
                "reason": "client-not-enrolled",
                "type": kind("client-forbidden"),
            }),
        ),
        Reason::OwnerSuspended | Reason::AppSuspended => Answer::problem(
            403,
            &json!({
                "detail": "This App is suspended. Its owner reads why in the portal.",
                "title": "Client Forbidden",
                "reason": "client-suspended",
                "type": kind("client-forbidden"),
            }),
        ),
        Reason::UserSuspended => Answer::problem(
            403,
            &json!({
                "title": "Forbidden",
                "detail": "The account of the user for whom this App acts is suspended.",
                "type": "about:blank",
                "status": 403,
            }),
        ),
        Reason::MissingScope { needed, granted } => Answer::problem(
            403,
            &json!({
                "title": "Forbidden",
                "detail": format!(
                    "This endpoint needs the scopes [{}], and the user granted [{}]. Ask the user again for those that \
                     are missing.",
                    needed.join(", "),
                    granted.join(", ")
                ),
                "type": "about:blank",
                "status": 403,
            }),
        ),
        Reason::WrongKind { used, allowed } => {
            let supported: Vec<&str> = CredentialForm::ALL
                .into_iter()
                .filter(|form| allowed.contains(form))
                .map(CredentialForm::label)
                .collect();
            Answer::problem(
                403,
                &json!({
                    "title": "Unsupported Authentication",
                    "detail": format!(
                        "Authenticating with {} is forbidden for this endpoint.  Supported authentication types are [{}].",
                        used.label(),
                        supported.join(", ")
                    ),
                    "type": kind("unsupported-authentication"),
                    "status": 403,
                }),
            )
        }
        Reason::WriteRestricted | Reason::PermissionTooLow { .. } => {
            let detail = forbidden(reason);
            Answer::problem(
                403,
                &json!({ "title": "Forbidden", "type": kind("oauth1-permissions"), "status": 403, "detail": detail }),
            )
        }
        Reason::BodyTooLarge => {
            let detail = "A signed form body is verified up to 1 MiB. Send a larger one as multipart/form-data.";
            plain_problem(413, "Content Too Large", detail)
        }
        Reason::LimitReached { exhausted: Exhausted::Window { .. }, .. } => {
            plain_problem(429, "Too Many Requests", "Too Many Requests")
        }
        Reason::LimitReached { exhausted: Exhausted::Month { ends_at }, .. } => Answer::problem(
            429,
            &json!({
                "title": "UsageCapExceeded",
                "detail": format!("Usage cap exceeded: Monthly product cap. It starts anew at {} (seconds since 1970).", ends_at.0),
                "period": "Monthly",
                "scope": "Product",
                "type": kind("usage-capped"),
                "status": 429,
            }),
        ),
        Reason::StorageFailed(_) => {
            plain_problem(503, "Service Unavailable", "Service Unavailable").with("retry-after", "1")
        }
        Reason::AmbiguousPath => {
            let detail = "Servers read this path in different ways, as different endpoints. Send it in its plain \
                          form: without encoded letters or slashes, “;”, dot segments, backslashes, blanks or other \
                          capital letters than the endpoint has.";
            plain_problem(404, "Not Found", detail)
        }
    }
}

/// RefusalText the API behind the gate gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpstreamFailure {
    /// It can't be reached, or broke off.
    Unreachable,
    /// It did not begin to answer within the time of the settings.
    TimedOut,
}

/// The answer in place of one of the API, in the form of its version. Whether
/// the API acted is not known: no code that tells the caller to send it again.
pub fn upstream_failure(failure: UpstreamFailure, version: Option<&Version>, request_id: &str) -> Answer {
    let (status, title, detail) = match failure {
        UpstreamFailure::Unreachable => (502, "Bad Gateway", "The API behind the gate did not answer."),
        UpstreamFailure::TimedOut => (504, "Gateway Timeout", "The API behind the gate did not answer in time."),
    };
    let answer = match version.map(|version| version.errors) {
        Some(ErrorForm::Codes) => Answer::coded(status, 131, "Internal error"),
        Some(ErrorForm::Problem) | None => plain_problem(status, title, detail),
    };
    answer.with("x-gatehouse-request-id", request_id)
}

/// The answer to a proxy that asks what to tell a refused caller, where the
/// request would pass now.
pub fn passes_now(version: Option<&Version>, request_id: &str) -> Answer {
    let answer = match version.map(|version| version.errors) {
        Some(ErrorForm::Codes) => Answer::coded(503, 130, "Over capacity"),
        Some(ErrorForm::Problem) | None => {
            plain_problem(503, "Service Unavailable", "This request would pass now. Send it again.")
        }
    };
    answer.with("retry-after", "0").with("x-gatehouse-request-id", request_id)
}

/// The answer to a browser that asks for a page which may not call.
pub fn page_not_allowed(version: &Version, origin: &str, request_id: &str) -> Answer {
    let detail = format!(
        "Pages of {origin} may not call this endpoint. Its operator lets them in with “cors” in the API description."
    );
    let answer = match version.errors {
        ErrorForm::Codes => Answer::coded(403, 220, &detail),
        ErrorForm::Problem => plain_problem(403, "Forbidden", &detail),
    };
    answer.with("vary", "Origin").with("x-gatehouse-request-id", request_id)
}

/// A problem that its status says all about.
pub fn plain_problem(status: u16, title: &str, detail: &str) -> Answer {
    Answer::problem(status, &json!({ "type": "about:blank", "title": title, "status": status, "detail": detail }))
}

/// What a caller whose permission is too low can do.
fn forbidden(reason: &Reason) -> String {
    match reason {
        Reason::PermissionTooLow { needed, issued_with: None } => format!(
            "This endpoint needs the App permission “{}”. Change it on the App's page in the portal.",
            needed.label()
        ),
        Reason::PermissionTooLow { needed, issued_with: Some(level) } => format!(
            "This endpoint needs the permission “{}”, and the Access Token was made with “{}”. Give the App the \
             permission it needs in the portal, then regenerate the token.",
            needed.label(),
            level.label()
        ),
        _ => "This App may not write at present. Its owner reads why in the portal.".to_owned(),
    }
}
