//! Reads a signed request into its parameters.

use super::encode::{decode, read_form};
use super::header::{oauth_part, read_parameters};
use super::method::SignatureMethod;
use super::{Param, Source};
use std::borrow::Cow;

/// The most parameters of a request: sorting more than a program would send
/// is work for nobody.
const MOST_PARAMETERS: usize = 1_000;
/// The most bytes of all parameters together, in the form in which they are
/// signed: a space takes three there, and one where it was sent as `+`.
const LONGEST_PARAMETERS: usize = 1024 * 1024;
/// The longest nonce, in encoded characters; clients send 8 to 64.
const LONGEST_NONCE: usize = 512;

/// A request as it arrived.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// Upper case.
    pub method: &'a str,
    /// Absolute.
    pub url: &'a str,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The body, only where its content type is `application/x-www-form-urlencoded`
    /// (RFC 5849 §3.4.1.3.1).
    pub form: Option<&'a [u8]>,
}

impl<'a> Received<'a> {
    /// The path as it arrived, and the query.
    fn path_and_query(&self) -> (&'a str, &'a str) {
        split_url(self.url)
    }
}

fn split_url(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or_default();
    let (front, query) = rest.split_once('?').unwrap_or((rest, ""));
    (front.find('/').map_or("/", |at| &front[at..]), query)
}

/// Why a request is not signed as RFC 5849 has it. The texts are for the developer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the request has no OAuth parameters")]
    NoSignature,
    #[error("the Authorization header is not `OAuth name=\"value\", …`")]
    MalformedHeader,
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{0} is there more than once")]
    Duplicate(String),
    #[error("oauth_signature_method is “{0}”; use HMAC-SHA1 or HMAC-SHA256")]
    SignatureMethod(String),
    #[error("oauth_version is “{0}”; leave it out, or use 1.0")]
    Version(String),
    #[error("oauth_timestamp is not a number of seconds since 1970")]
    Timestamp,
    #[error("oauth_nonce is longer than {LONGEST_NONCE} characters")]
    NonceTooLong,
    #[error("the request has more than {MOST_PARAMETERS} parameters")]
    TooManyParameters,
    #[error("the parameters are longer than {} KiB once they are percent-encoded", LONGEST_PARAMETERS / 1024)]
    TooLong,
}

/// A signed request, read and not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRequest<'a> {
    pub consumer_key: Cow<'a, str>,
    /// `None` where it is left out or empty.
    pub token: Option<Cow<'a, str>>,
    pub signature_method: SignatureMethod,
    /// Seconds since 1970-01-01T00:00:00Z, as whoever signed has them.
    pub timestamp: u64,
    pub nonce: Cow<'a, str>,
    pub(super) signature: Cow<'a, str>,
    pub(super) method: Cow<'a, str>,
    pub(super) path: &'a str,
    /// All but `oauth_signature`.
    pub(super) params: Vec<Param<'a>>,
}

