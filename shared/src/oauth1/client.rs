//! Signs requests as a client does.

use super::encode::encode;
use super::method::SignatureMethod;
use super::read::{ReadError, Received, read};
use super::signature::sign;

/// What a client signs with.
#[derive(Clone)]
pub struct ClientCredentials {
    pub consumer_key: String,
    pub consumer_secret: String,
    /// Empty where the request is made for no user.
    pub token: String,
    pub token_secret: String,
}

impl ClientCredentials {
    /// The `Authorization` header of a request to `origin`, signed with HMAC-SHA1
    /// (RFC 5849 §3.5.1). What `request` has in its own header is not looked at.
    pub fn authorization(
        &self,
        request: &Received<'_>,
        origin: &str,
        timestamp: u64,
        nonce: &str,
    ) -> Result<String, ReadError> {
        let header = |signature: &str| {
            let timestamp = timestamp.to_string();
            let pairs = [
                ("oauth_consumer_key", self.consumer_key.as_str()),
                ("oauth_token", &self.token),
                ("oauth_signature_method", SignatureMethod::HmacSha1.as_str()),
                ("oauth_timestamp", &timestamp),
                ("oauth_nonce", nonce),
                ("oauth_version", "1.0"),
                ("oauth_signature", signature),
            ];
            let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
            let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}=\"{}\"", encode(value))).collect();
            format!("OAuth {}", pairs.join(", "))
        };
        // The base string leaves the signature out, so any will do to write it.
        let unsigned = header("unsigned");
        let base_string = read(&Received { authorization: Some(&unsigned), ..*request })?.base_string(origin);
        let signature = sign(SignatureMethod::HmacSha1, &base_string, &self.consumer_secret, &self.token_secret);
        Ok(header(&signature))
    }
}
