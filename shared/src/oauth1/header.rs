//! Reads the `Authorization` header of a signed request.

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
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        return text.split_at_checked(end);
    };
    // Parameters of the protocol are percent-encoded; a realm may have a quote in it, behind a backslash
    // (RFC 9110 §5.6.4).
    let mut end = quoted.find('"')?;
    while is_escaped(quoted.get(..end)?) {
        end += 1 + quoted.get(end + 1..)?.find('"')?;
    }
    Some((quoted.get(..end)?, quoted.get(end + 1..)?))
}

/// Whether what follows is the second half of a quoted pair.
fn is_escaped(before: &str) -> bool {
    before.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(part: &str) -> Option<Vec<String>> {
        let params = read_parameters(part)?;
        Some(params.into_iter().map(|param| format!("{}={}", param.name, param.value)).collect())
    }

    #[test]
    fn a_quoted_pair_in_the_realm_does_not_end_it() {
        for realm in [r#""say \"hi\"""#, r#""\"""#, r#""a\\""#, r#""\\\"""#, r#""""#, r#""x, oauth_token=\"y\"""#] {
            let part = format!(r#"realm={realm}, oauth_nonce="n""#);
            assert_eq!(names(&part), Some(vec!["oauth_nonce=n".to_owned()]), "{part}");
        }
        for realm in [r#""a\""#, r#""a"b""#, r#""\\"x""#] {
            assert_eq!(names(&format!(r#"realm={realm}, oauth_nonce=n"#)), None, "{realm}");
        }
    }
}
