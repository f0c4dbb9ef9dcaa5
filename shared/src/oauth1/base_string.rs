//! Writes the signature base string (RFC 5849 §3.4.1).

use super::encode::encode_into;
use super::read::SignedRequest;
use super::{Param, Source};
use std::borrow::Cow;

/// What a signature is made over, in parts (RFC 5849 §3.4.1).
#[derive(Clone)]
pub(super) struct Parts<'a> {
    pub method: Cow<'a, str>,
    pub origin: Cow<'a, str>,
    pub path: Cow<'a, str>,
    /// Encoded, in no order.
    pub params: Vec<(Source, &'a str, Cow<'a, str>)>,
    pub is_sorted: bool,
}

impl<'a> Parts<'a> {
    pub fn new(request: &'a SignedRequest<'_>, origin: &'a str) -> Self {
        let param = |param: &'a Param<'_>| (param.source, param.name.as_ref(), Cow::Borrowed(param.value.as_ref()));
        Self {
            method: Cow::Borrowed(&request.method),
            origin: normal_origin(origin),
            path: Cow::Borrowed(request.path),
            params: request.params.iter().map(param).collect(),
            is_sorted: true,
        }
    }

    /// Writes the signature base string (§3.4.1.1).
    pub fn write(&self) -> String {
        let mut pairs: Vec<(&str, &str)> = self.params.iter().map(|(_, name, value)| (*name, value.as_ref())).collect();
        if self.is_sorted {
            pairs.sort_unstable();
        }
        let length: usize = pairs.iter().map(|(name, value)| name.len() + value.len() + 6).sum();
        let mut text = String::with_capacity(length * 5 / 4 + self.origin.len() + self.path.len() * 2 + 64);
        text.push_str(&self.method);
        text.push('&');
        encode_into(&mut text, &self.origin);
        encode_into(&mut text, &self.path);
        text.push('&');
        for (index, (name, value)) in pairs.into_iter().enumerate() {
            // `&` and `=` between the pairs, encoded.
            text.push_str(if index == 0 { "" } else { "%26" });
            encode_into(&mut text, name);
            text.push_str("%3D");
            encode_into(&mut text, value);
        }
        text
    }
}

/// Scheme and host in lower case, without the scheme's default port (§3.4.1.2).
pub(super) fn normal_origin(origin: &str) -> Cow<'_, str> {
    let bare = match origin.split_once("://") {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") => origin.strip_suffix(":80"),
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("https") => origin.strip_suffix(":443"),
        _ => None,
    }
    .unwrap_or(origin);
    if bare.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(bare.to_ascii_lowercase())
    } else {
        Cow::Borrowed(bare)
    }
}

impl SignedRequest<'_> {
    /// The signature base string, for a request that came to `origin`
    /// (`scheme://host[:port]`).
    pub fn base_string(&self, origin: &str) -> String {
        Parts::new(self, origin).write()
    }

    /// As [`Self::base_string`], with protocol parameters that came twice taken
    /// once. `None` where there are none such.
    pub(super) fn collapsed_base_string(&self, origin: &str) -> Option<String> {
        let mut parts = Parts::new(self, origin);
        let mut seen: Vec<&str> = Vec::new();
        let before = parts.params.len();
        parts.params.retain(|(_, name, _)| {
            let is_repeated = name.starts_with("oauth_") && seen.contains(name);
            seen.push(name);
            !is_repeated
        });
        (parts.params.len() < before).then(|| parts.write())
    }
}
