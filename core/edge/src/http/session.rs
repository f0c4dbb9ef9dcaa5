//! Reads and writes the session cookie.

use super::request::Request;
use gatehouse_domain::account::{BROWSER_SECONDS, KnownBrowser, OperatorSecret, SessionToken, session_seconds};
use gatehouse_domain::settings::Settings;

/// The session cookie: bound to this host, to TLS and out of scripts' reach.
const COOKIE: &str = "__Host-gatehouse";
/// What a browser keeps from an earlier sign-in; it opens nothing.
const BROWSER_COOKIE: &str = "__Host-gatehouse-browser";

/// What the operator's sessions rest on.
pub(super) fn operator_secret(settings: &Settings) -> OperatorSecret<'_> {
    OperatorSecret { username: &settings.operator_username, password: &settings.operator_password }
}

/// The session token that came with a request, if this deployment made it.
pub(super) fn read_token(request: &Request, settings: &Settings) -> Option<SessionToken> {
    SessionToken::read(request.cookie(COOKIE)?, &settings.keyring, operator_secret(settings))
}

/// The browser, where somebody signed in with it before.
pub(super) fn read_browser(request: &Request) -> Option<KnownBrowser<'_>> {
    KnownBrowser::read(request.cookie(BROWSER_COOKIE)?)
}

/// The `Set-Cookie` value that begins a session.
pub(super) fn begin(token: &SessionToken) -> String {
    set(COOKIE, token.reveal(), session_seconds(token.role))
}

/// The `Set-Cookie` value that ends it.
pub(super) fn end() -> String {
    set(COOKIE, "", 0)
}

/// The `Set-Cookie` value by which a browser is known.
pub(super) fn remember(browser: &str) -> String {
    set(BROWSER_COOKIE, browser, BROWSER_SECONDS)
}

fn set(name: &str, value: &str, seconds: u64) -> String {
    format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax")
}
