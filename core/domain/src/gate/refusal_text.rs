//! Why a request was refused, in words for the App's owner.

use crate::gate::{Reason, Unproven, Unusable};
use crate::limit::Exhausted;
use gatehouse_shared::api::Evidence;
use gatehouse_shared::oauth1::Explanation;

/// The longest piece of evidence that is kept, in bytes.
const LONGEST_EVIDENCE: usize = 4 * 1024;

/// What the owner is told.
pub struct RefusalText {
    /// A name that stays the same.
    pub reason: &'static str,
    pub text: String,
    pub help: String,
    pub evidence: Vec<Evidence>,
}

fn why(reason: &'static str, text: impl Into<String>, help: impl Into<String>) -> RefusalText {
    RefusalText::new(reason, text, help)
}

impl RefusalText {
    pub fn new(reason: &'static str, text: impl Into<String>, help: impl Into<String>) -> Self {
        Self { reason, text: text.into(), help: help.into(), evidence: Vec::new() }
    }

    /// With a piece of evidence, without what redeems a request token.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        let mut value: String = without_verifier(value.into());
        if value.len() > LONGEST_EVIDENCE {
            let end = (0..=LONGEST_EVIDENCE).rev().find(|end| value.is_char_boundary(*end)).unwrap_or(0);
            value.truncate(end);
            value.push('…');
        }
        self.evidence.push(Evidence { name: name.to_owned(), value });
        self
    }
}

/// A text with the value of `oauth_verifier` in a base string starred out. Its
/// length stays, so that offsets into the text do as well.
fn without_verifier(mut text: String) -> String {
    const NAME: &str = "oauth_verifier%3D";
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(NAME)) {
        let start = from + at + NAME.len();
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.find("%26").unwrap_or(rest.len());
        text.replace_range(start..start + length, &"*".repeat(length));
        from = start + length;
    }
    text
}

pub fn explain(reason: &Reason) -> RefusalText {
    match reason {
        Reason::Unproven(unproven) => unproven_caller(unproven),
        Reason::AmbiguousPath => why(
            "ambiguous-path",
            "Servers read the path in different ways, as different endpoints.",
            "Send it in its plain form: without encoded letters or slashes, “;”, dot segments, backslashes, blanks or \
             other capital letters than the endpoint has.",
        ),
        Reason::BodyIncomplete => why(
            "body-incomplete",
            "The connection ended before the whole form body was sent.",
            "Send the request again.",
        ),
        Reason::BodyTooLarge => why(
            "body-too-large",
            "The form body is larger than what a signature is verified over.",
            "Send it as multipart/form-data, which is not signed.",
        ),
        Reason::OwnerSuspended => why(
            "owner-suspended",
            "Your developer account is suspended, and all its Apps with it.",
            "See the reason under “Developer application” in the account menu.",
        ),
        Reason::UserSuspended => why(
            "user-suspended",
            "The account of the user for whom the App acted is suspended.",
            "You don't need to do anything. Other users aren't affected.",
        ),
        Reason::AppSuspended => why("app-suspended", "The App is suspended.", "The reason stands on the App's page."),
        Reason::WriteRestricted => {
            why("write-restricted", "The App is restricted to reading.", "See the reason on the App's page.")
        }
        Reason::NotEnrolled { .. } => why(
            "not-enrolled",
            "The App is standalone, and this version of the API takes only Apps in a Project.",
            "Attach the App to a Project in its settings. Its keys stay the same.",
        ),
        Reason::WrongKind { used, allowed } => why(
            "wrong-kind-of-credential",
            format!("The route does not take {}.", used.label()),
            "Authenticate in one of the ways that it takes.",
        )
        .with("Taken here", allowed.iter().map(|form| form.label()).collect::<Vec<_>>().join(", ")),
        Reason::PermissionTooLow { needed, issued_with: None } => why(
            "permission-too-low",
            format!("The route needs the permission “{}”.", needed.label()),
            "Give the App that permission under “Permissions and sign-in”.",
        ),
        Reason::PermissionTooLow { needed, issued_with: Some(level) } => why(
            "permission-too-low",
            format!("The route needs “{}”, and the token was made with “{}”.", needed.label(), level.label()),
            "Give the App the permission it needs, then make the token anew: a token keeps the level it was made with.",
        ),
        Reason::MissingScope { needed, granted } => why(
            "missing-scope",
            "The user did not grant all the scopes that the route needs.",
            "Send the user to the consent page once more, with the scopes that are missing.",
        )
        .with("Needed", needed.join(" "))
        .with("Granted", granted.join(" ")),
        Reason::LimitReached { exhausted: Exhausted::Window { ends_at }, rate } => why(
            "rate-limit",
            "The rate limit for this window is reached.",
            "Wait until the time in x-rate-limit-reset, and spread requests out.",
        )
        .with("Limit", rate.map(|rate| rate.limit.to_string()).unwrap_or_default())
        .with("Next window at", format!("{} (seconds since 1970)", ends_at.0)),
        Reason::LimitReached { exhausted: Exhausted::Month { .. }, .. } => why(
            "monthly-cap",
            "The Project has reached its monthly cap.",
            "Requests are accepted again on the first day of the next month (UTC).",
        ),
        Reason::StorageFailed(_) => why(
            "storage-failed",
            "The gateway couldn't read the data it needs to decide.",
            "Try again. Nothing is wrong with the request.",
        ),
    }
}

