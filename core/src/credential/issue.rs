use super::{Derived, Keyring, Seed, StoredCredential};
use crate::ports::{Entropy, random};
use gatehouse_shared::api::{CredentialKind, IssuedCredentials};
use gatehouse_shared::credential::{AccessToken, AccessTokenSecret, ApiKey, ApiKeySecret, BearerToken, Public, Serial};
use gatehouse_shared::model::{AccountId, AppId, UnixSeconds};

impl Derived {
    /// The secret that a credential of that kind has; `owner` owns the App.
    pub fn secret_of(kind: CredentialKind, owner: AccountId) -> Self {
        match kind {
            CredentialKind::ApiKey => Self::ApiKeySecret,
            CredentialKind::AccessToken => Self::AccessTokenSecret(owner),
            CredentialKind::BearerToken => Self::BearerToken,
        }
    }

    /// The text that a credential of that kind is presented with.
    fn named_by(kind: CredentialKind, owner: AccountId) -> Self {
        match kind {
            CredentialKind::ApiKey => Self::ApiKey,
            CredentialKind::AccessToken => Self::AccessToken(owner),
            CredentialKind::BearerToken => Self::BearerToken,
        }
    }
}

/// The last four characters of a credential: digits of its checksum, which
/// tell little of the secret.
fn hint(credential: &str) -> String {
    credential.get(credential.len().saturating_sub(4)..).unwrap_or_default().to_owned()
}

/// Draws a new credential for an App of `owner`: what to store of it.
pub fn draw_credential(
    keyring: &Keyring,
    prefix: &str,
    kind: CredentialKind,
    (app_id, owner): (AppId, AccountId),
    now: UnixSeconds,
    entropy: &impl Entropy,
) -> StoredCredential {
    let mut stored = StoredCredential {
        kind,
        root: draw_root(keyring, entropy),
        hint: String::new(),
        created_at: now,
        permission: None,
        expires_at: None,
        works_until: None,
    };
    let shown = show_credential(keyring, prefix, (app_id, owner), &stored).unwrap_or_default();
    let named = [&shown.api_key, &shown.access_token, &shown.bearer_token].into_iter().flatten().next();
    stored.hint = named.map(|text| hint(text)).unwrap_or_default();
    stored
}

/// Writes a stored credential as its holder gets it. `None` where the master
/// key that it rests on is not in the ring or retired.
pub fn show_credential(
    keyring: &Keyring,
    prefix: &str,
    (app_id, owner): (AppId, AccountId),
    stored: &StoredCredential,
) -> Option<IssuedCredentials> {
    let secret = keyring.secret(Derived::secret_of(stored.kind, owner), app_id, &stored.root)?;
    let public: Public =
        keyring.public_with(stored.root.key_id, Derived::named_by(stored.kind, owner), app_id, stored.root.serial)?;
    let secret = secret.reveal();
    Some(match stored.kind {
        CredentialKind::ApiKey => IssuedCredentials {
            api_key: Some(ApiKey::write(prefix, &public)),
            api_key_secret: Some(ApiKeySecret::write(prefix, secret)),
            ..IssuedCredentials::default()
        },
        CredentialKind::AccessToken => IssuedCredentials {
            access_token: Some(AccessToken::write(owner, &public)),
            access_token_secret: Some(AccessTokenSecret::write(prefix, secret)),
            ..IssuedCredentials::default()
        },
        CredentialKind::BearerToken => IssuedCredentials {
            bearer_token: Some(BearerToken::write(prefix, &public, secret)),
            ..IssuedCredentials::default()
        },
    })
}
