//! Whether a credential is what it says: the only maker of [`Verified`].

use super::reason::{Unproven, Unusable};
use crate::app::LiveApp;
use crate::credential::{Derived, Root, StoredCredential, TokenUse, derive_token, hex};
use crate::grant::LiveGrant;
use crate::secret::Secret;
use crate::settings::Settings;
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::credential::{AccessTokenSecret, ApiKeySecret, ClientSecret, Public, Serial, UserToken};
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
    user_suspended: bool,
    level: Permission,
    scopes: Vec<String>,
    used: Vec<Used>,
    nonce: Option<Nonce>,
}

/// A credential that a request rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    pub serial: Serial,
    /// The user whose Ledger keeps it; `None` for the App's own.
    pub granted_by: Option<AccountId>,
}

impl Used {
    fn own(stored: &StoredCredential) -> Self {
        Self { serial: stored.root.serial, granted_by: None }
    }
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

    /// Whether that user's whole account is suspended.
    pub fn is_user_suspended(&self) -> bool {
        self.user_suspended
    }

    /// What the user granted with OAuth 2.0.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// The credentials that it rests on; a user's token comes last.
    pub fn used(&self) -> &[Used] {
        &self.used
    }

    pub fn nonce(&self) -> Option<&Nonce> {
        self.nonce.as_ref()
    }
}

/// The secret of a stored credential, if it works now.
fn secret_of(
    settings: &Settings,
    app_id: AppId,
    what: Derived,
    stored: &StoredCredential,
    now: UnixSeconds,
) -> Result<Secret, Unusable> {
    if stored.works_at(now) { secret_of_root(settings, app_id, what, &stored.root) } else { Err(Unusable::Ended) }
}

fn secret_of_root(settings: &Settings, app_id: AppId, what: Derived, root: &Root) -> Result<Secret, Unusable> {
    let gone = Unusable::MasterKeyGone { app_id, key_id: root.rests_on() };
    settings.keyring.secret(what, app_id, root).ok_or(gone)
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
    Ok((stored, secret_of(settings, named.app_id, what, stored, now)?))
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
        user_suspended: false,
        level: app.permission,
        scopes: Vec::new(),
        used: vec![Used::own(stored)],
        nonce: None,
    })
}

