//! Checks the proof key of an authorization (RFC 7636).

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Whether a text can be a `code_verifier`: 32 to 256 unreserved characters.
/// RFC 7636 §4.1 has 43 to 128, and clients that are in use send others; the
/// challenge is a hash of any of them.
pub fn is_verifier(text: &str) -> bool {
    (32..=256).contains(&text.len()) && text.bytes().all(is_unreserved)
}

/// Whether a text can be a `code_challenge` of S256: 43 characters of base64url.
pub fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Whether the verifier is the one that the challenge was made from
/// (RFC 7636 §4.6). Compares in constant time.
pub fn proves(verifier: &str, challenge: &str) -> bool {
    let made = Base64UrlUnpadded::encode_string(&Sha256::digest(verifier.as_bytes()));
    made.as_bytes().ct_eq(challenge.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636_appendix_b_proves_itself() {
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(is_verifier(verifier) && is_challenge(challenge) && proves(verifier, challenge));
        assert!(!proves(&verifier.to_uppercase(), challenge));
        for (length, fits) in [(31, false), (32, true), (43, true), (128, true), (171, true), (256, true), (257, false)]
        {
            assert_eq!(is_verifier(&"a".repeat(length)), fits, "{length}");
        }
        assert!(!is_verifier("short") && !is_verifier(&"é".repeat(43)) && !is_challenge(verifier.split_at(42).0));
    }
}
