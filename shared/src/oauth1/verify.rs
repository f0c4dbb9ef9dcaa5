//! Verifies the signature of a request that was read.

use super::method::SignatureMethod;
use super::read::SignedRequest;
use super::signature::sign;
use subtle::ConstantTimeEq;

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
