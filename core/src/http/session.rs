use super::request::Request;
use crate::account::{SESSION_SECONDS, SessionToken};

/// The session cookie: bound to this host, to TLS and out of scripts' reach.
const COOKIE: &str = "__Host-gatehouse";

/// The session token that came with a request, if it can be one.
pub(super) fn read_token(request: &Request) -> Option<SessionToken> {
    SessionToken::read(request.cookie(COOKIE)?)
}

/// The `Set-Cookie` value that begins a session.
pub(super) fn begin(token: &SessionToken) -> String {
    format!("{COOKIE}={}; Path=/; Max-Age={SESSION_SECONDS}; Secure; HttpOnly; SameSite=Lax", token.reveal())
}

/// The `Set-Cookie` value that ends it.
pub(super) fn end() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax")
}
