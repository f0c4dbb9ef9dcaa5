//! Checks URLs that developers enter.

use super::scheme::is_forbidden;
use super::{Rules, Violation};
use std::net::{Ipv4Addr, Ipv6Addr};

const MOST_CALLBACKS: usize = 10;
const LONGEST: usize = 2048;

/// An absolute http(s) URL on a public-looking host.
pub fn website_url(text: &str) -> Result<String, Violation> {
    let url = text.trim();
    if url.is_empty() {
        return Err(Violation::new("required", "Enter a website address, such as https://example.com."));
    }
    let parts = parse(url)?;
    if parts.scheme != "http" && parts.scheme != "https" {
        return Err(Violation::new("scheme", "Start the address with https:// or http://."));
    }
    match parts.host {
        Some(host) if is_public(host) => Ok(url.to_owned()),
        _ => Err(Violation::new("public-host", "Use an address that others can reach, such as https://example.com.")),
    }
}

/// As [`website_url`], or empty.
pub fn optional_url(text: &str) -> Result<String, Violation> {
    if text.trim().is_empty() { Ok(String::new()) } else { website_url(text) }
}

/// An absolute URL to which a grant's answer may be sent: https with a host,
/// http on the user's own machine (elsewhere only where the deployment allows
/// it: RFC 9700 §2.6), or a custom scheme that no browser or operating system
/// gives a meaning to. No fragment (RFC 6749 §3.1.2).
pub fn callback_url(text: &str, rules: &Rules) -> Result<String, Violation> {
    let url = text.trim();
    if url.is_empty() {
        return Err(Violation::new("required", "Enter a callback URL, or remove the line."));
    }
    let Parts { scheme, host } = parse(url)?;
    if is_forbidden(&scheme) {
        let message = format!(
            "A callback can't use the scheme “{scheme}”. Use https, or a scheme of your own such as com.example.app."
        );
        return Err(Violation::new("scheme", message));
    }
    if url.contains('#') {
        let message = "Remove “#” and everything after it. Callback URLs can't have a fragment.";
        return Err(Violation::new("fragment", message));
    }
    match (scheme.as_str(), host) {
        ("http" | "https", None) => Err(Violation::new("host", "Add a host, such as https://example.com/callback.")),
        ("http", Some(host)) if !rules.http_callbacks && !is_loopback(host) => Err(Violation::new(
            "https",
            "Use https. Plain http is for an app on the user's own machine: http://127.0.0.1, http://[::1] or \
             http://localhost.",
        )),
        _ => Ok(url.to_owned()),
    }
}

/// At most ten callback URLs, none twice; errors come with their index.
pub fn callback_urls(urls: &[String], rules: &Rules) -> Result<Vec<String>, Vec<(Option<usize>, Violation)>> {
    if urls.len() > MOST_CALLBACKS {
        let message = format!("Register at most {MOST_CALLBACKS} callback URLs.");
        return Err(vec![(None, Violation::new("too-many", message))]);
    }
    let mut kept: Vec<String> = Vec::with_capacity(urls.len());
    let mut errors = Vec::new();
    for (index, url) in urls.iter().enumerate() {
        match callback_url(url, rules) {
            Ok(url) if kept.contains(&url) => {
                errors.push((Some(index), Violation::new("duplicate", "This callback URL is already in the list.")));
            }
            Ok(url) => kept.push(url),
            Err(violation) => errors.push((Some(index), violation)),
        }
    }
    if errors.is_empty() { Ok(kept) } else { Err(errors) }
}

/// Whether a host is the machine of whoever asks (RFC 8252 §7.3). So is every name below `localhost`, to browsers and by
/// RFC 6761 §6.3.
fn is_loopback(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    last.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || ipv6(host).is_some_and(|address| address.is_loopback())
}

struct Parts<'a> {
    scheme: String,
    /// Without port and brackets; `None` where the URL has no authority.
    host: Option<&'a str>,
}

