//! The rules for callback URLs.

use gatehouse_shared::validate::{Rules, callback_url};
use url::{Host, Url};

/// A callback that is taken is one to browsers too: they read the same scheme
/// and host, and neither runs code nor leaves the user's machine in clear text.
pub fn callback(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(kept) = callback_url(text, &Rules::default()) else { return };
    assert_eq!(callback_url(&kept, &Rules::default()).as_deref(), Ok(kept.as_str()), "is kept in another way");
    let url = match Url::parse(&kept) {
        Ok(url) => url,
        // A host that only IDNA forbids; no browser goes there.
        Err(_) => return,
    };
    assert!(kept.to_ascii_lowercase().starts_with(&format!("{}:", url.scheme())), "has another scheme: {url}");
    assert!(!["javascript", "data", "file", "vbscript", "blob"].contains(&url.scheme()), "{url}");
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none(), "{url}");
    if matches!(url.scheme(), "http" | "https") {
        assert!(url.host_str().is_some_and(|host| !host.is_empty()), "{url}");
    }
    if url.scheme() == "http" {
        let is_loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        assert!(is_loopback, "{url} is not loopback");
    }
}
