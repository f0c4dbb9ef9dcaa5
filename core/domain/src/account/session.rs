//! Makes and checks session tokens.

use crate::credential::{Keyring, SEAL_CHARS, Sealed, hex};
use crate::ports::{Entropy, random};
use crate::secret::Secret;
use gatehouse_shared::credential::{encode_bytes, encode_u64};
use gatehouse_shared::model::{AccountId, Role};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How long a developer's session lasts.
pub const SESSION_SECONDS: u64 = 30 * 24 * 3600;
/// How long an operator's lasts: a working day.
pub const OPERATOR_SESSION_SECONDS: u64 = 8 * 3600;
/// How long a storage token lasts.
pub const STORAGE_TOKEN_SECONDS: u64 = 3600;
const RANDOM_CHARS: usize = 43;
/// Digits of a session's public id: 62^11 > 2^63.
const SESSION_ID_CHARS: usize = 11;

/// How long a session of somebody in this role lasts.
pub fn session_seconds(role: Role) -> u64 {
    match role {
        Role::Developer => SESSION_SECONDS,
        Role::Operator => OPERATOR_SESSION_SECONDS,
    }
}

/// What an operator's sessions rest on: when one of the two changes, they end.
#[derive(Clone, Copy)]
pub struct OperatorSecret<'a> {
    pub username: &'a str,
    pub password: &'a Secret,
}

impl OperatorSecret<'_> {
    /// Tells whether two sessions rest on the same name and password; says
    /// nothing about either to whoever lacks the master key.
    pub fn digest(self, keyring: &Keyring) -> String {
        keyring.seal(Sealed::OperatorSecret, &[self.username.as_bytes(), self.password.reveal().as_bytes()])
    }
}

/// SHA-256 of a session token: all that storage keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenHash(String);

impl TokenHash {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The session's public name, which tells nothing of the token.
    pub fn session_id(&self) -> String {
        let bytes: [u8; 32] = Sha256::digest(self.0.as_bytes()).into();
        let [a, b, c, d, e, f, g, h, ..] = bytes;
        encode_u64(u64::from_be_bytes([a, b, c, d, e, f, g, h]), SESSION_ID_CHARS)
    }
}

/// A session token: `<account id>.<43 base62 digits>.<seal>`. The id tells
/// which Account knows the session. The seal tells that this deployment made
/// the token, so that a made-up one reaches no Account; an operator's covers
/// name and password as well, so that no token outlives them.
pub struct SessionToken {
    pub account: AccountId,
    pub role: Role,
    text: Secret,
}

impl SessionToken {
    /// Makes a new token with 256 random bits.
    pub fn generate(
        account: AccountId,
        role: Role,
        keyring: &Keyring,
        operator: OperatorSecret<'_>,
        entropy: &impl Entropy,
    ) -> Self {
        let drawn = encode_bytes(&random(entropy));
        let seal = sealed(account, &drawn, role, operator, |what, parts| keyring.seal(what, parts));
        Self { account, role, text: Secret::new(format!("{account}.{drawn}.{seal}")) }
    }

    /// Reads a token that a browser sent; `None` where it was not made here, or
    /// rests on an operator's name or password that is no longer set.
    pub fn read(text: &str, keyring: &Keyring, operator: OperatorSecret<'_>) -> Option<Self> {
        let (account, rest) = text.split_once('.')?;
        let (drawn, seal) = rest.split_once('.')?;
        if drawn.len() != RANDOM_CHARS || seal.len() != SEAL_CHARS {
            return None;
        }
        let account = account.parse().ok()?;
        let fits =
            |role: &Role| sealed(account, drawn, *role, operator, |what, parts| keyring.is_sealed(what, parts, seal));
        let role = [Role::Developer, Role::Operator].into_iter().find(fits)?;
        Some(Self { account, role, text: Secret::new(text.to_owned()) })
    }

    pub fn hash(&self) -> TokenHash {
        TokenHash(hex(&Sha256::digest(self.text.reveal().as_bytes())))
    }

    /// The token itself, for the cookie.
    pub fn reveal(&self) -> &str {
        self.text.reveal()
    }
}

/// Writes a token for storage: that of a session, `.`, and a seal of its own, so that no session is taken for one.
pub fn write_storage_token(token: &SessionToken, keyring: &Keyring) -> String {
    let text = token.reveal();
    format!("{text}.{}", keyring.seal(Sealed::StorageToken, &[text.as_bytes()]))
}

/// Reads what [`write_storage_token`] writes; `None` where it was not made here.
pub fn read_storage_token(text: &str, keyring: &Keyring, operator: OperatorSecret<'_>) -> Option<SessionToken> {
    let (token, seal) = text.rsplit_once('.')?;
    let is_sealed = keyring.is_sealed(Sealed::StorageToken, &[token.as_bytes()], seal);
    SessionToken::read(token, keyring, operator).filter(|_| is_sealed)
}

/// Runs `with` on what the seal of a token covers.
fn sealed<T>(
    account: AccountId,
    drawn: &str,
    role: Role,
    operator: OperatorSecret<'_>,
    with: impl Fn(Sealed, &[&[u8]]) -> T,
) -> T {
    let id = account.value().to_be_bytes();
    match role {
        Role::Developer => with(Sealed::Session, &[&id, drawn.as_bytes()]),
        Role::Operator => {
            let (name, password) = (operator.username.as_bytes(), operator.password.reveal().as_bytes());
            with(Sealed::OperatorSession, &[&id, drawn.as_bytes(), name, password])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededEntropy;

    #[test]
    fn a_token_is_read_only_where_it_was_made_and_while_its_operator_secret_stands() {
        let keyring = Keyring::parse(&format!("1:{}", "a".repeat(64))).unwrap();
        let other = Keyring::parse(&format!("1:{}", "b".repeat(64))).unwrap();
        let (password, changed) = (Secret::new("sixteen chars ok".into()), Secret::new("sixteen chars no".into()));
        let set = OperatorSecret { username: "operator", password: &password };
        let account = AccountId::from_random([7; 8]);
        for role in [Role::Developer, Role::Operator] {
            let token = SessionToken::generate(account, role, &keyring, set, &SeededEntropy::new(1));
            let read = |text: &str, keyring, operator| SessionToken::read(text, keyring, operator);
            let again = read(token.reveal(), &keyring, set).unwrap();
            assert_eq!((again.account, again.role, again.hash()), (account, role, token.hash()));
            assert!(read(token.reveal(), &other, set).is_none());
            let made_up = token.reveal().replacen('.', ".0", 1);
            assert!(read(&made_up[..token.reveal().len()], &keyring, set).is_none());
            let id = AccountId::from_random([8; 8]);
            assert!(read(&token.reveal().replacen(&account.to_string(), &id.to_string(), 1), &keyring, set).is_none());
            let outlives = role == Role::Developer;
            for operator in [
                OperatorSecret { username: "operator", password: &changed },
                OperatorSecret { username: "warden", password: &password },
            ] {
                assert_eq!(read(token.reveal(), &keyring, operator).is_some(), outlives, "{role:?}");
                assert_ne!(operator.digest(&keyring), set.digest(&keyring));
            }
        }
        for text in ["", ".", "..", "1234567890123456789.x.y", "x.y"] {
            assert!(SessionToken::read(text, &keyring, set).is_none(), "{text}");
        }
    }
}
