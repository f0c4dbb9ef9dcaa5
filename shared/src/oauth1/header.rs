use super::encode::normalize;
use super::{Param, Source};

/// The part of an `Authorization` header behind `OAuth`, if it is one.
pub(super) fn oauth_part(authorization: &str) -> Option<&str> {
    let header = authorization.trim_start();
    let (scheme, rest) = header.split_once([' ', '\t']).unwrap_or((header, ""));
    scheme.eq_ignore_ascii_case("OAuth").then_some(rest)
}

/// Reads the parameters behind `OAuth` (RFC 5849 §3.5.1), without `realm`.
/// `None` where they are not `name="value"`, separated by commas.
pub(super) fn read_parameters(part: &str) -> Option<Vec<Param<'_>>> {
    let mut params = Vec::new();
    let mut rest = part;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Some(params);
        }
        let (name, behind) = rest.split_once('=')?;
        let (value, behind) = read_value(behind.trim_start())?;
        let behind = behind.trim_start();
        if !behind.is_empty() && !behind.starts_with(',') {
            return None;
        }
        rest = behind;
        let name = name.trim();
        if !name.eq_ignore_ascii_case("realm") {
            let (name, value) = (normalize(name.as_bytes()), normalize(value.as_bytes()));
            params.push(Param { name, value, source: Source::Header });
        }
    }
}

/// Splits a quoted or a bare value from what follows it.
fn read_value(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix('"') {
        // Percent-encoded, so that no quote can be inside; only a realm could have an escaped one.
        Some(quoted) => quoted.split_once('"'),
        None => {
            let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
            text.split_at_checked(end)
        }
    }
}
