//! OAuth 1.0a requests (RFC 5849): reading, verifying and explaining them.
//!
//! Parameters are kept percent-encoded in one normal form, so that bytes that
//! are no UTF-8 stay what they are.

mod base_string;
mod client;
mod encode;
mod explain;
mod header;
mod method;
mod read;
mod signature;
mod verify;

pub use client::ClientCredentials;
pub use explain::{Explanation, Fault, SignedOver, explain};
pub use method::SignatureMethod;
pub use read::{Peeked, ReadError, Received, SignedRequest, peek, read};
pub use signature::sign;

use encode::decode;
use std::borrow::Cow;

/// Where a parameter came with the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Header,
    Query,
    Form,
}

/// A parameter, its name and value percent-encoded as in RFC 5849 §3.6. Most
/// arrive so, and are not copied.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Param<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
    source: Source,
}

impl<'a> Param<'a> {
    /// Whether it is of the protocol, and not of the API.
    fn is_protocol(&self) -> bool {
        self.name.starts_with("oauth_")
    }

    /// The value as whoever sent it means it.
    fn decoded(&self) -> Cow<'a, str> {
        match &self.value {
            Cow::Borrowed(value) => decode(value),
            Cow::Owned(value) => Cow::Owned(decode(value).into_owned()),
        }
    }
}