/// Reads a signed request: its parameters from header, query and form body
/// (RFC 5849 §3.5), in any of them.
pub fn read<'a>(received: &Received<'a>) -> Result<SignedRequest<'a>, ReadError> {
    let mut params = Vec::new();
    if let Some(part) = received.authorization.and_then(oauth_part) {
        params.extend(read_parameters(part).ok_or(ReadError::MalformedHeader)?);
    }
    let (path, query) = received.path_and_query();
    let sent = [(query.as_bytes(), Source::Query), (received.form.unwrap_or_default(), Source::Form)];
    for (bytes, source) in sent {
        params.extend(read_form(bytes, source).take(MOST_PARAMETERS + 1));
    }
    if params.iter().map(|param| param.name.len() + param.value.len()).sum::<usize>() > LONGEST_PARAMETERS {
        return Err(ReadError::TooLong);
    }
    if params.len() > MOST_PARAMETERS {
        return Err(ReadError::TooManyParameters);
    }
    if !params.iter().any(Param::is_protocol) {
        return Err(ReadError::NoSignature);
    }
    let version = optional(&params, "oauth_version")?;
    if let Some(version) = version.filter(|version| !["1.0", "1.0A", "1.0a"].contains(&version.as_ref())) {
        return Err(ReadError::Version(version.into_owned()));
    }
    let method = required(&params, "oauth_signature_method")?;
    let signature_method =
        SignatureMethod::find(&method).ok_or_else(|| ReadError::SignatureMethod(method.into_owned()))?;
    let timestamp = required(&params, "oauth_timestamp")?;
    let is_number = timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let timestamp = timestamp.parse().ok().filter(|_| is_number).ok_or(ReadError::Timestamp)?;
    let nonce = required(&params, "oauth_nonce")?;
    if nonce.len() > LONGEST_NONCE {
        return Err(ReadError::NonceTooLong);
    }
    let is_upper_case = !received.method.bytes().any(|byte| byte.is_ascii_lowercase());
    let request = SignedRequest {
        consumer_key: required(&params, "oauth_consumer_key")?,
        token: optional(&params, "oauth_token")?,
        signature_method,
        timestamp,
        nonce,
        signature: required(&params, "oauth_signature")?,
        method: if is_upper_case { received.method.into() } else { received.method.to_ascii_uppercase().into() },
        path,
        params: params.into_iter().filter(|param| param.name != "oauth_signature").collect(),
    };
    // Those that nobody above asked for may not differ between two places either.
    for param in request.params.iter().filter(|param| param.is_protocol()) {
        find(&request.params, &param.name)?;
    }
    Ok(request)
}

/// The one value of a parameter, still encoded. Clients send it twice, in
/// header and body or query, and mean one; two that differ mean nothing.
fn find<'p, 'a>(params: &'p [Param<'a>], name: &str) -> Result<Option<&'p Param<'a>>, ReadError> {
    let mut found = params.iter().filter(|param| param.name == name);
    let (first, second, third) = (found.next(), found.next(), found.next());
    match (first, second) {
        (Some(one), Some(other)) if one.value != other.value || third.is_some() => {
            Err(ReadError::Duplicate(decode(name).into_owned()))
        }
        (first, _) => Ok(first),
    }
}

fn optional<'a>(params: &[Param<'a>], name: &str) -> Result<Option<Cow<'a, str>>, ReadError> {
    Ok(find(params, name)?.map(Param::decoded).filter(|value| !value.is_empty()))
}

fn required<'a>(params: &[Param<'a>], name: &'static str) -> Result<Cow<'a, str>, ReadError> {
    optional(params, name)?.ok_or(ReadError::Missing(name))
}

impl<'a> SignedRequest<'a> {
    /// The decoded value of a parameter, such as `oauth_callback`, wherever it
    /// came; the first one where there are several.
    pub fn parameter(&self, name: &str) -> Option<Cow<'a, str>> {
        self.params.iter().find(|param| decode(&param.name) == name).map(Param::decoded)
    }
}

/// What a request says that it is signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peeked<'a> {
    pub consumer_key: Cow<'a, str>,
    /// `None` where it is left out or empty.
    pub token: Option<Cow<'a, str>>,
}

/// Reads only what the request is signed with, before its body was read.
/// `None` where neither header nor query has it.
pub fn peek<'a>(authorization: Option<&'a str>, url: &'a str) -> Option<Peeked<'a>> {
    let in_header = || read_parameters(authorization.and_then(oauth_part)?);
    let in_query = || {
        let (_, query) = split_url(url);
        // Most requests have none, and end here.
        query.contains("oauth_").then(|| read_form(query.as_bytes(), Source::Query).take(MOST_PARAMETERS).collect())
    };
    let params: Vec<Param<'a>> = in_header().into_iter().chain(in_query()).flatten().collect();
    let first = |name| params.iter().find(|param| param.name == name).map(Param::decoded);
    Some(Peeked {
        consumer_key: first("oauth_consumer_key").filter(|key| !key.is_empty())?,
        token: first("oauth_token").filter(|token| !token.is_empty()),
    })
}
