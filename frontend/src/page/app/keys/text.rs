//! The texts of the credentials and of their dialog.

use gatehouse_shared::api::CredentialKind;

pub const TITLE: &str = "Keys and tokens";
pub const LEAD: &str =
    "You see the full value only once, when it is created. After that we show the last four characters.";
pub const NONE: &str = "Not created yet.";
pub const TOKEN_TITLE: &str = "Get the Bearer Token with the API Key";
pub const TOKEN_LEAD: &str = "Returns the same token until you regenerate or revoke it.";

pub fn purpose(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::ApiKey => {
            "Identifies your App. Signs requests together with an Access Token, and gets the Bearer Token."
        }
        CredentialKind::AccessToken => "Acts on your behalf in requests signed with OAuth 1.0a.",
        CredentialKind::BearerToken => "Calls the API as the App itself, without a user.",
        CredentialKind::ClientSecret => "Authenticates your App at /2/oauth2/token (OAuth 2.0).",
    }
}

pub fn no_secret(client_type: &str) -> String {
    format!("{client_type}s can’t keep a secret, so there isn’t one. PKCE protects the sign-in.")
}

pub fn older_permission(level: &str) -> String {
    format!("Created when the App’s permission was “{level}”. It keeps that level until you regenerate it.")
}

pub mod regenerate {
    use super::CredentialKind;

    pub const CURRENT: &str = "Current credential";
    pub const REVOKE: &str = "Revoke immediately";
    pub const REVOKE_HINT: &str = "Choose this if the credential has leaked.";
    pub const OVERLAP: &str = "Keep the current one for a while";
    pub const OVERLAP_HINT: &str = "Both work, so you can switch without downtime.";
    pub const OVERLAP_FOR: &str = "Both work for";
    pub const OVERLAP_MISSING: &str = "Choose how long both work.";
    pub const EXPIRES: &str = "New credential expires";
    pub const RUNNING: &str =
        ". Regenerating now revokes both. To switch without downtime again, revoke the previous one first.";
    pub const ONCE: &str = "You will see it once, on the next screen.";

    /// The consequence, shown before the action.
    pub fn consequence(kind: CredentialKind, is_new: bool, level: &str, with_overlap: bool) -> String {
        let then = if with_overlap { " after the overlap" } else { "" };
        match (kind, is_new) {
            (CredentialKind::AccessToken, true) => {
                format!("The Access Token acts on your behalf with the App’s permission: {level}.")
            }
            (CredentialKind::ClientSecret, true) => {
                "Your App sends it to /2/oauth2/token together with its Client ID.".to_owned()
            }
            (_, true) => "Update every program that used the previous one.".to_owned(),
            (CredentialKind::ApiKey, false) => format!(
                "Requests signed with the current pair fail{then}. Access Tokens and the Bearer Token stay valid."
            ),
            (CredentialKind::AccessToken, false) => format!(
                "Requests signed with the current token fail{then}. The new one has the App’s permission: {level}."
            ),
            (CredentialKind::BearerToken, false) => {
                format!("Requests with the current token fail{then}. /oauth2/token returns the new one from now on.")
            }
            (CredentialKind::ClientSecret, false) => {
                format!("Requests to /2/oauth2/token with the current secret fail{then}. Users’ tokens stay valid.")
            }
        }
    }
}

pub mod expiry {
    pub const ACTION: &str = "Set expiry";
    pub const WHAT_HAPPENS: &str = "We warn you on the dashboard and on the App’s page 14 and 3 days before. After that, requests \
                                    that use it fail. Your other credentials are unaffected.";
    pub const DATE: &str = "Expires at the end of";
    pub const DATE_HINT: &str = "In your time zone. A date that you don’t change keeps its time of day.";
    pub const MISSING: &str = "Choose a date.";
    pub const SAVED: &str = "Expiry saved.";

    pub fn title(label: &str) -> String {
        format!("Set an expiry for the {label}")
    }
}

pub mod revoke {
    use super::CredentialKind;

    pub const PREVIOUS_TOO: &str = " The previous one, which still works, is revoked as well.";

    pub fn consequence(kind: CredentialKind) -> &'static str {
        match kind {
            CredentialKind::ApiKey => {
                "You won’t be able to sign requests or get a Bearer Token until you generate a new pair. Access Tokens stay and \
                 work again with the new pair."
            }
            CredentialKind::AccessToken => "Requests signed with it will be refused. You can generate a new one.",
            CredentialKind::BearerToken => {
                "Requests with it will be refused. The next request to /oauth2/token creates a new one."
            }
            CredentialKind::ClientSecret => {
                "Requests to /2/oauth2/token with it will fail until you generate a new one. Users’ access tokens work until they \
                 expire."
            }
        }
    }
}

pub mod overlap {
    pub const TITLE: &str = "Revoke the previous credential now?";
    pub const ACTION: &str = "Revoke previous";
    pub const DONE: &str = "Previous credential revoked.";
    pub const CONSEQUENCE: &str =
        "Requests that use the previous credential will be refused. The current one keeps working.";
}
