//! Prefix, kind and checksum: what stands around the body of a credential.

use super::base62::{decode_u64, encode_u64, is_base62};

/// Digits of the CRC32 at the end: 62^6 > 2^32.
pub(super) const CHECKSUM_CHARS: usize = 6;

/// Why a text is not a credential of the expected kind. It never holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    #[error("the credential starts with another prefix or kind")]
    Prefix,
    #[error("the credential has another length")]
    Length,
    #[error("the credential has a character outside 0-9, A-Z and a-z")]
    Alphabet,
    #[error("the credential's checksum does not match: it was mistyped or cut")]
    Checksum,
    #[error("the credential names no possible App")]
    AppId,
    #[error("the credential names no possible user")]
    UserId,
}

/// The regular expression that finds a credential of that kind.
pub(super) fn pattern(prefix: &str, kind: &str, body: usize) -> String {
    format!("\\b{prefix}_{kind}_[0-9A-Za-z]{{{}}}\\b", body + CHECKSUM_CHARS)
}

/// Writes a credential around its body.
pub(super) fn seal(prefix: &str, kind: &str, body: &str) -> String {
    with_checksum(format!("{prefix}_{kind}_{body}"))
}

/// Ends a text with its checksum.
pub(super) fn with_checksum(text: String) -> String {
    let checksum = crc32fast::hash(text.as_bytes());
    text + &encode_u64(u64::from(checksum), CHECKSUM_CHARS)
}

/// Gives the body of a credential whose prefix, length, alphabet and checksum fit.
pub(super) fn unseal<'a>(prefix: &str, kind: &str, body_chars: usize, text: &'a str) -> Result<&'a str, FormatError> {
    let rest = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(FormatError::Prefix)?;
    let rest = rest.strip_prefix(kind).and_then(|rest| rest.strip_prefix('_')).ok_or(FormatError::Prefix)?;
    check_body(text, rest, body_chars)
}

/// Gives `rest`, the end of `text`, without the checksum that it must end with.
pub(super) fn check_body<'a>(text: &str, rest: &'a str, body_chars: usize) -> Result<&'a str, FormatError> {
    if !is_base62(rest) {
        return Err(FormatError::Alphabet);
    }
    if rest.len() != body_chars + CHECKSUM_CHARS {
        return Err(FormatError::Length);
    }
    let (body, checksum) = rest.split_at(body_chars);
    let sealed = text.strip_suffix(checksum).ok_or(FormatError::Length)?;
    if decode_u64(checksum) != Some(u64::from(crc32fast::hash(sealed.as_bytes()))) {
        return Err(FormatError::Checksum);
    }
    Ok(body)
}
