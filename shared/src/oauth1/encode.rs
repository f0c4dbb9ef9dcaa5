use super::{Param, Source};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};

/// All but the unreserved characters of RFC 3986 §2.3, as RFC 5849 §3.6 asks.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn is_unreserved(byte: &u8) -> bool {
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
pub(super) fn decode(text: &str) -> String {
    percent_decode(text.as_bytes()).decode_utf8_lossy().into_owned()
}

/// Brings percent-encoded bytes into the one form in which we keep them.
pub(super) fn normalize(bytes: &[u8]) -> String {
    // Most parameters are in it already.
    if bytes.iter().all(is_unreserved) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let decoded: Vec<u8> = percent_decode(bytes).collect();
    percent_encode(&decoded, ESCAPED).collect()
}

/// Reads `application/x-www-form-urlencoded` bytes, in order.
pub(super) fn read_form(bytes: &[u8], source: Source) -> impl Iterator<Item = Param> + '_ {
    bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(move |pair| {
        let spaced: Vec<u8> = pair.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        let at = spaced.iter().position(|byte| *byte == b'=').unwrap_or(spaced.len());
        let value = spaced.get(at + 1..).unwrap_or_default();
        Param { name: normalize(&spaced[..at]), value: normalize(value), source }
    })
}
