//! Checks usernames, e-mail addresses and passwords.

use super::Violation;

/// 3 to 20 ASCII letters, digits or underscores; compared without case.
pub fn username(text: &str) -> Result<String, Violation> {
    let name = text.trim();
    if name.is_empty() {
        return Err(Violation::new("required", "Enter a username."));
    }
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Err(Violation::new("characters", "Use only letters from a to z, digits, and underscores."));
    }
    if name.len() < 3 {
        return Err(Violation::new("too-short", "Use at least 3 characters."));
    }
    if name.len() > 20 {
        return Err(Violation::new("too-long", "Use at most 20 characters."));
    }
    Ok(name.to_owned())
}

/// One `@`, a local part of up to 64 characters and a domain with a dot, 254
/// characters in all (RFC 5321 §4.5.3.1).
pub fn email(text: &str) -> Result<String, Violation> {
    let address = text.trim();
    if address.is_empty() {
        return Err(Violation::new("required", "Enter an email address."));
    }
    if address.len() > 254 {
        return Err(Violation::new("too-long", "Use at most 254 characters."));
    }
    let form = Violation::new("email", "Enter an email address, such as name@example.com.");
    let Some((local, domain)) = address.rsplit_once('@') else { return Err(form) };
    let visible = !address.chars().any(super::invisible::is_invisible) && !domain.ends_with('.');
    let local_fits = (1..=64).contains(&local.len())
        && local.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"@<>()[],;:\\\"".contains(c))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    if visible && local_fits && domain.contains('.') && super::url::is_domain(domain) {
        Ok(address.to_owned())
    } else {
        Err(form)
    }
}

/// 12 to 256 characters, any character, and not an obvious one
/// (NIST SP 800-63B §5.1.1.2). Kept as typed.
pub fn password(text: &str, username: &str, email: &str) -> Result<String, Violation> {
    let length = text.chars().count();
    if length == 0 {
        return Err(Violation::new("required", "Enter a password."));
    }
    if length < 12 {
        return Err(Violation::new("too-short", "Use at least 12 characters. A few random words work well."));
    }
    if length > 256 {
        return Err(Violation::new("too-long", "Use at most 256 characters."));
    }
    let lower = text.to_lowercase();
    let repeats = lower.chars().collect::<std::collections::BTreeSet<_>>().len() < 4;
    let local = email.split('@').next().unwrap_or_default();
    let names = [username, local].into_iter().any(|name| {
        let name = name.to_lowercase();
        name.len() >= 3 && lower.replace(&name, "").chars().count() < 6
    });
    if repeats || names || OBVIOUS.iter().any(|word| lower.replace(word, "").chars().count() < 4) {
        return Err(Violation::new("guessable", "This password is easy to guess. Choose a different one."));
    }
    Ok(text.to_owned())
}

/// What most leaked passwords of 12 and more characters are built from.
const OBVIOUS: [&str; 9] = [
    "password",
    "123456789",
    "qwertyuiop",
    "1q2w3e4r5t",
    "letmein",
    "iloveyou",
    "abcdefghij",
    "administrator",
    "welcome",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn rule<T>(result: Result<T, Violation>) -> &'static str {
        result.err().map_or("none", |violation| violation.rule)
    }

    #[test]
    fn usernames() {
        for (text, expected) in [
            ("alice", "none"),
            ("Al_1", "none"),
            ("", "required"),
            ("ab", "too-short"),
            ("a-b-c", "characters"),
            ("Ålice", "characters"),
            ("abcdefghijklmnopqrstu", "too-long"),
        ] {
            assert_eq!(rule(username(text)), expected, "{text}");
        }
    }

    #[test]
    fn email_addresses() {
        for good in ["a@example.com", "a.b+c@sub.example.org", "o'hara@example.ie", "ü@example.com"] {
            assert_eq!(rule(email(good)), "none", "{good}");
        }
        for bad in [
            "a",
            "a@b",
            "@example.com",
            "a@@example.com",
            "a b@example.com",
            "a@example..com",
            ".a@example.com",
            "a@-x.com",
            "a@example.com.",
            "a\u{2060}@example.com",
        ] {
            assert_eq!(rule(email(bad)), "email", "{bad}");
        }
    }

    #[test]
    fn passwords() {
        for (text, expected) in [
            ("correct horse battery", "none"),
            ("short", "too-short"),
            ("aaaaaaaaaaaaaaaa", "guessable"),
            ("password1234", "none"),
            ("password123", "too-short"),
            ("passwordpassword", "guessable"),
            ("alicealice123", "guessable"),
        ] {
            assert_eq!(rule(password(text, "alice", "alice@example.com")), expected, "{text}");
        }
    }
}