fn unproven_caller(unproven: &Unproven) -> RefusalText {
    match unproven {
        Unproven::NoCredentials => {
            why("no-credentials", "The request has no credentials.", "Send an Authorization header.")
        }
        Unproven::OtherScheme => why(
            "other-scheme",
            "The Authorization header is of a scheme that is not taken here.",
            "Send `Bearer` or `OAuth`.",
        ),
        Unproven::NotSignedProperly(error) => {
            why("not-signed-properly", format!("{error}."), "See the docs on signing requests.")
        }
        Unproven::NoToken => why(
            "no-token",
            "The request is signed without an Access Token.",
            "Sign it with the API Key and an Access Token.",
        ),
        Unproven::Key(unusable) => unusable_credential("API Key", unusable),
        Unproven::Token(unusable) => unusable_credential("token", unusable),
        Unproven::TokenOfOtherApp => why(
            "token-of-other-app",
            "The Access Token belongs to another App than the API Key.",
            "Use the keys and tokens of one App together.",
        ),
        Unproven::Timestamp { skew_seconds } => {
            let direction = if *skew_seconds > 0 { "behind" } else { "ahead" };
            why(
                "timestamp",
                format!("The clock that signed is {} s {direction}.", skew_seconds.unsigned_abs()),
                "Synchronize your machine's clock, and sign each request when you send it.",
            )
            .with("Skew in seconds", skew_seconds.to_string())
        }
        Unproven::Signature(explanation) => wrong_signature(explanation),
        Unproven::OriginNotAccepted { origin } => why(
            "origin-not-accepted",
            format!("The request was signed for {origin}, which is none of the API's origins."),
            "Sign the URL that you send the request to.",
        ),
        Unproven::NonceUsed => why(
            "nonce-used",
            "This request was already accepted.",
            "Use a new nonce for each request, including retries.",
        ),
    }
}

fn wrong_signature(explanation: &Explanation) -> RefusalText {
    let Some(signed) = &explanation.signed else {
        return why(
            "wrong-signature",
            "The signature doesn't match the request.",
            "Compare what was expected with what the client signed; if they are the same, a secret is wrong.",
        )
        .with("Expected base string", &*explanation.expected);
    };
    let why =
        why("wrong-signature", "The signature was made over something else than what was sent.", signed.fault.text())
            .with("Expected base string", &*explanation.expected)
            .with("Signed base string", &*signed.base_string);
    match signed.parts_at {
        Some(at) => why.with("They part at byte", at.to_string()),
        None => why,
    }
}

fn unusable_credential(what: &str, unusable: &Unusable) -> RefusalText {
    let regenerate = "Use the one that the App has now, or make a new one under “Keys and tokens”.";
    match unusable {
        Unusable::Malformed(error) => why("malformed-credential", format!("The {what} is none: {error}."), regenerate),
        Unusable::MadeUp | Unusable::UnknownMasterKey { .. } => {
            why("made-up-credential", format!("The {what} was not made here."), regenerate)
        }
        Unusable::UnknownApp => why("unknown-app", "The App no longer exists.", "Create a new App."),
        Unusable::Replaced => why("replaced-credential", format!("The {what} was regenerated or revoked."), regenerate),
        Unusable::Ended => {
            why("ended-credential", format!("The {what} has expired, or its overlap is over."), regenerate)
        }
        Unusable::MasterKeyGone { .. } => why(
            "master-key-gone",
            format!("The {what} rests on a master key that the deployment no longer has."),
            "Regenerate it, or ask the operator.",
        ),
        Unusable::WrongSecret => why(
            "wrong-secret",
            format!("The {what} has the right name and a wrong secret part."),
            "Copy it anew. If nobody of yours sent this, somebody is guessing.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_has_no_verifier_and_keeps_its_length() {
        let text = "POST&http%3A%2F%2Fh%2Foauth%2Faccess_token&oauth_token%3Dt%26oauth_verifier%3D1234567%26x%3Dy";
        let kept = without_verifier(text.to_owned());
        assert_eq!(kept, text.replace("1234567", "*******"));
        assert_eq!(without_verifier("a%26oauth_verifier%3Dé9".into()), "a%26oauth_verifier%3D***");
    }
}
