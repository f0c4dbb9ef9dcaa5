//! The requests that are sent, as bytes.

use anyhow::Result;
use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use std::{
    fmt::Write,
    time::{SystemTime, UNIX_EPOCH},
};

/// Every character but the unreserved ones (RFC 5849 §3.6).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Below no limit in `api.toml`, and asked for by an App that is in no Project and so has no monthly cap: some hundred
/// thousand requests pass in a minute. They are leased and counted like all others.
pub const PATH: &str = "/1.1/bench";

/// A GET of a path, with such headers.
pub fn get(host: &str, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n");
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// A GET with a Bearer Token, and with other headers after it.
pub fn get_with_bearer(host: &str, token: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let authorization = format!("Bearer {token}");
    get(host, PATH, &[&[("authorization", authorization.as_str())], others].concat())
}

/// What signs a request of OAuth 1.0a.
#[derive(Clone, Default)]
pub struct Pairs {
    pub key: String,
    pub key_secret: String,
    pub token: String,
    pub token_secret: String,
}

impl Pairs {
    /// The header of a GET with no parameters of its own, signed with HMAC-SHA1 (RFC 5849 §3.4). Every credential is
    /// of unreserved characters, so that only the signature and the base string have to be encoded.
    pub fn sign(&self, url: &str, timestamp: u64, nonce: &str) -> Result<String> {
        let Self { key, key_secret, token, token_secret } = self;
        let parameters = format!(
            "oauth_consumer_key={key}&oauth_nonce={nonce}&oauth_signature_method=HMAC-SHA1&oauth_timestamp={timestamp}\
             &oauth_token={token}&oauth_version=1.0"
        );
        let base_string = format!("GET&{}&{}", encode(url), encode(&parameters));
        let mut mac = Hmac::<Sha1>::new_from_slice(format!("{key_secret}&{token_secret}").as_bytes())?;
        mac.update(base_string.as_bytes());
        let signature = Base64::encode_string(&mac.finalize().into_bytes());
        let signature = encode(&signature);
        Ok(format!(
            "OAuth oauth_consumer_key=\"{key}\", oauth_token=\"{token}\", oauth_signature_method=\"HMAC-SHA1\", \
             oauth_timestamp=\"{timestamp}\", oauth_nonce=\"{nonce}\", oauth_version=\"1.0\", \
             oauth_signature=\"{signature}\""
        ))
    }
}

fn encode(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, RESERVED)
}

#[expect(clippy::disallowed_methods, reason = "what is signed carries the time")]
pub fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A Bearer Token as this one, that nobody made: its tag is another, and its checksum is right, so that it is refused
/// by the tag alone.
pub fn forge(token: &str) -> String {
    // <prefix>_bearer_<key id 1><App ID 11><serial 6><tag 8><secret 43><checksum 6>
    let tag_at = token.len() - 6 - 43 - 8;
    let other = if &token[tag_at..=tag_at] == "0" { "1" } else { "0" };
    let body = format!("{}{other}{}", &token[..tag_at], &token[tag_at + 1..token.len() - 6]);
    let mut crc = flate2::Crc::new();
    crc.update(body.as_bytes());
    let checksum = base62(u64::from(crc.sum()), 6);
    body + &checksum
}

fn base62(mut value: u64, width: usize) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = vec!['0'; width];
    for digit in digits.iter_mut().rev() {
        *digit = char::from(DIGITS[(value % 62) as usize]);
        value /= 62;
    }
    digits.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_that_another_program_makes() {
        let text = str::to_owned;
        let pairs = Pairs { key: text("k"), key_secret: text("ks"), token: text("t"), token_secret: text("ts") };
        let header = pairs.sign("http://127.0.0.1:8787/2/notes", 1_800_000_000, "n1").unwrap();
        assert!(header.ends_with("oauth_signature=\"khtosW3BSvWkD7wFxJPoP2FjVu4%3D\""), "{header}");
    }

    #[test]
    fn a_forged_token_differs_in_its_tag_and_checksum_alone() {
        let token = format!(
            "gh_bearer_1{}{}{}{}{}",
            "a".repeat(11),
            "b".repeat(6),
            "c".repeat(8),
            "d".repeat(43),
            "e".repeat(6)
        );
        let forged = forge(&token);
        assert_eq!(forged.len(), token.len());
        assert!(forged.starts_with(&format!(
            "gh_bearer_1{}{}0ccccccc{}",
            "a".repeat(11),
            "b".repeat(6),
            "d".repeat(43)
        )));
        assert_ne!(forged[forged.len() - 6..], token[token.len() - 6..]);
    }
}
