//! Says a refusal as v2 does: problem details (RFC 9457).

use crate::gate::{Answer, Reason};
use crate::limit::Exhausted;
use gatehouse_shared::description::Version;
use gatehouse_shared::model::{AppId, CredentialForm, UnixSeconds};
use serde_json::json;

/// One text for all, and ready: this is what a flood of made-up credentials is answered.
const UNAUTHORIZED: &str = r#"{"detail":"Unauthorized","status":401,"title":"Unauthorized","type":"about:blank"}"#;

/// Chooses status, type, title and detail for each reason.
pub fn with_problem(reason: &Reason, version: &Version, origin: &str) -> Answer {
    let kind = |name: &str| format!("{origin}{}/problems/{name}", version.prefix);
    match reason {
        Reason::Unproven(_) => Answer::text(401, "application/problem+json", UNAUTHORIZED.to_owned()),
        Reason::NotEnrolled { app_id } => not_enrolled(*app_id, version, origin, &kind("client-forbidden")),
        Reason::OwnerSuspended | Reason::AppSuspended => Answer::problem(
            403,
            &json!({
                "detail": "This App is suspended. Its owner reads why in the portal.",
                "title": "Client Forbidden",
                "reason": "client-suspended",
                "type": kind("client-forbidden"),
            }),
        ),
        Reason::UserSuspended => {
            plain_problem(403, "Forbidden", "The account of the user for whom this App acts is suspended.")
        }
        Reason::MissingScope { needed, granted } => {
            let (needed, granted) = (needed.join(", "), granted.join(", "));
            let detail = format!(
                "This endpoint needs the scopes [{needed}], and the user granted [{granted}]. Ask the user again for \
                 those that are missing."
            );
            plain_problem(403, "Forbidden", &detail)
        }
        Reason::WrongKind { used, allowed } => {
            let detail = unsupported(*used, allowed);
            problem(&kind("unsupported-authentication"), 403, "Unsupported Authentication", &detail)
        }
        Reason::WriteRestricted | Reason::PermissionTooLow { .. } => {
            problem(&kind("oauth1-permissions"), 403, "Forbidden", &forbidden(reason))
        }
        Reason::BodyIncomplete => {
            plain_problem(400, "Bad Request", "The form body ended before all of it was sent. Send the request again.")
        }
        Reason::BodyTooLarge => {
            let detail = "A signed form body is verified up to 1 MiB. Send a larger one as multipart/form-data.";
            plain_problem(413, "Content Too Large", detail)
        }
        Reason::LimitReached { exhausted: Exhausted::Window { .. }, .. } => {
            plain_problem(429, "Too Many Requests", "Too Many Requests")
        }
        Reason::LimitReached { exhausted: Exhausted::Month { ends_at }, .. } => {
            month_used_up(*ends_at, &kind("usage-capped"))
        }
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

/// A problem that its status says all about.
pub fn plain_problem(status: u16, title: &str, detail: &str) -> Answer {
    problem("about:blank", status, title, detail)
}

fn problem(kind: &str, status: u16, title: &str, detail: &str) -> Answer {
    Answer::problem(status, &json!({ "type": kind, "title": title, "status": status, "detail": detail }))
}

/// The answer to an App outside every Project, with where to attach it.
fn not_enrolled(app_id: AppId, version: &Version, origin: &str, kind: &str) -> Answer {
    Answer::problem(
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
            "type": kind,
        }),
    )
}

/// Names the credentials that the endpoint takes.
fn unsupported(used: CredentialForm, allowed: &[CredentialForm]) -> String {
    let supported: Vec<&str> =
        CredentialForm::ALL.into_iter().filter(|form| allowed.contains(form)).map(CredentialForm::label).collect();
    format!(
        "Authenticating with {} is forbidden for this endpoint.  Supported authentication types are [{}].",
        used.label(),
        supported.join(", ")
    )
}

/// The answer to an App whose Project has used up its month.
fn month_used_up(ends_at: UnixSeconds, kind: &str) -> Answer {
    let detail =
        format!("Usage cap exceeded: Monthly product cap. It starts anew at {} (seconds since 1970).", ends_at.0);
    Answer::problem(
        429,
        &json!({
            "title": "UsageCapExceeded",
            "detail": detail,
            "period": "Monthly",
            "scope": "Product",
            "type": kind,
            "status": 429,
        }),
    )
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