/// Verifies a user's OAuth 2.0 access token.
pub fn verify_user_token(
    settings: &Settings,
    token: &UserToken<'_>,
    grant: Option<&LiveGrant>,
    now: UnixSeconds,
) -> Result<Verified, Unproven> {
    if now >= token.until {
        return Err(Unproven::Token(Unusable::Ended));
    }
    let replaced = Unproven::Token(Unusable::Replaced);
    let grant = grant.ok_or(replaced.clone())?;
    let family = grant.find_family(&token.public).ok_or(replaced)?;
    let app_id = token.public.app_id;
    let secret =
        secret_of_root(settings, app_id, Derived::Family(token.user), &family.root).map_err(Unproven::Token)?;
    if !derive_token(&secret, TokenUse::Access(token.until), token.generation).matches(token.secret) {
        return Err(Unproven::Token(Unusable::WrongSecret));
    }
    let level_of = |scope: &String| settings.api.scopes.iter().find(|known| known.name == *scope).map(|s| s.permission);
    Ok(Verified {
        app_id,
        form: CredentialForm::OAuth2User,
        user: Some(token.user),
        user_suspended: grant.user_suspended,
        level: family.scopes.iter().filter_map(level_of).max().unwrap_or_default(),
        scopes: family.scopes.clone(),
        used: vec![Used { serial: family.root.serial, granted_by: Some(token.user) }],
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

/// Verifies a Client Secret: the current one, or one in its overlap.
pub fn verify_client_secret(
    settings: &Settings,
    app_id: AppId,
    secret: &Secret,
    app: &LiveApp,
    now: UnixSeconds,
) -> Result<(), Unusable> {
    let mut outcome = Err(Unusable::Replaced);
    for stored in app.credentials.iter().filter(|stored| stored.kind == CredentialKind::ClientSecret) {
        match secret_of(settings, app_id, Derived::ClientSecret, stored, now) {
            Ok(derived) if ClientSecret::read(settings.prefix(), secret.reveal()).is_ok_and(|d| derived.matches(d)) => {
                return Ok(());
            }
            Ok(_) => outcome = Err(Unusable::WrongSecret),
            Err(unusable) => outcome = Err(unusable),
        }
    }
    outcome
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

/// What a request says that it is signed with, and what is known of that.
pub struct Signing<'a> {
    pub settings: &'a Settings,
    pub received: &'a Received<'a>,
    pub request: &'a SignedRequest,
    pub key: Public,
    pub app: &'a LiveApp,
    pub now: UnixSeconds,
}

/// A request that the App signed, whoever it is for. Its nonce is still to be spent.
pub struct SignedByApp {
    pub nonce: Nonce,
    key: Used,
}

impl Signing<'_> {
    /// Verifies the signature (RFC 5849 §3.2); `token_secret` is empty where
    /// the request is for nobody.
    pub fn verify(&self, token_secret: &str) -> Result<SignedByApp, Unproven> {
        let settings = self.settings;
        check_timestamp(settings, self.request.timestamp, self.now)?;
        let (kind, what) = (CredentialKind::ApiKey, Derived::ApiKeySecret);
        let (key, secret) = find(settings, self.app, kind, what, &self.key, self.now).map_err(Unproven::Key)?;
        let secret = Secret::new(ApiKeySecret::write(settings.prefix(), secret.reveal()));
        check_signature(settings, self.received, self.request, secret.reveal(), token_secret)?;
        let window = settings.signature_window_seconds + NONCE_SLACK_SECONDS;
        let keep_until = UnixSeconds(self.request.timestamp).plus(window);
        Ok(SignedByApp { nonce: Nonce { digest: digest(self.request), keep_until }, key: Used::own(key) })
    }

    /// Verifies a request that is signed for a user; `grant` is what the user
    /// lets the App do, where the user is not its owner.
    pub fn verify_for_user(
        &self,
        (user, named): (AccountId, Public),
        is_owner: bool,
        grant: Option<&LiveGrant>,
    ) -> Result<Verified, Unproven> {
        check_timestamp(self.settings, self.request.timestamp, self.now)?;
        let stored = if is_owner {
            self.app.find_credential(CredentialKind::AccessToken, &named)
        } else {
            grant.and_then(|grant| grant.find_access_token(&named))
        };
        let stored = stored.ok_or(Unproven::Token(Unusable::Replaced))?;
        let what = Derived::AccessTokenSecret(user);
        let secret = secret_of(self.settings, named.app_id, what, stored, self.now).map_err(Unproven::Token)?;
        let secret = Secret::new(AccessTokenSecret::write(self.settings.prefix(), secret.reveal()));
        let signed = self.verify(secret.reveal())?;
        let granted_by = (!is_owner).then_some(user);
        Ok(Verified {
            app_id: self.key.app_id,
            form: CredentialForm::OAuth1User,
            user: Some(user),
            user_suspended: !is_owner && grant.is_some_and(|grant| grant.user_suspended),
            level: stored.permission.unwrap_or_default(),
            scopes: Vec::new(),
            used: vec![signed.key, Used { serial: stored.root.serial, granted_by }],
            nonce: Some(signed.nonce),
        })
    }
}

fn check_signature(
    settings: &Settings,
    received: &Received<'_>,
    request: &SignedRequest,
    key_secret: &str,
    token_secret: &str,
) -> Result<(), Unproven> {
    let requested = super::Head { method: received.method, url: received.url, authorization: None }.origin();
    let accepted = settings.signed_origins(requested);
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
