use crate::credential::Derived;
use crate::settings::Settings;
use gatehouse_shared::credential::{BearerToken, FormatError, Public};
use gatehouse_shared::description::CredentialForm;
use gatehouse_shared::model::{AppId, Permission};

/// A Bearer Token whose tag this deployment made. Its secret is not checked yet.
#[derive(Debug, PartialEq, Eq)]
pub struct Presented<'a> {
    pub public: Public,
    pub secret: &'a str,
}

/// Why a request may not pass: more than its sender is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    NoCredentials,
    /// An `Authorization` header of another scheme.
    OtherScheme,
    /// A signed request; nothing it could be signed with exists.
    UnknownConsumer,
    Malformed(FormatError),
    /// The tag was not made here: a made-up credential.
    BadTag,
    UnknownApp,
    /// A credential of this App that was regenerated, or whose master key was retired.
    Replaced,
    OwnerSuspended,
    AppSuspended,
    WriteRestricted,
    NotEnrolled {
        app_id: AppId,
    },
    WrongKind {
        allowed: Vec<CredentialForm>,
    },
    PermissionTooLow {
        needed: Permission,
    },
    /// The path can be read as one of another version or route.
    AmbiguousPath,
    /// Storage did not answer.
    StorageFailed,
}

impl Reason {
    /// Whether the credential was good and only the request was not.
    pub(super) fn is_identified(&self) -> bool {
        match self {
            Self::OwnerSuspended
            | Self::AppSuspended
            | Self::WriteRestricted
            | Self::NotEnrolled { .. }
            | Self::WrongKind { .. }
            | Self::PermissionTooLow { .. } => true,
            Self::NoCredentials
            | Self::OtherScheme
            | Self::UnknownConsumer
            | Self::Malformed(_)
            | Self::BadTag
            | Self::UnknownApp
            | Self::Replaced
            | Self::AmbiguousPath
            | Self::StorageFailed => false,
        }
    }
}

/// Reads the credential of a request, and refuses by arithmetic what was
/// never made here.
pub(super) fn present<'a>(settings: &Settings, authorization: Option<&'a str>) -> Result<Presented<'a>, Reason> {
    let header = authorization.map(str::trim).filter(|header| !header.is_empty()).ok_or(Reason::NoCredentials)?;
    let (scheme, rest) = header.split_once(' ').unwrap_or((header, ""));
    if scheme.eq_ignore_ascii_case("OAuth") {
        return Err(Reason::UnknownConsumer);
    }
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(Reason::OtherScheme);
    }
    let (public, secret) = BearerToken::read(settings.prefix(), rest.trim()).map_err(Reason::Malformed)?;
    if !settings.keyring.made(Derived::BearerToken, &public) {
        return Err(Reason::BadTag);
    }
    Ok(Presented { public, secret })
}
