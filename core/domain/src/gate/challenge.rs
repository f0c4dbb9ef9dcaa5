//! What a refusal tells the client to do: how to authenticate (RFC 9110
//! §11.6.1) and how long to wait (§10.2.3).

use crate::gate::{Reason, Unproven};
use crate::limit::Exhausted;
use crate::path::rule_of;
use crate::request::RequestHead;
use gatehouse_shared::description::Version;
use gatehouse_shared::model::{CredentialForm, ErrorForm, UnixSeconds};
use std::fmt::Write;

/// A refused request.
pub struct Asked<'a> {
    pub version: &'a Version,
    pub head: &'a RequestHead<'a>,
    /// Of the deployment, as the caller knows it.
    pub origin: &'a str,
    pub now: UnixSeconds,
}

impl Asked<'_> {
    /// The header that goes with a refusal, if one does, besides those that
    /// the answer has already.
    pub fn header_for(&self, reason: &Reason) -> Option<(&'static str, String)> {
        match reason {
            Reason::Unproven(unproven) => match self.version.errors {
                // Clients of v1.1 know one challenge, which has the error's code.
                ErrorForm::Codes => None,
                ErrorForm::Problem => Some(("www-authenticate", self.challenge(unproven))),
            },
            // RFC 6750 §3.1
            Reason::MissingScope { needed, .. } if !needed.is_empty() => {
                let (origin, needed) = (self.origin, needed.join(" "));
                let challenge = format!("Bearer realm=\"{origin}\", error=\"insufficient_scope\", scope=\"{needed}\"");
                Some(("www-authenticate", challenge))
            }
            Reason::LimitReached {
                exhausted: Exhausted::Window { ends_at } | Exhausted::Month { ends_at }, ..
            } => Some(("retry-after", ends_at.0.saturating_sub(self.now.0).max(1).to_string())),
            _ => None,
        }
    }

    /// Names the schemes that the route takes: `Bearer` first, which most
    /// clients know.
    fn challenge(&self, unproven: &Unproven) -> String {
        let route = rule_of(self.version, self.head.method, self.head.path()).route.map(|(_, route)| route);
        let taken = route.map_or(&self.version.credentials, |route| &route.credentials);
        let takes_signed = taken.contains(&CredentialForm::OAuth1User);
        let takes_bearer = !takes_signed || taken.iter().any(|form| *form != CredentialForm::OAuth1User);
        let origin = self.origin;
        let mut challenge = String::with_capacity(160);
        if takes_bearer {
            let _ = write!(challenge, "Bearer realm=\"{origin}\"");
            if let Some(route) = route.filter(|route| !route.scopes.is_empty()) {
                let _ = write!(challenge, ", scope=\"{}\"", route.scopes.join(" "));
            }
            if brought_credentials(unproven) {
                challenge.push_str(", error=\"invalid_token\"");
            }
        }
        if takes_signed {
            let separator = if takes_bearer { ", " } else { "" };
            let _ = write!(challenge, "{separator}OAuth realm=\"{origin}\"");
        }
        challenge
    }
}

/// Whether a whole credential came, of which an error can be told. Whoever
/// sent none, or something else, is told of no error (RFC 6750 §3.1).
fn brought_credentials(unproven: &Unproven) -> bool {
    match unproven {
        Unproven::NoCredentials | Unproven::OtherScheme | Unproven::NotSignedProperly(_) | Unproven::NoToken => false,
        Unproven::Key(_)
        | Unproven::Token(_)
        | Unproven::TokenOfOtherApp
        | Unproven::Timestamp { .. }
        | Unproven::Signature(_)
        | Unproven::OriginNotAccepted { .. }
        | Unproven::NonceUsed => true,
    }
}
