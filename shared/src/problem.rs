//! The portal API's error catalog: each code is declared here, once.
//!
//! On the wire an error is `application/problem+json` (RFC 9457 §3).

use serde::{Deserialize, Serialize};

macro_rules! catalog {
    ($($(#[$doc:meta])* $variant:ident = $slug:literal, $title:literal;)*) => {
        /// Why a portal API call was refused; the `code` member of a problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $slug)] $variant,)*
        }

        impl Code {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code on the wire and the name of its help page.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)* }
            }

            /// A short, fixed summary of the problem.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

catalog! {
    /// Fields break their rules; `errors` names each.
    InvalidFields = "invalid-fields", "Some fields need your attention";
    /// The body is not JSON or has another shape than the endpoint's.
    MalformedBody = "malformed-body", "The request body can't be read";
    UnsupportedMediaType = "unsupported-media-type", "The request body isn't JSON";
    BodyTooLarge = "body-too-large", "The request body is too large";
    /// A state-changing call came from another site, or did not say from where.
    CrossSiteRequest = "cross-site-request", "Cross-site request refused";
    NotSignedIn = "not-signed-in", "Sign in first";
    WrongCredentials = "wrong-credentials", "Wrong username or password";
    NotOperator = "not-operator", "Operators only";
    NotApproved = "not-approved", "Your developer account isn't approved";
    /// The member's role in the developer account does not allow this.
    RoleTooLow = "role-too-low", "Your role doesn't allow this";
    /// An operator suspended the account; `detail` has the reason.
    AccountSuspended = "account-suspended", "Your account is suspended";
    NotFound = "not-found", "Not found";
    MethodNotAllowed = "method-not-allowed", "Method not allowed";
    /// The username, e-mail address or App name belongs to somebody else.
    NameTaken = "name-taken", "Already taken";
    /// A plan's number of Projects or Apps is used up.
    LimitReached = "limit-reached", "Limit reached";
    /// What is asked does not fit the present state of the thing.
    Conflict = "conflict", "This isn't possible right now";
    /// A consent page shows other terms than the App asks for by now.
    ConsentChanged = "consent-changed", "The App's request has changed";
    /// The thing has another version by now than the change was made from.
    ChangedMeanwhile = "changed-meanwhile", "Changed in the meantime";
    TooManyRequests = "too-many-requests", "Too many attempts";
    /// A part of the deployment did not answer. A change may have been made or not.
    Unavailable = "unavailable", "Try again in a moment";
    InternalError = "internal-error", "Something went wrong on our side";
}

/// One field that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldError {
    /// The field's JSON path, such as `callback_urls[2]` or `app.name`.
    pub field: String,
    /// The broken rule, such as `too-short`.
    pub rule: String,
    /// What to do, for the person at the form.
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, rule: &str, message: impl Into<String>) -> Self {
        Self { field: field.into(), rule: rule.into(), message: message.into() }
    }

    /// The same error, seen from the object that holds this one as `outer`.
    pub fn within(mut self, outer: &str) -> Self {
        self.field = format!("{outer}.{}", self.field);
        self
    }
}

/// A refused portal API call, as it goes over the wire (RFC 9457 §3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// `/docs/errors/<code>`: the help page.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What happened this time and what to do next.
    pub detail: String,
    pub code: Code,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}
