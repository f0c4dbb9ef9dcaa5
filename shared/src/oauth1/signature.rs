use super::encode::encode;
use super::read::SignedRequest;
use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How a request is signed. PLAINTEXT is not among them: it sends the secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureMethod {
    HmacSha1,
    HmacSha256,
}

impl SignatureMethod {
    /// The value of `oauth_signature_method`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }

    pub(super) fn find(name: &str) -> Option<Self> {
        [Self::HmacSha1, Self::HmacSha256].into_iter().find(|method| method.as_str() == name)
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::HmacSha1 => Self::HmacSha256,
            Self::HmacSha256 => Self::HmacSha1,
        }
    }
}

/// Signs a base string (RFC 5849 §3.4.2); base64.
pub fn sign(method: SignatureMethod, base_string: &str, consumer_secret: &str, token_secret: &str) -> String {
    let key = zeroize::Zeroizing::new(format!("{}&{}", encode(consumer_secret), encode(token_secret)));
    match method {
        SignatureMethod::HmacSha1 => mac::<Hmac<Sha1>>(key.as_bytes(), base_string),
        SignatureMethod::HmacSha256 => mac::<Hmac<Sha256>>(key.as_bytes(), base_string),
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], text: &str) -> String {
    // HMAC takes keys of any length, so there is always one.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return String::new() };
    mac.update(text.as_bytes());
    Base64::encode_string(&mac.finalize().into_bytes())
}

impl SignedRequest<'_> {
    /// Whether the signature is made with these secrets, for a request to
    /// `origin`. Compares in constant time.
    pub fn is_signed_with(&self, origin: &str, consumer_secret: &str, token_secret: &str) -> bool {
        let fits = |base_string: String| self.fits(&base_string, consumer_secret, token_secret);
        fits(self.base_string(origin)) || self.collapsed_base_string(origin).is_some_and(fits)
    }

    fn fits(&self, base_string: &str, consumer_secret: &str, token_secret: &str) -> bool {
        self.fits_as(self.signature_method, base_string, consumer_secret, token_secret)
    }

    pub(super) fn fits_as(
        &self,
        method: SignatureMethod,
        base_string: &str,
        consumer_secret: &str,
        token_secret: &str,
    ) -> bool {
        let expected = sign(method, base_string, consumer_secret, token_secret);
        !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(self.signature.as_bytes()))
    }
}
