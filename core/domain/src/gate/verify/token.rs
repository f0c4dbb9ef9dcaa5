//! Verifies a Bearer Token or an OAuth 2.0 access token against the App's record.

use super::{Used, Verified, find, secret_of, secret_of_root};
use crate::app::LiveApp;
use crate::credential::{Derived, TokenUse, derive_token};
use crate::gate::{Unproven, Unusable};
use crate::grant::{LiveGrant, scopes_without};
use crate::secret::Secret;
use crate::settings::Settings;
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::credential::{ApiKeySecret, ClientSecret, Public, UserToken};
use gatehouse_shared::model::{AppId, CredentialForm, UnixSeconds};

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
    let what = TokenUse::Access { until: token.until, left_out: token.left_out };
    if !derive_token(&secret, what, token.generation).matches(token.secret) {
        return Err(Unproven::Token(Unusable::WrongSecret));
    }
    let level_of = |scope: &String| settings.api.scopes.iter().find(|known| known.name == *scope).map(|s| s.permission);
    let scopes = scopes_without(&family.scopes, token.left_out);
    Ok(Verified {
        app_id,
        form: CredentialForm::OAuth2User,
        user: Some(token.user),
        level: scopes.iter().filter_map(level_of).max().unwrap_or_default(),
        scopes,
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
