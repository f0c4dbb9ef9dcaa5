//! Finding out what a wrong signature was made over.

use super::Source;
use super::base_string::{Parts, normal_origin};
use super::encode::{decode, encode};
use super::read::{Received, SignedRequest};
use std::borrow::Cow;

/// What clients get wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Signed for this origin, which is none of the API's.
    OtherOrigin(String),
    SchemeOrPort,
    TrailingSlash,
    BodyNotSigned,
    QueryNotSigned,
    NotSorted,
    SpaceAsPlus,
    EncodedTwice,
    NotEncoded,
    /// Signed for this method.
    OtherMethod(String),
    NoTokenSecret,
    NoConsumerSecret,
    SecretsSwapped,
    KeyAsSecret,
    OtherHashFunction,
}

impl Fault {
    /// What to do about it.
    pub fn text(&self) -> String {
        let text = match self {
            Self::OtherOrigin(origin) => {
                return format!("The request was signed for {origin}. Sign the address that it is sent to.");
            }
            Self::OtherMethod(method) => {
                return format!("The request was signed with the method {method}. Sign the one that is sent.");
            }
            Self::SchemeOrPort => "Scheme or port were signed wrongly. Leave out only the default port.",
            Self::TrailingSlash => "The slash at the path's end differs between what was signed and what was sent.",
            Self::BodyNotSigned => "The parameters of the form body were not signed. Sign them with the others.",
            Self::QueryNotSigned => "The parameters of the query were not signed. Sign them with the others.",
            Self::NotSorted => "The parameters were signed in another order. Sort them by encoded name, then value.",
            Self::SpaceAsPlus => "A space was signed as “+”. Encode it as %20.",
            Self::EncodedTwice => "Parameters were percent-encoded once more than they should be.",
            Self::NotEncoded => "Parameters were not percent-encoded before they were joined.",
            Self::NoTokenSecret => "The Access Token Secret was left out of the signing key.",
            Self::NoConsumerSecret => "The API Key Secret was left out of the signing key.",
            Self::SecretsSwapped => "The two secrets were swapped: the API Key Secret comes first.",
            Self::KeyAsSecret => "The API Key was used in the place of its Secret.",
            Self::OtherHashFunction => "Another hash function was used than oauth_signature_method names.",
        };
        text.to_owned()
    }
}

/// What a wrong signature was made over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOver {
    pub fault: Fault,
    pub base_string: String,
    /// The first byte at which it differs from what was expected; `None` where
    /// the fault is in the key.
    pub parts_at: Option<usize>,
}

/// What should have been signed, and what was, where one of the known faults
/// explains the signature. No secret is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    pub expected: String,
    pub signed: Option<SignedOver>,
}

/// What is explained: more parameters, or longer ones, than people sign by hand.
const MOST_EXPLAINED: usize = 64;
const LONGEST_EXPLAINED: usize = 16 * 1024;

impl SignedRequest<'_> {
    /// Whether a wrong signature of it is cheap to explain.
    pub fn is_short(&self) -> bool {
        let length = |param: &super::Param<'_>| param.name.len() + param.value.len();
        self.params.len() <= MOST_EXPLAINED
            && self.path.len() + self.params.iter().map(length).sum::<usize>() <= LONGEST_EXPLAINED
    }
}

