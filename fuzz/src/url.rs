//! The rules for callback URLs.

use gatehouse_shared::validate::{Rules, callback_url};
use std::net::{Ipv4Addr, Ipv6Addr};
use url::{Host, ParseError, Url};

/// A callback that is taken is one to browsers too. They read the same scheme,
/// and the same host where it is http or https. It runs no code, and plain http
/// does not leave the user's machine.
pub fn callback(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(kept) = callback_url(text, &Rules::default()) else { return };
    assert_eq!(callback_url(&kept, &Rules::default()).as_deref(), Ok(kept.as_str()), "is kept in another way");
    let lower = kept.to_ascii_lowercase();
    let web_host = if lower.starts_with("http:") || lower.starts_with("https:") { host_of(&lower) } else { None };
    let url = match (Url::parse(&kept), web_host) {
        (Ok(url), _) => url,
        // Punycode that IDNA forbids: no browser goes there.
        (Err(ParseError::IdnaError), Some(host)) if host.split('.').any(|label| label.starts_with("xn--")) => return,
        (Err(error), Some(_)) => panic!("is no URL to browsers: {error}: {kept}"),
        // Under a scheme of its own, a URL that browsers can't read leads nowhere.
        (Err(_), None) => return,
    };
    assert!(lower.starts_with(&format!("{}:", url.scheme())), "has another scheme: {url}");
    assert!(!["javascript", "data", "file", "vbscript", "blob"].contains(&url.scheme()), "{url}");
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none(), "{url}");
    if matches!(url.scheme(), "http" | "https") {
        let host = web_host.unwrap_or_default();
        let is_same = match url.host() {
            Some(Host::Domain(name)) => name == host,
            Some(Host::Ipv4(address)) => host.parse::<Ipv4Addr>().is_ok_and(|read| read == address),
            Some(Host::Ipv6(address)) => {
                host.trim_matches(['[', ']']).parse::<Ipv6Addr>().is_ok_and(|read| read == address)
            }
            None => false,
        };
        assert!(is_same, "has another host than “{host}”: {url}");
    }
    if url.scheme() == "http" {
        let is_loopback = match url.host() {
            // Browsers resolve these to the machine itself (RFC 6761 §6.3).
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        assert!(is_loopback, "{url} is not loopback");
    }
}

/// What stands between `//` and the port or path. An IPv6 address keeps its
/// brackets.
fn host_of(url: &str) -> Option<&str> {
    let (_, after) = url.split_once("://")?;
    let authority = after.split(['/', '?', '#']).next()?;
    let end = match authority.find(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    authority.get(..end)
}
