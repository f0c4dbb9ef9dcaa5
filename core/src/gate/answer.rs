//! The gate's answers, exactly as they go over the wire.

use super::bearer::Reason;
use gatehouse_shared::description::{CredentialForm, ErrorForm, Version};
use gatehouse_shared::model::{AppId, Permission, ProjectId};
use serde::Serialize;
use serde_json::{Value, json};

/// What the gate says about a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Forward(Identity),
    Refuse(Answer),
}

/// Who calls, as the API behind the gate is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub app_id: AppId,
    pub project_id: Option<ProjectId>,
    /// The App's permission; the caller is told `read`, which is what acting
    /// for no user counts as.
    pub access_level: Permission,
    pub request_id: String,
}

impl Identity {
    /// `name: value` lines for the upstream request.
    pub fn header_lines(&self) -> String {
        let level = self.access_level.as_str();
        let project = self.project_id.map(|id| format!("x-gatehouse-project: {id}\n")).unwrap_or_default();
        format!(
            "x-gatehouse-app: {}\n{project}x-gatehouse-access-level: {level}\nx-gatehouse-request-id: {}\n\
             x-access-level: {}\n",
            self.app_id,
            self.request_id,
            Permission::Read.as_str()
        )
    }
}

/// A ready answer: status, headers and a JSON body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub(super) fn json(status: u16, content_type: &str, body: &Value) -> Self {
        let mut headers = vec![("content-type".to_owned(), content_type.to_owned())];
        headers.extend(crate::http::api_headers());
        Self { status, headers, body: body.to_string() }
    }

    /// An error with a code: `{"errors":[{"code":…,"message":…}]}`.
    pub(super) fn coded(status: u16, code: u32, message: &str) -> Self {
        Self::json(
            status,
            "application/json;charset=utf-8",
            &json!({ "errors": [{ "code": code, "message": message }] }),
        )
    }

    fn problem(status: u16, body: &Value) -> Self {
        Self::json(status, "application/problem+json", body)
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// Makes the answer to a refused request in the form of its version.
pub(super) fn refuse(reason: &Reason, version: &Version, origin: &str, request_id: &str) -> Answer {
    let answer = match version.errors {
        ErrorForm::Codes => with_code(reason, version, origin),
        ErrorForm::Problem => with_problem(reason, version, origin),
    };
    let answer = if reason.is_identified() { answer.with("x-access-level", Permission::Read.as_str()) } else { answer };
    answer.with("x-gatehouse-request-id", request_id)
}

fn with_code(reason: &Reason, version: &Version, origin: &str) -> Answer {
    match reason {
        Reason::NoCredentials | Reason::OtherScheme => {
            Answer::coded(400, 215, "Bad Authentication data.").with("www-authenticate", challenge(origin, 215))
        }
        Reason::UnknownConsumer => {
            Answer::coded(401, 32, "Could not authenticate you.").with("www-authenticate", challenge(origin, 32))
        }
        Reason::Malformed(_) | Reason::BadTag | Reason::UnknownApp | Reason::Replaced => {
            Answer::coded(401, 89, "Invalid or expired token.").with("www-authenticate", challenge(origin, 89))
        }
        Reason::OwnerSuspended => {
            Answer::coded(403, 64, "Your account is suspended and is not permitted to access this feature.")
        }
        Reason::AppSuspended => Answer::coded(401, 416, "Invalid / suspended application."),
        Reason::WriteRestricted => Answer::coded(403, 261, "Application cannot perform write actions."),
        Reason::PermissionTooLow { needed: Permission::ReadWriteDirectMessages } => {
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
        Reason::WrongKind { .. } => Answer::coded(403, 220, "Your credentials do not allow access to this resource"),
        Reason::AmbiguousPath => Answer::coded(404, 34, "Sorry, that page does not exist."),
        Reason::StorageFailed => Answer::coded(503, 130, "Over capacity").with("retry-after", "1"),
    }
}

fn challenge(origin: &str, code: u32) -> String {
    format!("OAuth realm=\"{origin}\", api_error_code={code}")
}

fn with_problem(reason: &Reason, version: &Version, origin: &str) -> Answer {
    let kind = |name: &str| format!("{origin}{}/problems/{name}", version.prefix);
    match reason {
        Reason::NoCredentials
        | Reason::OtherScheme
        | Reason::UnknownConsumer
        | Reason::Malformed(_)
        | Reason::BadTag
        | Reason::UnknownApp
        | Reason::Replaced => Answer::problem(
            401,
            &json!({ "title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized" }),
        ),
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
        Reason::WrongKind { allowed } => {
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
                        CredentialForm::BearerToken.label(),
                        supported.join(", ")
                    ),
                    "type": kind("unsupported-authentication"),
                    "status": 403,
                }),
            )
        }
        Reason::WriteRestricted | Reason::PermissionTooLow { .. } => {
            let detail = match reason {
                Reason::WriteRestricted => {
                    "This App may not write at present. Its owner reads why in the portal.".to_owned()
                }
                Reason::PermissionTooLow { needed } => format!(
                    "This endpoint needs the App permission “{}”. Change it on the App's page in the portal.",
                    needed.label()
                ),
                _ => String::new(),
            };
            Answer::problem(
                403,
                &json!({ "title": "Forbidden", "type": kind("oauth1-permissions"), "status": 403, "detail": detail }),
            )
        }
        Reason::AmbiguousPath => Answer::problem(
            404,
            &json!({
                "title": "Not Found",
                "detail": "This path has dot segments, backslashes or bytes that servers read differently. Send it resolved.",
                "type": "about:blank",
                "status": 404,
            }),
        ),
        Reason::StorageFailed => Answer::problem(
            503,
            &json!({
                "title": "Service Unavailable",
                "detail": "Service Unavailable",
                "type": "about:blank",
                "status": 503,
            }),
        )
        .with("retry-after", "1"),
    }
}
