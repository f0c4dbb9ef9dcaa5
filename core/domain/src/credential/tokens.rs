//! Derives the tokens of an OAuth 2.0 authorization.

use crate::secret::Secret;
use gatehouse_shared::credential::encode_bytes;
use gatehouse_shared::model::UnixSeconds;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What is derived for one generation of an authorization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenUse {
    Code,
    /// Works until then, without these scopes of the grant.
    Access {
        until: UnixSeconds,
        left_out: u64,
    },
    Refresh,
}

/// Derives the secret of one token from that of its family: 43 base62 digits.
/// An access token's end and scopes are a part of it, so that nobody can
/// change them.
pub fn derive_token(family: &Secret, what: TokenUse, generation: u32) -> Secret {
    let (label, until, left_out) = match what {
        TokenUse::Code => (b"code", UnixSeconds(0), 0),
        TokenUse::Access { until, left_out } => (b"accs", until, left_out),
        TokenUse::Refresh => (b"rfsh", UnixSeconds(0), 0),
    };
    // HMAC takes keys of any length, so there is always one.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(family.reveal().as_bytes()) else {
        return Secret::new(String::new());
    };
    mac.update(label);
    mac.update(&generation.to_be_bytes());
    mac.update(&until.0.to_be_bytes());
    mac.update(&left_out.to_be_bytes());
    Secret::new(encode_bytes(&mac.finalize().into_bytes().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_use_generation_end_and_scope_has_its_own_secret() {
        let access = |until, left_out| TokenUse::Access { until: UnixSeconds(until), left_out };
        let (one, other) = (Secret::new("a".repeat(43)), Secret::new("b".repeat(43)));
        let mut seen = BTreeSet::new();
        for family in [&one, &other] {
            for generation in [0, 1] {
                for what in [TokenUse::Code, TokenUse::Refresh, access(7, 0), access(8, 0), access(7, 8)] {
                    let token = derive_token(family, what, generation);
                    assert_eq!(token.reveal().len(), 43);
                    assert!(seen.insert(token.reveal().to_owned()));
                }
            }
        }
        assert_eq!(seen.len(), 20);
    }
}
