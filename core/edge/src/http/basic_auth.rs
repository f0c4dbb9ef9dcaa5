//! Credentials of an App as HTTP Basic brings them.

use base64ct::{Base64, Encoding};
use gatehouse_domain::gate::{Keys, Unproven};
use gatehouse_domain::secret::Secret;
use gatehouse_domain::settings::Settings;
use gatehouse_shared::credential::Public;
use percent_encoding::percent_decode_str;

/// An API Key that this deployment made. Its secret is not checked yet.
pub struct BasicCredentials {
    pub key: Public,
    pub secret: Secret,
}

/// Reads HTTP Basic with the percent-encoded API Key and Secret (RFC 6749 §2.3.1).
pub fn read_basic_credentials(settings: &Settings, authorization: Option<&str>) -> Result<BasicCredentials, Unproven> {
    let (key, secret) = authorization.and_then(read_basic).ok_or(Unproven::NoCredentials)?;
    let Keys { key, .. } = Keys::read(settings, &key, None)?;
    Ok(BasicCredentials { key, secret })
}

/// Reads HTTP Basic with a percent-encoded name and secret (RFC 6749 §2.3.1).
pub(crate) fn read_basic(header: &str) -> Option<(String, Secret)> {
    let (scheme, encoded) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = zeroize::Zeroizing::new(Base64::decode_vec(encoded.trim()).ok()?);
    let (key, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    let decode = |text: &str| percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned());
    Some((decode(key)?, Secret::new(decode(secret)?)))
}
