//! Makes new credentials, and shows existing ones.

use super::{Derived, Keyring, Root, Seed, StoredCredential};
use crate::ports::{Entropy, random};
use gatehouse_shared::api::{CredentialKind, IssuedCredentials};
use gatehouse_shared::credential::{
    AccessToken, AccessTokenSecret, ApiKey, ApiKeySecret, BearerToken, ClientId, ClientSecret, Serial,
};
use gatehouse_shared::model::{AccountId, AppId, UnixSeconds};

impl Derived {
    /// The secret that a credential of that kind has; `None` for an Access
    /// Token without the user for whom it is.
    pub fn secret_of(kind: CredentialKind, user: Option<AccountId>) -> Option<Self> {
        match kind {
            CredentialKind::ApiKey => Some(Self::ApiKeySecret),
            CredentialKind::AccessToken => user.map(Self::AccessTokenSecret),
            CredentialKind::BearerToken => Some(Self::BearerToken),
            CredentialKind::ClientSecret => Some(Self::ClientSecret),
        }
    }
}

/// The last four characters of a credential: digits of its checksum, which
/// tell little of the secret.
fn hint(credential: &str) -> String {
    credential.get(credential.len().saturating_sub(4)..).unwrap_or_default().to_owned()
}

/// Draws what a new secret is derived from.
pub fn draw_root(keyring: &Keyring, entropy: &impl Entropy) -> Root {
    Root {
        key_id: keyring.newest(),
        serial: Serial::from_random(random(entropy)),
        seed: Seed::new(random(entropy)),
        moved: None,
    }
}

/// Draws a new credential of an App, for `user` if it is an Access Token: what
/// to store of it.
pub fn draw_credential(
    keyring: &Keyring,
    prefix: &str,
    kind: CredentialKind,
    (app_id, user): (AppId, Option<AccountId>),
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
    let shown = show_credential(keyring, prefix, (app_id, user), &stored).unwrap_or_default();
    // Of a pair the half that is no secret.
    let halves = [&shown.api_key, &shown.access_token, &shown.bearer_token, &shown.client_secret];
    stored.hint = halves.into_iter().flatten().next().map(|text| hint(text)).unwrap_or_default();
    stored
}

/// Draws the name of an App in OAuth 2.0.
pub fn draw_client_id(keyring: &Keyring, prefix: &str, app_id: AppId, entropy: &impl Entropy) -> String {
    ClientId::write(prefix, &keyring.public(Derived::ClientId, app_id, Serial::from_random(random(entropy))))
}

/// Writes a stored credential as its holder gets it. `None` where the master
/// key that it rests on is not in the ring or retired, and for an Access Token
/// without its user.
pub fn show_credential(
    keyring: &Keyring,
    prefix: &str,
    (app_id, user): (AppId, Option<AccountId>),
    stored: &StoredCredential,
) -> Option<IssuedCredentials> {
    let root = &stored.root;
    let secret = keyring.secret(Derived::secret_of(stored.kind, user)?, app_id, root)?;
    let secret = secret.reveal();
    let public = |what| keyring.public_with(root.key_id, what, app_id, root.serial);
    let none = IssuedCredentials::default();
    Some(match stored.kind {
        CredentialKind::ApiKey => IssuedCredentials {
            api_key: Some(ApiKey::write(prefix, &public(Derived::ApiKey)?)),
            api_key_secret: Some(ApiKeySecret::write(prefix, secret)),
            ..none
        },
        CredentialKind::AccessToken => IssuedCredentials {
            access_token: Some(AccessToken::write(user?, &public(Derived::AccessToken(user?))?)),
            access_token_secret: Some(AccessTokenSecret::write(prefix, secret)),
            ..none
        },
        CredentialKind::BearerToken => IssuedCredentials {
            bearer_token: Some(BearerToken::write(prefix, &public(Derived::BearerToken)?, secret)),
            ..none
        },
        CredentialKind::ClientSecret => {
            IssuedCredentials { client_secret: Some(ClientSecret::write(prefix, secret)), ..none }
        }
    })
}