/// Splits an absolute URL (RFC 3986 §3) that is printable ASCII and names nobody.
fn parse(url: &str) -> Result<Parts<'_>, Violation> {
    if url.len() > LONGEST {
        return Err(Violation::new("too-long", format!("Use at most {LONGEST} characters.")));
    }
    let absolute = || Violation::new("absolute-url", "Enter a full address, such as https://example.com.");
    let (scheme, rest) = url.split_once(':').ok_or_else(absolute)?;
    let scheme_fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    if !scheme_fits || rest.is_empty() {
        return Err(absolute());
    }
    if !url.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b)) {
        return Err(Violation::new(
            "characters",
            "Use only characters that are allowed in URLs. Percent-encode any others, and write the host name in \
             Punycode.",
        ));
    }
    let escapes_fit = url
        .split('%')
        .skip(1)
        .all(|rest| rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)));
    if !escapes_fit {
        return Err(Violation::new("characters", "Follow each “%” with two hexadecimal digits, or write it as %25."));
    }
    let scheme = scheme.to_ascii_lowercase();
    let Some(after) = rest.strip_prefix("//") else {
        // `localhost:3000/callback` would otherwise read as a scheme.
        let looks_like_port = rest.starts_with(|c: char| c.is_ascii_digit());
        return if looks_like_port { Err(absolute()) } else { Ok(Parts { scheme, host: None }) };
    };
    let authority = after.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(Violation::new("user-info", "Remove the user name and password from the address."));
    }
    let (host, port) = split_port(authority);
    let port_fits = port
        .is_none_or(|port| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0));
    if !port_fits {
        return Err(Violation::new("port", "Use a port from 1 to 65535, or none."));
    }
    if matches!(scheme.as_str(), "http" | "https") && !is_host(host) {
        return Err(Violation::new("host", "Check the host name in this address."));
    }
    Ok(Parts { scheme, host: Some(host).filter(|host| !host.is_empty()) })
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    if authority.starts_with('[') {
        return match authority.split_once(']') {
            // The brackets stay: they tell an IPv6 address from a name.
            Some((host, "")) => (authority.get(..=host.len()).unwrap_or_default(), None),
            Some((host, port)) => {
                (authority.get(..=host.len()).unwrap_or_default(), Some(port.strip_prefix(':').unwrap_or("x")))
            }
            None => ("", None),
        };
    }
    match authority.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    }
}

fn is_host(host: &str) -> bool {
    if ipv6(host).is_some() {
        return true;
    }
    // A name that ends in a number is an IPv4 address to browsers (WHATWG URL §3.5), in more spellings than one.
    is_domain(host) && (!ends_in_number(host) || host.parse::<Ipv4Addr>().is_ok())
}

