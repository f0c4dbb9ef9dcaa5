//! Reads the key that the gate shares with the API, and signs with it.

use base64ct::{Base64, Base64Unpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Fewest bytes of a key: as many as the hash gives (RFC 2104 §3).
const SHORTEST: usize = 32;

/// What the gate and the API behind it share, to sign and to verify who calls.
pub struct UpstreamKey {
    /// Keyed once here, so that a request pays only for its own text.
    keyed: Hmac<Sha256>,
}

impl UpstreamKey {
    /// Reads 32 bytes or more: hexadecimal digits, else base64, with either
    /// alphabet and with or without padding (RFC 4648 §4, §5).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = read_hex(text).or_else(|| read_base64(text))?;
        if bytes.len() < SHORTEST {
            return None;
        }
        Some(Self { keyed: <Hmac<Sha256> as KeyInit>::new_from_slice(&bytes).ok()? })
    }

    /// Signs a text, in base64.
    pub fn sign(&self, text: &str) -> String {
        let mut mac = self.keyed.clone();
        mac.update(text.as_bytes());
        Base64::encode_string(&mac.finalize().into_bytes())
    }
}

fn read_hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    // As hexadecimal, 32 digits are too short a key; as base64 they would pass for 24 bytes, and be too short as well.
    base16ct::mixed::decode_vec(text).ok().map(Zeroizing::new)
}

fn read_base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = Zeroizing::new(text.trim_end_matches('=').replace('-', "+").replace('_', "/"));
    Base64Unpadded::decode_vec(&text).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 9421, appendix B.1.5.
    const KEY: &str = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";

    #[test]
    fn every_spelling_of_a_key_signs_alike() {
        let hex: String = Base64::decode_vec(KEY).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
        let url_safe = KEY.replace('+', "-").replace('/', "_");
        let expected = UpstreamKey::parse(KEY).unwrap().sign("text");
        for spelt in [&hex, &hex.to_uppercase(), &url_safe, KEY.trim_end_matches('='), &format!(" {KEY}\n")] {
            assert_eq!(UpstreamKey::parse(spelt).unwrap().sign("text"), expected, "{spelt}");
        }
    }

    #[test]
    fn the_signature_of_the_rfcs_example_is_made() {
        // RFC 9421 §B.2.5
        let base = "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@authority\": example.com\n\"content-type\": \
                    application/json\n\"@signature-params\": (\"date\" \"@authority\" \
                    \"content-type\");created=1618884473;keyid=\"test-shared-secret\"";
        let signature = "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=";
        assert_eq!(UpstreamKey::parse(KEY).unwrap().sign(base), signature);
    }

    #[test]
    fn a_short_key_is_none() {
        for text in ["", "ab", &"ab".repeat(31), "c2hvcnQ=", &"é".repeat(32), &"?".repeat(64)] {
            assert!(UpstreamKey::parse(text).is_none(), "{text}");
        }
    }
}
