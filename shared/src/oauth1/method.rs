//! Names the signature methods that requests may use.

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
