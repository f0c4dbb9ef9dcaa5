//! The parsers of credentials.

use gatehouse_shared::credential::{
    AccessToken, AccessTokenSecret, ApiKey, ApiKeySecret, AuthorizationCode, BearerToken, ClientId, ClientSecret,
    OAuth2AccessToken, RefreshToken, RequestToken, RequestTokenSecret, encode_u64,
};

const PREFIX: &str = "gh";
const CHECKSUM_CHARS: usize = 6;

/// Every text is at most one kind of credential, and what is read is written
/// as the same text: two spellings of one credential would be two entries in a
/// cache and two nonces.
pub fn read(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    check(text);
    // No fuzzer finds a checksum, and behind it stands the rest of the parser.
    let body = text.char_indices().rev().nth(CHECKSUM_CHARS - 1).map_or("", |(at, _)| &text[..at]);
    check(&format!("{body}{}", encode_u64(u64::from(crc32fast::hash(body.as_bytes())), CHECKSUM_CHARS)));
}

fn check(text: &str) {
    let written = [
        ApiKey::read(PREFIX, text).ok().map(|public| ApiKey::write(PREFIX, &public)),
        ApiKeySecret::read(PREFIX, text).ok().map(|secret| ApiKeySecret::write(PREFIX, secret)),
        AccessToken::read(text).ok().map(|(user, public)| AccessToken::write(user, &public)),
        AccessTokenSecret::read(PREFIX, text).ok().map(|secret| AccessTokenSecret::write(PREFIX, secret)),
        BearerToken::read(PREFIX, text).ok().map(|(public, secret)| BearerToken::write(PREFIX, &public, secret)),
        ClientId::read(PREFIX, text).ok().map(|public| ClientId::write(PREFIX, &public)),
        ClientSecret::read(PREFIX, text).ok().map(|secret| ClientSecret::write(PREFIX, secret)),
        RequestToken::read(PREFIX, text).ok().map(|public| RequestToken::write(PREFIX, &public)),
        RequestTokenSecret::read(PREFIX, text).ok().map(|secret| RequestTokenSecret::write(PREFIX, secret)),
        AuthorizationCode::read(PREFIX, text).ok().map(|token| AuthorizationCode::write(PREFIX, &token)),
        OAuth2AccessToken::read(PREFIX, text).ok().map(|token| OAuth2AccessToken::write(PREFIX, &token)),
        RefreshToken::read(PREFIX, text).ok().map(|token| RefreshToken::write(PREFIX, &token)),
    ];
    let mut read = written.into_iter().flatten();
    if let Some(written) = read.next() {
        assert_eq!(written, text, "is written in another way than it was read");
        assert_eq!(read.next(), None, "is two kinds of credential");
    }
}
