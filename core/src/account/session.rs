use crate::credential::hex;
use crate::ports::{Entropy, random};
use crate::secret::Secret;
use gatehouse_shared::credential::encode_bytes;
use gatehouse_shared::model::AccountId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How long a session lasts.
pub const SESSION_SECONDS: u64 = 30 * 24 * 3600;

/// SHA-256 of a session token: all that storage keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenHash(String);

impl TokenHash {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A session token: `<account id>.<43 base62 digits>`. The id tells which
/// Ledger knows the session.
pub struct SessionToken {
    pub account: AccountId,
    text: Secret,
}

impl SessionToken {
    /// Makes a new token with 256 random bits.
    pub fn generate(account: AccountId, entropy: &impl Entropy) -> Self {
        Self { account, text: Secret::new(format!("{account}.{}", encode_bytes(&random(entropy)))) }
    }

    /// Reads a token that a browser sent; `None` where it can't be one.
    pub fn read(text: &str) -> Option<Self> {
        let (account, random) = text.split_once('.')?;
        if random.len() != 43 || !random.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        Some(Self { account: account.parse().ok()?, text: Secret::new(text.to_owned()) })
    }

    pub fn hash(&self) -> TokenHash {
        TokenHash(hex(&Sha256::digest(self.text.reveal().as_bytes())))
    }

    /// The token itself, for the cookie.
    pub fn reveal(&self) -> &str {
        self.text.reveal()
    }
}
