//! Whether a credential is what it says: the only maker of [`Verified`].

use super::present::Keys;
use super::reason::{Unproven, Unusable};
use crate::app::LiveApp;
use crate::credential::{Derived, StoredCredential, hex};
use crate::secret::Secret;
use crate::settings::Settings;
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::credential::{AccessTokenSecret, ApiKeySecret, Public, Serial};
use gatehouse_shared::description::CredentialForm;
use gatehouse_shared::model::{AccountId, AppId, Permission, UnixSeconds};
use gatehouse_shared::oauth1::{self, Fault, Received, SignedRequest};
use sha2::{Digest, Sha256};

/// Who calls, proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    app_id: AppId,
    form: CredentialForm,
    user: Option<AccountId>,
    level: Permission,
    used: Vec<(CredentialKind, Serial)>,
    nonce: Option<Nonce>,
}

/// What must be new about a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nonce {
    /// Of key, token, timestamp and nonce together.
    pub digest: String,
    /// From then on the timestamp alone has it refused.
    pub keep_until: UnixSeconds,
}

/// For how long after its last moment a nonce is kept: clocks differ.
const NONCE_SLACK_SECONDS: u64 = 60;

impl Verified {
    pub fn app_id(&self) -> AppId {
        self.app_id
    }

    pub fn form(&self) -> CredentialForm {
        self.form
    }

    /// The user for whom the request is made; `None` for the App itself.
    pub fn user(&self) -> Option<AccountId> {
        self.user
    }

    /// What the credential may do.
    pub fn level(&self) -> Permission {
        self.level
    }

    /// What the caller is told: acting for no user counts as `read`.
    pub fn shown_level(&self) -> Permission {
        if self.user.is_some() { self.level } else { Permission::Read }
    }

    /// The credentials that it rests on.
    pub fn used(&self) -> &[(CredentialKind, Serial)] {
        &self.used
    }

    pub fn nonce(&self) -> Option<&Nonce> {
        self.nonce.as_ref()
    }
}

/// Finds a presented credential among the App's, if it works now, with its secret.
fn find<'a>(
    settings: &Settings,
    app: &'a LiveApp,
    kind: CredentialKind,
    what: Derived,
    named: &Public,
    now: UnixSeconds,
) -> Result<(&'a StoredCredential, Secret), Unusable> {
    let stored = app.find_credential(kind, named).ok_or(Unusable::Replaced)?;
    if !stored.works_at(now) {
        return Err(Unusable::Ended);
    }
    let gone = Unusable::MasterKeyGone { app_id: named.app_id, key_id: stored.root.rests_on() };
    Ok((stored, settings.keyring.secret(what, named.app_id, &stored.root).ok_or(gone)?))
}

/// Verifies a Bearer Token.
pub fn verify_bearer(
    settings: &Settings,
    public: &Public,
    secret: &str,
    app: &LiveApp,
    now: UnixSeconds,
) -> Result<Verified, Unproven> {
    let kind = CredentialKind::BearerToken;
    let (stored, expected) = find(settings, app, kind, Derived::BearerToken, public, now).map_err(Unproven::Token)?;
    if !expected.matches(secret) {
        return Err(Unproven::Token(Unusable::WrongSecret));
    }
    Ok(Verified {
        app_id: public.app_id,
        form: CredentialForm::BearerToken,
        user: None,
        level: app.permission,
        used: vec![(kind, stored.root.serial)],
        nonce: None,
    })
}

/// Verifies an API Key and its Secret, as HTTP Basic brings them.
pub fn verify_api_key(
    settings: &Settings,
    key: &Public,
    secret: &Secret,
    app: &LiveApp,
    now: UnixSeconds,
) -> Result<(), Unusable> {
    let (_, derived) = find(settings, app, CredentialKind::ApiKey, Derived::ApiKeySecret, key, now)?;
    let expected = Secret::new(ApiKeySecret::write(settings.prefix(), derived.reveal()));
    if expected.matches(secret.reveal()) { Ok(()) } else { Err(Unusable::WrongSecret) }
}

/// Whether a request was signed within the window (RFC 5849 §3.3).
pub fn check_timestamp(settings: &Settings, timestamp: u64, now: UnixSeconds) -> Result<(), Unproven> {
    let skew_seconds = i64::try_from(i128::from(now.0) - i128::from(timestamp)).unwrap_or(i64::MAX);
    if skew_seconds.unsigned_abs() <= settings.signature_window_seconds {
        Ok(())
    } else {
        Err(Unproven::Timestamp { skew_seconds })
    }
}

/// Verifies a request that is signed for a user (RFC 5849 §3.2). Its nonce is
/// still to be spent.
pub fn verify_signed(
    settings: &Settings,
    received: &Received<'_>,
    request: &SignedRequest,
    keys: &Keys,
    app: &LiveApp,
    now: UnixSeconds,
) -> Result<Verified, Unproven> {
    check_timestamp(settings, request.timestamp, now)?;
    let (user, token) = keys.token.ok_or(Unproven::NoToken)?;
    let (key, key_secret) =
        find(settings, app, CredentialKind::ApiKey, Derived::ApiKeySecret, &keys.key, now).map_err(Unproven::Key)?;
    let what = Derived::AccessTokenSecret(user);
    let (access, token_secret) =
        find(settings, app, CredentialKind::AccessToken, what, &token, now).map_err(Unproven::Token)?;
    let key_secret = Secret::new(ApiKeySecret::write(settings.prefix(), key_secret.reveal()));
    let token_secret = Secret::new(AccessTokenSecret::write(settings.prefix(), token_secret.reveal()));
    check_signature(settings, received, request, &key_secret, &token_secret)?;
    Ok(Verified {
        app_id: keys.key.app_id,
        form: CredentialForm::OAuth1User,
        user: Some(user),
        level: access.permission.unwrap_or_default(),
        used: vec![(CredentialKind::ApiKey, key.root.serial), (CredentialKind::AccessToken, access.root.serial)],
        nonce: Some(Nonce {
            digest: digest(request),
            keep_until: UnixSeconds(request.timestamp).plus(settings.signature_window_seconds + NONCE_SLACK_SECONDS),
        }),
    })
}

fn check_signature(
    settings: &Settings,
    received: &Received<'_>,
    request: &SignedRequest,
    key_secret: &Secret,
    token_secret: &Secret,
) -> Result<(), Unproven> {
    let requested = super::Head { method: received.method, url: received.url, authorization: None }.origin();
    let accepted = settings.signed_origins(requested);
    let (key_secret, token_secret) = (key_secret.reveal(), token_secret.reveal());
    if accepted.iter().any(|origin| request.is_signed_with(origin, key_secret, token_secret)) {
        return Ok(());
    }
    let first = accepted.first().copied().unwrap_or(requested);
    let explanation = oauth1::explain(request, received, first, &[requested], key_secret, token_secret);
    match explanation.signed.as_ref().map(|signed| &signed.fault) {
        Some(Fault::OtherOrigin(origin)) => Err(Unproven::OriginNotAccepted { origin: origin.clone() }),
        _ => Err(Unproven::Signature(Box::new(explanation))),
    }
}

/// 128 bits that name key, token, timestamp and nonce together.
fn digest(request: &SignedRequest) -> String {
    let mut hash = Sha256::new();
    let token = request.token.as_deref().unwrap_or_default();
    for part in [&request.consumer_key, token, &request.timestamp.to_string(), &request.nonce] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize()[..16])
}
