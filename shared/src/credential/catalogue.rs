//! Describes every kind of credential, for documents and leak scanners.

use super::checksum::CHECKSUM_CHARS;
use super::format::{GENERATION_CHARS, SCOPES_CHARS, TIME_CHARS, USER_CHARS};
use super::public::PUBLIC_CHARS;
use super::{
    AccessToken, AccessTokenSecret, ApiKey, ApiKeySecret, AuthorizationCode, BearerToken, ClientId, ClientSecret,
    OAuth2AccessToken, RefreshToken, RequestToken, RequestTokenSecret, SECRET_CHARS,
};

/// What a credential is, and how to find one in a text.
pub struct Format {
    /// What the portal calls it.
    pub name: &'static str,
    /// How it is put together.
    pub shape: String,
    /// Whether it must be kept secret: the others only name something.
    pub is_secret: bool,
    /// The regular expression that finds one.
    pub pattern: String,
}

/// Every kind of credential that a deployment makes.
pub fn formats(prefix: &str) -> Vec<Format> {
    let public = format!("public({PUBLIC_CHARS})");
    let secret = format!("secret({SECRET_CHARS})");
    let user = format!("{public} user({USER_CHARS})");
    let numbered = format!("{user} generation({GENERATION_CHARS})");
    let of = |name, kind: &str, body: &str, is_secret, pattern| {
        let shape = format!("<prefix>_{kind}_ {body} checksum({CHECKSUM_CHARS})");
        Format { name, shape, is_secret, pattern }
    };
    vec![
        of("API Key", ApiKey::KIND, &public, false, ApiKey::pattern(prefix)),
        of("API Key Secret", ApiKeySecret::KIND, &secret, true, ApiKeySecret::pattern(prefix)),
        Format {
            name: "Access Token",
            shape: format!("<user id>- {public} checksum({CHECKSUM_CHARS})"),
            is_secret: false,
            pattern: AccessToken::pattern(),
        },
        of("Access Token Secret", AccessTokenSecret::KIND, &secret, true, AccessTokenSecret::pattern(prefix)),
        of("Bearer Token", BearerToken::KIND, &format!("{public} {secret}"), true, BearerToken::pattern(prefix)),
        of("Client ID", ClientId::KIND, &public, false, ClientId::pattern(prefix)),
        of("Client Secret", ClientSecret::KIND, &secret, true, ClientSecret::pattern(prefix)),
        of("request token", RequestToken::KIND, &public, false, RequestToken::pattern(prefix)),
        of("request token secret", RequestTokenSecret::KIND, &secret, true, RequestTokenSecret::pattern(prefix)),
        of(
            "authorization code",
            AuthorizationCode::KIND,
            &format!("{user} {secret}"),
            true,
            AuthorizationCode::pattern(prefix),
        ),
        of(
            "OAuth 2.0 access token",
            OAuth2AccessToken::KIND,
            &format!("{numbered} until({TIME_CHARS}) left_out({SCOPES_CHARS}) {secret}"),
            true,
            OAuth2AccessToken::pattern(prefix),
        ),
        of(
            "OAuth 2.0 refresh token",
            RefreshToken::KIND,
            &format!("{numbered} {secret}"),
            true,
            RefreshToken::pattern(prefix),
        ),
    ]
}
