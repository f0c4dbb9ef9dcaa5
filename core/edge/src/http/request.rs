//! A request to the portal API or to an endpoint of the protocol.

use gatehouse_domain::settings::KeptAddress;
use std::net::IpAddr;

/// The largest body that a portal call may have, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;

/// The largest page of a restore, in bytes.
pub(super) const STORAGE_BODY_LIMIT: usize = 16 * 1024 * 1024;

/// A request's body, read up to [`Isolate::body_limit`](crate::isolate::Isolate::body_limit).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Read(Vec<u8>),
    TooLarge,
}

/// A request to the portal API or the token endpoint.
#[derive(Debug, Clone)]
pub struct Request {
    /// Upper case.
    pub method: String,
    /// Absolute.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Body,
    /// The client's address; `None` where nobody tells it.
    pub address: Option<String>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn head(&self) -> gatehouse_domain::request::RequestHead<'_> {
        gatehouse_domain::request::RequestHead { method: &self.method, url: &self.url, authorization: None }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        self.head().origin()
    }

    pub fn path(&self) -> &str {
        self.head().path()
    }

    /// The decoded value of a query parameter.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.url.split_once('?')?;
        let query = query.split('#').next().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// Whether the body is `application/x-www-form-urlencoded`.
    pub fn is_form(&self) -> bool {
        let essence = self.header("content-type").and_then(|value| value.split(';').next()).unwrap_or_default();
        essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }

    /// The decoded value of a parameter in the form body, else in the query.
    pub fn form_or_query(&self, name: &str) -> Option<String> {
        let in_form = match &self.body {
            Body::Read(bytes) if self.is_form() => {
                form_urlencoded::parse(bytes).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
            }
            _ => None,
        };
        in_form.or_else(|| self.query(name))
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let pairs = self.header("cookie")?.split(';');
        pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The client's address, or the text that is none.
    fn address(&self) -> Option<Result<IpAddr, &str>> {
        let text = self.address.as_deref()?;
        Some(text.parse::<IpAddr>().map(|address| address.to_canonical()).map_err(|_| text))
    }

    /// The client's address, as far as it is kept.
    pub fn kept_address(&self, kept: KeptAddress) -> Option<String> {
        let address = self.address()?.ok()?;
        match (kept, address) {
            (KeptAddress::Nothing, _) => None,
            (KeptAddress::Full, address) => Some(address.to_string()),
            (KeptAddress::Shortened, IpAddr::V4(address)) => {
                let [a, b, c, _] = address.octets();
                Some(format!("{a}.{b}.{c}.0/24"))
            }
            (KeptAddress::Shortened, IpAddr::V6(address)) => {
                let [a, b, c, ..] = address.segments();
                Some(format!("{a:x}:{b:x}:{c:x}::/48"))
            }
        }
    }

    /// The client, for counting: its address, or for IPv6 its /64, which one
    /// customer has to themselves. `None` where nobody tells the address.
    pub fn client(&self) -> Option<String> {
        match self.address()? {
            Ok(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                Some(format!("{a:x}:{b:x}:{c:x}:{d:x}::/64"))
            }
            Ok(address) => Some(address.to_string()),
            Err(text) => Some(text.to_owned()),
        }
    }

    /// The network that an IPv6 client is in, for counting: its /48, of which
    /// one customer may have all 65,536 /64s. `None` for IPv4.
    pub fn network(&self) -> Option<String> {
        match self.address()? {
            Ok(IpAddr::V6(address)) => {
                let [a, b, c, ..] = address.segments();
                Some(format!("{a:x}:{b:x}:{c:x}::/48"))
            }
            _ => None,
        }
    }
}
