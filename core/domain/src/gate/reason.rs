//! Why the gate refuses a request, in more detail than the caller is told.

use crate::limit::{Exhausted, Rate};
use crate::metrics::Decision;
use crate::ports::PortError;
use gatehouse_shared::credential::FormatError;
use gatehouse_shared::model::{AppId, CredentialForm, Permission};
use gatehouse_shared::oauth1::{Explanation, ReadError};

/// Why a request may not pass: more than its sender is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    Unproven(Unproven),
    /// The path can be read as one of another version or route: see [`crate::path`].
    AmbiguousPath,
    /// A form body with more bytes than can be verified.
    BodyTooLarge,
    /// A form body that may be signed, of which not all came.
    BodyIncomplete,
    OwnerSuspended,
    /// The user for whom an App wants a token. What it had ended with the suspension.
    UserSuspended,
    AppSuspended,
    WriteRestricted,
    NotEnrolled {
        app_id: AppId,
    },
    WrongKind {
        used: CredentialForm,
        allowed: Vec<CredentialForm>,
    },
    PermissionTooLow {
        needed: Permission,
        /// The level that the App had when the Access Token was made; `None`
        /// for a Bearer Token, which has the App's own.
        issued_with: Option<Permission>,
    },
    /// The user did not grant all that the route needs.
    MissingScope {
        needed: Vec<String>,
        granted: Vec<String>,
    },
    /// A window or the month is used up; how the window stands, where there is one.
    LimitReached {
        exhausted: Exhausted,
        rate: Option<Rate>,
    },
    /// Storage did not answer; the text is for the log.
    StorageFailed(String),
}

/// Why it is not proven who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unproven {
    NoCredentials,
    /// An `Authorization` header of another scheme.
    OtherScheme,
    /// A signed request whose parameters are not those of RFC 5849.
    NotSignedProperly(ReadError),
    /// A signed request without `oauth_token`, where a user is asked for.
    NoToken,
    Key(Unusable),
    Token(Unusable),
    /// The Access Token belongs to another App than the API Key.
    TokenOfOtherApp,
    /// The clock of whoever signed is behind by so many seconds, or ahead if negative.
    Timestamp {
        skew_seconds: i64,
    },
    /// What was expected to be signed, and what was, if that could be found out.
    Signature(Box<Explanation>),
    /// The signature is good for an origin that the deployment does not answer to.
    OriginNotAccepted {
        origin: String,
    },
    /// The same request was let pass before.
    NonceUsed,
}

impl From<Unproven> for Reason {
    fn from(unproven: Unproven) -> Self {
        Self::Unproven(unproven)
    }
}

impl Reason {
    /// Whether the credential may be good all the same, if the master keys are wrong.
    pub fn depends_on_keys(&self) -> bool {
        match self {
            Self::Unproven(Unproven::Key(unusable) | Unproven::Token(unusable)) => unusable.depends_on_keys(),
            _ => false,
        }
    }
}

impl Reason {
    /// What the refusal is counted as.
    pub fn decision(&self) -> Decision {
        match self {
            Self::Unproven(unproven) => unproven.decision(),
            Self::AmbiguousPath => Decision::AmbiguousPath,
            Self::BodyTooLarge | Self::BodyIncomplete => Decision::Body,
            Self::OwnerSuspended | Self::UserSuspended | Self::AppSuspended => Decision::Suspended,
            Self::WriteRestricted => Decision::Restricted,
            Self::NotEnrolled { .. }
            | Self::WrongKind { .. }
            | Self::PermissionTooLow { .. }
            | Self::MissingScope { .. } => Decision::NotAllowed,
            Self::LimitReached { exhausted: Exhausted::Window { .. }, .. } => Decision::RateLimit,
            Self::LimitReached { exhausted: Exhausted::Month { .. }, .. } => Decision::MonthLimit,
            Self::StorageFailed(_) => Decision::Storage,
        }
    }
}

impl Unproven {
    fn decision(&self) -> Decision {
        match self {
            Self::NoCredentials | Self::OtherScheme => Decision::NoCredential,
            Self::NotSignedProperly(_) | Self::NoToken => Decision::Malformed,
            Self::Key(unusable) | Self::Token(unusable) => match unusable {
                Unusable::Replaced | Unusable::Ended => Decision::EndedCredential,
                Unusable::MasterKeyGone { .. } => Decision::MasterKey,
                Unusable::Malformed(_)
                | Unusable::MadeUp
                | Unusable::UnknownMasterKey { .. }
                | Unusable::UnknownApp
                | Unusable::WrongSecret => Decision::UnknownCredential,
            },
            Self::TokenOfOtherApp => Decision::UnknownCredential,
            Self::Timestamp { .. } => Decision::Timestamp,
            Self::Signature(_) => Decision::Signature,
            Self::OriginNotAccepted { .. } => Decision::Origin,
            Self::NonceUsed => Decision::Nonce,
        }
    }
}

impl From<ReadError> for Unproven {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NoSignature => Self::NoCredentials,
            error => Self::NotSignedProperly(error),
        }
    }
}

impl From<PortError> for Reason {
    fn from(error: PortError) -> Self {
        Self::StorageFailed(error.0)
    }
}

/// Why a presented credential is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    Malformed(FormatError),
    /// The tag was not made here: a made-up credential.
    MadeUp,
    /// It names a master key that is not in `MASTER_KEYS`: made up, or made
    /// with a key that was taken out too early.
    UnknownMasterKey {
        key_id: char,
    },
    UnknownApp,
    /// The App had it once: it was regenerated or revoked.
    Replaced,
    /// Its expiry date or its overlap is over.
    Ended,
    /// Its secret rests on a master key that is retired or not in `MASTER_KEYS`.
    MasterKeyGone {
        app_id: AppId,
        key_id: char,
    },
    WrongSecret,
}

impl Unusable {
    /// Whether it may be a good credential of a deployment whose master keys
    /// are not those of its settings.
    pub fn depends_on_keys(&self) -> bool {
        matches!(self, Self::MadeUp | Self::UnknownMasterKey { .. })
    }

    /// What the operator must hear of, as a name for it and a text.
    pub fn for_operator(&self) -> Option<(String, String)> {
        match self {
            Self::UnknownMasterKey { key_id } => Some((
                format!("unknown {key_id}"),
                format!(
                    "a presented credential names master key {key_id}, which this deployment has used and which is \
                     not in MASTER_KEYS: put it back, or its tag entry (see docs/operating.md)"
                ),
            )),
            Self::MasterKeyGone { app_id, key_id } => Some((
                format!("gone {key_id} {app_id}"),
                format!(
                    "a credential of App {app_id} rests on master key {key_id}, which is retired or not in \
                     MASTER_KEYS: put the whole key back and derive the secrets anew, or have it regenerated \
                     (see docs/operating.md)"
                ),
            )),
            _ => None,
        }
    }
}