fn ipv6(host: &str) -> Option<Ipv6Addr> {
    host.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

fn ends_in_number(host: &str) -> bool {
    let last = host.strip_suffix('.').unwrap_or(host).rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    hexadecimal.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
        || (!last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether `name` is a DNS name in ASCII (RFC 1123 §2.1), or an IPv4 address.
pub(super) fn is_domain(name: &str) -> bool {
    let labels = name.strip_suffix('.').unwrap_or(name);
    !labels.is_empty()
        && labels.len() <= 253
        && labels.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

fn is_public(host: &str) -> bool {
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        let [a, b, c, _] = address.octets();
        let shared = a == 100 && (64..128).contains(&b);
        let benchmarks = a == 198 && (b == 18 || b == 19);
        let protocols = a == 192 && b == 0 && c == 0;
        return !(address.is_private()
            || address.is_loopback()
            || address.is_link_local()
            || address.is_documentation()
            || shared
            || benchmarks
            || protocols
            || a == 0
            || a >= 224);
    }
    if let Some(address) = ipv6(host) {
        // Global unicast is 2000::/3 (RFC 4291 §2.4), less documentation and what embeds IPv4.
        let [a, b, ..] = address.segments();
        return a & 0xe000 == 0x2000 && a != 0x2002 && !(a == 0x2001 && (b == 0 || b == 0xdb8));
    }
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && last.bytes().any(|b| b.is_ascii_alphabetic())
        && ![
            "localhost",
            "local",
            "internal",
            "lan",
            "home",
            "corp",
            "onion",
            "test",
            "example",
            "invalid",
            "localdomain",
        ]
        .contains(&last)
        && !host.ends_with("home.arpa")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule<T>(result: Result<T, Violation>) -> &'static str {
        result.err().map_or("none", |violation| violation.rule)
    }

    #[test]
    fn a_website_is_an_http_address_on_a_public_host() {
        for (url, expected) in [
            ("https://example.com", "none"),
            ("http://sub.example.co.uk:8080/a?b=c#d", "none"),
            ("https://93.184.216.34/", "none"),
            ("", "required"),
            ("example.com", "absolute-url"),
            ("ftp://example.com", "scheme"),
            ("https://localhost", "public-host"),
            ("https://intranet", "public-host"),
            ("https://127.0.0.1", "public-host"),
            ("https://10.1.2.3", "public-host"),
            ("https://[::1]/", "public-host"),
            ("https://printer.local", "public-host"),
            ("https://1.2.3", "host"),
            ("https://127.0.0.0x1/", "host"),
            ("https://2130706433/", "host"),
            ("https://100.64.0.1/", "public-host"),
            ("https://239.1.2.3/", "public-host"),
            ("https://[::ffff:127.0.0.1]/", "public-host"),
            ("https://[64:ff9b::7f00:1]/", "public-host"),
            ("https://[2002:7f00:1::]/", "public-host"),
            ("https://[2606:4700::1111]/", "none"),
            ("https://[2606:4700::1111]garbage/", "port"),
            ("https://[example.com]/", "host"),
            ("https://2606:4700::1111/", "host"),
            ("https://example.com:+80/", "port"),
            ("https://example.com/%zz", "characters"),
            ("https://example.com/%7", "characters"),
            ("https://example.com/%7E", "none"),
            ("https://user@example.com", "user-info"),
            ("https://example.com:0", "port"),
            ("https://exa mple.com", "characters"),
            ("https://-example.com", "host"),
            ("https://", "host"),
            ("javascript:alert(1)", "scheme"),
        ] {
            assert_eq!(rule(website_url(url)), expected, "{url}");
        }
    }

    #[test]
    fn a_callback_is_absolute_and_harmless() {
        for (url, expected) in [
            ("https://example.com/callback", "none"),
            ("http://127.0.0.1:3000/cb", "none"),
            ("http://localhost:3000/cb?x=1", "none"),
            ("http://[::1]:3000/cb", "none"),
            ("myapp://callback", "none"),
            ("com.example.app:/oauth", "none"),
            ("", "required"),
            ("localhost:3000/cb", "absolute-url"),
            ("/callback", "absolute-url"),
            ("JavaScript:alert(1)", "scheme"),
            ("data:text/html,x", "scheme"),
            ("https://example.com/#x", "fragment"),
            ("https://example.com:99999/", "port"),
            ("https:///path", "host"),
        ] {
            assert_eq!(rule(callback_url(url, &Rules::default())), expected, "{url}");
        }
    }

    #[test]
    fn a_plain_http_callback_is_for_loopback_unless_the_deployment_allows_it_elsewhere() {
        let anywhere = Rules { http_callbacks: true, ..Rules::default() };
        for (url, by_default) in [
            ("http://example.com/cb", "https"),
            ("HTTP://example.com/cb", "https"),
            ("http://localhost.example.com/cb", "https"),
            ("http://10.0.0.1/cb", "https"),
            ("http://127.0.0.1.nip.io/cb", "https"),
            ("http://127.8.9.1:3000/cb", "none"),
            ("http://LOCALHOST/cb", "none"),
            ("http://app.localhost:3000/cb", "none"),
            ("http://app.notlocalhost/cb", "https"),
            ("https://example.com/cb", "none"),
        ] {
            assert_eq!(rule(callback_url(url, &Rules::default())), by_default, "{url}");
            assert_eq!(rule(callback_url(url, &anywhere)), "none", "{url}");
        }
    }

    #[test]
    fn what_is_no_address_at_all_is_told_so_before_its_characters() {
        for text in ["not a url", "exämple.com", "example .com/x", "://x", "1http://x"] {
            assert_eq!(rule(website_url(text)), "absolute-url", "{text}");
        }
        assert_eq!(rule(website_url("https://exämple.com")), "characters");
    }

    #[test]
    fn callbacks_are_ten_at_most_and_none_twice() {
        let eleven: Vec<String> = (0..11).map(|n| format!("https://example.com/{n}")).collect();
        assert_eq!(callback_urls(&eleven, &Rules::default()).unwrap_err()[0].1.rule, "too-many");
        let twice = ["https://a.example/x".to_owned(), "https://a.example/x".to_owned()];
        let errors = callback_urls(&twice, &Rules::default()).unwrap_err();
        assert_eq!((errors[0].0, errors[0].1.rule), (Some(1), "duplicate"));
    }
}
