//! Signs a base string with the two secrets.

use super::encode::encode;
use super::method::SignatureMethod;
use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// Signs a base string (RFC 5849 §3.4.2); base64.
pub fn sign(method: SignatureMethod, base_string: &str, consumer_secret: &str, token_secret: &str) -> String {
    let key = zeroize::Zeroizing::new(format!("{}&{}", encode(consumer_secret), encode(token_secret)));
    match method {
        SignatureMethod::HmacSha1 => mac::<Hmac<Sha1>>(key.as_bytes(), base_string),
        SignatureMethod::HmacSha256 => mac::<Hmac<Sha256>>(key.as_bytes(), base_string),
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], text: &str) -> String {
    // HMAC takes keys of any length, so there is always one.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return String::new() };
    mac.update(text.as_bytes());
    Base64::encode_string(&mac.finalize().into_bytes())
}
