//! `POST /oauth2/token` with client credentials: an App's Bearer Token.

use crate::app::LiveApp;
use crate::credential::{Derived, write_bearer_token};
use crate::secret::Secret;
use crate::settings::Settings;
use base64ct::{Base64, Encoding};
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::credential::{ApiKey, ApiKeySecret, Public};
use gatehouse_shared::model::AppStatus;
use percent_encoding::percent_decode_str;

/// Why no token is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRefusal {
    MissingGrantType,
    /// Unknown key, wrong secret, another grant type, a suspended App: one
    /// answer on the wire.
    NotVerified,
}

/// A request whose API Key this deployment made. Its secret is not checked yet.
pub struct TokenRequest {
    pub key: Public,
    secret: Secret,
}

/// Reads a request: HTTP Basic with the percent-encoded API Key and Secret
/// (RFC 6749 §2.3.1), and `grant_type` in a form body.
pub fn read_token_request(
    settings: &Settings,
    authorization: Option<&str>,
    body: &[u8],
) -> Result<TokenRequest, TokenRefusal> {
    let mut grant_types = form_urlencoded::parse(body).filter(|(name, _)| name == "grant_type").map(|(_, value)| value);
    let (grant_type, another) = (grant_types.next(), grant_types.next());
    if another.is_some() {
        // RFC 6749 §3.2: no parameter more than once.
        return Err(TokenRefusal::NotVerified);
    }
    let grant_type = grant_type.filter(|value| !value.is_empty()).ok_or(TokenRefusal::MissingGrantType)?;
    if grant_type != "client_credentials" {
        return Err(TokenRefusal::NotVerified);
    }
    let (key, secret) = authorization.and_then(read_basic).ok_or(TokenRefusal::NotVerified)?;
    let key = ApiKey::read(settings.prefix(), &key).map_err(|_| TokenRefusal::NotVerified)?;
    if !settings.keyring.made(Derived::ApiKey, &key) {
        return Err(TokenRefusal::NotVerified);
    }
    Ok(TokenRequest { key, secret })
}

fn read_basic(header: &str) -> Option<(String, Secret)> {
    let (scheme, encoded) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = String::from_utf8(Base64::decode_vec(encoded.trim()).ok()?).ok()?;
    let (key, secret) = decoded.split_once(':')?;
    let decode = |text: &str| percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned());
    Some((decode(key)?, Secret::new(decode(secret)?)))
}

/// Checks the secret against the App's record and gives its Bearer Token: the
/// same one until it is regenerated.
pub fn find_bearer_token(settings: &Settings, request: &TokenRequest, app: &LiveApp) -> Result<Secret, TokenRefusal> {
    let key = &request.key;
    let derived = app
        .derive_secret(&settings.keyring, CredentialKind::ApiKey, Derived::ApiKeySecret, key)
        .ok_or(TokenRefusal::NotVerified)?;
    let expected = Secret::new(ApiKeySecret::write(settings.prefix(), derived.reveal()));
    if !expected.matches(request.secret.reveal()) {
        return Err(TokenRefusal::NotVerified);
    }
    if app.status == AppStatus::Suspended || app.owner_suspended {
        return Err(TokenRefusal::NotVerified);
    }
    app.credentials
        .iter()
        .find(|stored| stored.kind == CredentialKind::BearerToken)
        .and_then(|stored| write_bearer_token(&settings.keyring, settings.prefix(), key.app_id, stored))
        .ok_or(TokenRefusal::NotVerified)
}
