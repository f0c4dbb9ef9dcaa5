use super::{Derived, Keyring, Seed, StoredCredential};
use crate::ports::{Entropy, random};
use crate::secret::Secret;
use gatehouse_shared::api::{CredentialKind, IssuedCredentials};
use gatehouse_shared::credential::{ApiKey, ApiKeySecret, BearerToken, Serial};
use gatehouse_shared::model::{AppId, UnixSeconds};

/// The last four characters of a credential: digits of its checksum, which
/// tell little of the secret.
pub fn hint(credential: &str) -> String {
    credential.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect()
}

/// Makes a new API Key & Secret: what to store, and what to show once.
pub fn issue_api_key(
    keyring: &Keyring,
    prefix: &str,
    app_id: AppId,
    now: UnixSeconds,
    entropy: &impl Entropy,
) -> (StoredCredential, IssuedCredentials) {
    let (serial, seed) = draw(entropy);
    let public = keyring.public(Derived::ApiKey, app_id, serial);
    let key = ApiKey::write(prefix, &public);
    let secret = keyring
        .secret(public.key_id, Derived::ApiKeySecret, app_id, serial, &seed)
        .map(|derived| ApiKeySecret::write(prefix, derived.reveal()));
    let stored = StoredCredential {
        kind: CredentialKind::ApiKey,
        key_id: public.key_id,
        serial,
        seed,
        hint: hint(&key),
        created_at: now,
    };
    (stored, IssuedCredentials { api_key: Some(key), api_key_secret: secret, bearer_token: None })
}

/// Makes a new Bearer Token: what to store, and what to show once.
pub fn issue_bearer_token(
    keyring: &Keyring,
    prefix: &str,
    app_id: AppId,
    now: UnixSeconds,
    entropy: &impl Entropy,
) -> (StoredCredential, IssuedCredentials) {
    let (serial, seed) = draw(entropy);
    let mut stored = StoredCredential {
        kind: CredentialKind::BearerToken,
        key_id: keyring.newest(),
        serial,
        seed,
        hint: String::new(),
        created_at: now,
    };
    let token = write_bearer_token(keyring, prefix, app_id, &stored);
    stored.hint = token.as_ref().map(|token| hint(token.reveal())).unwrap_or_default();
    let bearer_token = token.map(|token| token.reveal().to_owned());
    (stored, IssuedCredentials { bearer_token, ..IssuedCredentials::default() })
}

/// Writes the Bearer Token of a stored seed: the same one every time. `None`
/// where its master key is no longer in the ring.
pub fn write_bearer_token(keyring: &Keyring, prefix: &str, app_id: AppId, stored: &StoredCredential) -> Option<Secret> {
    let derived = keyring.secret(stored.key_id, Derived::BearerToken, app_id, stored.serial, &stored.seed)?;
    let public = keyring.public_with(stored.key_id, Derived::BearerToken, app_id, stored.serial)?;
    Some(Secret::new(BearerToken::write(prefix, &public, derived.reveal())))
}

fn draw(entropy: &impl Entropy) -> (Serial, Seed) {
    (Serial::from_random(random(entropy)), Seed::new(random(entropy)))
}
