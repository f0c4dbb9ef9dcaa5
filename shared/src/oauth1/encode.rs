//! Percent-encodes and decodes as OAuth 1.0a does (RFC 5849 §3.6).

use super::{Param, Source};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};
use std::borrow::Cow;

/// All but the unreserved characters of RFC 3986 §2.3, as RFC 5849 §3.6 asks.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Percent-encodes a text.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3 / 2);
    encode_into(&mut encoded, text);
    encoded
}

/// Percent-encodes a text at the end of another one.
pub(super) fn encode_into(encoded: &mut String, text: &str) {
    encoded.extend(percent_encode(text.as_bytes(), ESCAPED));
}

/// Percent-decodes a text; bytes that are no UTF-8 become U+FFFD.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    percent_decode(text.as_bytes()).decode_utf8_lossy()
}

/// Brings percent-encoded bytes into the one form in which we keep them.
pub(super) fn normalize(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) if is_normal(bytes) => Cow::Borrowed(text),
        _ => Cow::Owned(encode_bytes(percent_decode(bytes))),
    }
}

/// Whether all is escaped that has to be, and nothing else, in upper case.
fn is_normal(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return true,
            [b'%', high, low, rest @ ..] if is_escape(*high, *low) => rest,
            [byte, rest @ ..] if is_unreserved(*byte) => rest,
            _ => return false,
        }
    }
}

fn is_escape(high: u8, low: u8) -> bool {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    };
    digit(high).zip(digit(low)).is_some_and(|(high, low)| !is_unreserved(high * 16 + low))
}

fn encode_bytes(bytes: impl Iterator<Item = u8>) -> String {
    percent_encode(&bytes.collect::<Vec<u8>>(), ESCAPED).collect()
}

/// As [`normalize`], of a part of form data.
fn normalize_spaced(bytes: &[u8]) -> Cow<'_, str> {
    if !bytes.contains(&b'+') {
        return normalize(bytes);
    }
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Cow::Owned(encode_bytes(percent_decode(&spaced)))
}

/// Reads `application/x-www-form-urlencoded` bytes, in order.
pub(super) fn read_form(bytes: &[u8], source: Source) -> impl Iterator<Item = Param<'_>> {
    bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(move |pair| {
        let mut halves = pair.splitn(2, |byte| *byte == b'=').map(normalize_spaced);
        let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        Param { name, value, source }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_normal_form_is_not_copied_and_nothing_else_stays_as_it_is() {
        for normal in ["", "a-b_c.d~9", "COf%2Bq%3D", "%E2%82%AC", "%20%25"] {
            assert!(matches!(normalize(normal.as_bytes()), Cow::Borrowed(text) if text == normal), "{normal}");
        }
        for (arrived, normal) in [
            ("%2b", "%2B"),
            ("%41%7E", "A~"),
            ("a b", "a%20b"),
            ("a+b", "a%2Bb"),
            ("100%", "100%25"),
            ("%4", "%254"),
            ("%zz", "%25zz"),
            ("€", "%E2%82%AC"),
        ] {
            assert_eq!(normalize(arrived.as_bytes()), normal, "{arrived}");
        }
        assert_eq!(normalize(b"\xff%FF"), "%FF%FF");
    }

    #[test]
    fn every_escape_is_kept_or_undone_as_its_byte_is_encoded() {
        for byte in 0..=u8::MAX {
            let normal: String = percent_encode(&[byte], ESCAPED).collect();
            for arrived in [format!("%{byte:02X}"), format!("%{byte:02x}")] {
                assert_eq!(normalize(arrived.as_bytes()), normal);
            }
        }
    }
}