/// Explains a signature that does not fit, by making it with each known fault.
/// Some twenty HMACs: only for a short request whose key and token are genuine.
pub fn explain(
    request: &SignedRequest<'_>,
    received: &Received<'_>,
    origin: &str,
    other_origins: &[&str],
    consumer_secret: &str,
    token_secret: &str,
) -> Explanation {
    let right = Parts::new(request, origin);
    let expected = right.write();
    let over = |fault: Fault, base_string: &str| {
        let differs = expected.bytes().zip(base_string.bytes()).position(|(ours, theirs)| ours != theirs);
        let is_same = expected == base_string;
        let parts_at = (!is_same).then(|| differs.unwrap_or(expected.len().min(base_string.len())));
        SignedOver { fault, base_string: base_string.to_owned(), parts_at }
    };
    let by_string = wrong_strings(&right, received, other_origins).into_iter().find_map(|(fault, parts)| {
        let base_string = parts.write();
        request
            .fits_as(request.signature_method, &base_string, consumer_secret, token_secret)
            .then(|| over(fault, &base_string))
    });
    let by_key = || {
        let method = request.signature_method;
        [
            (Fault::NoTokenSecret, method, consumer_secret, ""),
            (Fault::NoConsumerSecret, method, "", token_secret),
            (Fault::SecretsSwapped, method, token_secret, consumer_secret),
            (Fault::KeyAsSecret, method, request.consumer_key.as_ref(), token_secret),
            (Fault::OtherHashFunction, method.other(), consumer_secret, token_secret),
        ]
        .into_iter()
        .find(|(_, method, first, second)| request.fits_as(*method, &expected, first, second))
        .map(|(fault, ..)| over(fault, &expected))
    };
    let signed = by_string.or_else(by_key);
    Explanation { expected, signed }
}

/// The base strings that clients make by mistake.
fn wrong_strings<'a>(right: &Parts<'a>, received: &Received<'_>, other_origins: &[&'a str]) -> Vec<(Fault, Parts<'a>)> {
    let mut wrong: Vec<(Fault, Parts<'a>)> = Vec::new();
    let with_origin = |origin: String| Parts { origin: Cow::Owned(origin), ..right.clone() };
    for other in other_origins.iter().map(|origin| normal_origin(origin)).filter(|other| *other != right.origin) {
        wrong.push((Fault::OtherOrigin(other.to_string()), Parts { origin: other, ..right.clone() }));
    }
    if let Some((scheme, host)) = right.origin.split_once("://") {
        let other_scheme = if scheme == "http" { "https" } else { "http" };
        let (bare, port) = host.rsplit_once(':').map_or((host, None), |(bare, port)| (bare, Some(port)));
        let port = port.unwrap_or(if scheme == "http" { "80" } else { "443" });
        for origin in [
            format!("{other_scheme}://{host}"),
            format!("{scheme}://{bare}"),
            format!("{scheme}://{bare}:{port}"),
            format!("{other_scheme}://{bare}"),
        ] {
            wrong.push((Fault::SchemeOrPort, with_origin(origin)));
        }
    }
    let path = match right.path.strip_suffix('/') {
        Some(path) => path.to_owned(),
        None => format!("{}/", right.path),
    };
    wrong.push((Fault::TrailingSlash, Parts { path: Cow::Owned(path), ..right.clone() }));
    let without = |source: Source| {
        let mut parts = right.clone();
        parts.params.retain(|(from, name, _)| *from != source || name.starts_with("oauth_"));
        parts
    };
    if received.form.is_some() {
        wrong.push((Fault::BodyNotSigned, without(Source::Form)));
    }
    wrong.push((Fault::QueryNotSigned, without(Source::Query)));
    let mut unsorted = Parts { is_sorted: false, ..right.clone() };
    wrong.push((Fault::NotSorted, unsorted.clone()));
    // As libraries join them: the API's parameters first, then the protocol's.
    unsorted.params.sort_by_key(|(_, name, _)| name.starts_with("oauth_"));
    wrong.push((Fault::NotSorted, unsorted));
    let with_values = |change: &dyn Fn(&str) -> String| {
        let mut parts = right.clone();
        for (_, name, value) in &mut parts.params {
            if !name.starts_with("oauth_") {
                *value = Cow::Owned(change(value));
            }
        }
        parts
    };
    wrong.push((Fault::SpaceAsPlus, with_values(&|value| value.replace("%20", "+"))));
    wrong.push((Fault::SpaceAsPlus, with_values(&|value| value.replace("%20", "%2B"))));
    wrong.push((Fault::EncodedTwice, with_values(&encode)));
    wrong.push((Fault::NotEncoded, with_values(&|value| decode(value).into_owned())));
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] {
        if method != right.method {
            wrong.push((Fault::OtherMethod(method.into()), Parts { method: method.into(), ..right.clone() }));
        }
    }
    let lower = right.method.to_ascii_lowercase();
    wrong.push((Fault::OtherMethod(lower.clone()), Parts { method: Cow::Owned(lower), ..right.clone() }));
    wrong
}
