//! Says a refusal as v1.1 does: `{"errors":[{"code":…,"message":…}]}`.

use crate::gate::{Answer, Reason, Unproven};
use crate::limit::Exhausted;
use gatehouse_shared::description::Version;
use gatehouse_shared::model::Permission;

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

/// Chooses status, code and message for each reason.
pub fn with_code(reason: &Reason, version: &Version, origin: &str) -> Answer {
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
        Reason::BodyIncomplete => Answer::coded(400, 215, "The form body ended before all of it was sent"),
        Reason::StorageFailed(_) => Answer::coded(503, 130, "Over capacity").with("retry-after", "1"),
    }
}
