//! Keeps the request tokens of OAuth 1.0a, from request to redemption.

use crate::credential::{Root, hex};
use crate::grant::Callback;
use gatehouse_shared::model::{AccountId, Permission};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How long a request token lives, in seconds.
pub const REQUEST_TOKEN_SECONDS: u64 = 900;
/// For how long a redeemed request token gives the same Access Token again, in
/// seconds, to the client that proves the same once more.
pub const REPEAT_SECONDS: u64 = 10;
/// After how many wrong verifiers a request token is dead: a PIN has 10^7 values.
const MOST_TRIES: u32 = 5;

/// Where the user's answer goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AskedCallback {
    /// `oob`: the user types a PIN.
    OutOfBand,
    Url(String),
}

/// Why a callback can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackError {
    /// The App has registered none, so only a PIN is left.
    NoneRegistered,
    NotRegistered,
}

/// Checks `oauth_callback` against what the App registered.
pub fn check_callback(wanted: &str, registered: &[String]) -> Result<AskedCallback, CallbackError> {
    if wanted == "oob" {
        return Ok(AskedCallback::OutOfBand);
    }
    if registered.is_empty() {
        return Err(CallbackError::NoneRegistered);
    }
    let found = Callback::find_without_query(registered, wanted).ok_or(CallbackError::NotRegistered)?;
    Ok(AskedCallback::Url(found.as_str().to_owned()))
}

/// The level that a grant gets: the App's, or a lower one that was asked for
/// with `x_auth_access_type`. `None` for a value that is none.
pub fn level_asked(asked: Option<&str>, app: Permission) -> Option<Permission> {
    match asked {
        None | Some("") => Some(app),
        Some("read") => Some(Permission::Read),
        Some("write") => Some(app.min(Permission::ReadWrite)),
        Some(_) => None,
    }
}

/// SHA-256 of what the user brings back to the App, with the token that it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Verifier(String);

impl Verifier {
    pub fn of(root: &Root, text: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(root.seed.bytes());
        hash.update(text.as_bytes());
        Self(hex(&hash.finalize()))
    }

    fn is(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

/// A request token as the App's own object keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestToken {
    pub root: Root,
    pub callback: AskedCallback,
    /// What the App asked for. What the user agreed to is in their own Account.
    pub level: Permission,
    /// Present once the user agreed.
    pub approved: Option<Approved>,
    /// Wrong verifiers so far.
    pub tries: u32,
}

/// Who agreed to one request token, and what they bring back to the App.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    pub user: AccountId,
    pub verifier: Verifier,
}

/// What comes of redeeming a request token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Redeemed {
    /// This user agreed to it; their Account has to what, and whether they
    /// still do. The token is good for a few seconds more: the answer may be
    /// lost, and a repeat gives the same one.
    For {
        user: AccountId,
    },
    WrongVerifier,
    /// There is no such token, or no longer.
    Gone,
}

impl RequestToken {
    pub fn new(root: Root, callback: AskedCallback, level: Permission) -> Self {
        Self { root, callback, level, approved: None, tries: 0 }
    }

    /// The token after the user agreed; `None` if it was answered already.
    pub fn approve(&self, user: AccountId, verifier: Verifier) -> Option<Self> {
        let approved = Some(Approved { user, verifier });
        self.approved.is_none().then(|| Self { approved, ..self.clone() })
    }

    /// Redeems the token; gives also the token as it is to be kept.
    pub fn redeem(&self, verifier: &Verifier) -> (Redeemed, Option<Self>) {
        match &self.approved {
            Some(approved) if approved.verifier.is(verifier) => {
                (Redeemed::For { user: approved.user }, Some(self.clone()))
            }
            // Some clients ask until the user has answered.
            None => (Redeemed::WrongVerifier, Some(self.clone())),
            Some(_) => {
                let tries = self.tries + 1;
                (Redeemed::WrongVerifier, (tries < MOST_TRIES).then(|| Self { tries, ..self.clone() }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::Seed;
    use gatehouse_shared::credential::Serial;

    fn token() -> RequestToken {
        let root = Root { key_id: '1', serial: Serial::from_random([1; 8]), seed: Seed::new([2; 32]), moved: None };
        RequestToken::new(root, AskedCallback::OutOfBand, Permission::Read)
    }

    #[test]
    fn a_token_is_redeemed_with_the_verifier_of_the_one_user_who_agreed() {
        let (user, other) = (AccountId::from_random([1; 8]), AccountId::from_random([2; 8]));
        let pin = |text| Verifier::of(&token().root, text);
        let approved = token().approve(user, pin("1234567")).unwrap();
        assert_eq!(approved.approve(other, pin("7654321")), None);
        assert_eq!(approved.redeem(&pin("1234567")), (Redeemed::For { user }, Some(approved.clone())));
        // Before the answer there is nothing that fits.
        assert_eq!(token().redeem(&pin("1234567")), (Redeemed::WrongVerifier, Some(token())));
        let mut left = Some(approved);
        for _ in 0..MOST_TRIES {
            let (redeemed, rest) = left.unwrap().redeem(&pin("0000000"));
            assert_eq!(redeemed, Redeemed::WrongVerifier);
            left = rest;
        }
        assert_eq!(left, None);
    }

    #[test]
    fn a_callback_is_registered_or_a_pin() {
        let registered = ["https://a.example/cb".to_owned()];
        assert_eq!(check_callback("oob", &[]), Ok(AskedCallback::OutOfBand));
        assert_eq!(check_callback("https://a.example/cb", &[]), Err(CallbackError::NoneRegistered));
        assert_eq!(check_callback("https://b.example/cb", &registered), Err(CallbackError::NotRegistered));
        assert_eq!(check_callback(&registered[0], &registered), Ok(AskedCallback::Url(registered[0].clone())));
    }

    #[test]
    fn a_lower_level_can_be_asked_for_and_no_higher_one() {
        let (read, write) = (Permission::Read, Permission::ReadWrite);
        assert_eq!(level_asked(None, Permission::ReadWriteDirectMessages), Some(Permission::ReadWriteDirectMessages));
        assert_eq!(level_asked(Some("read"), write), Some(read));
        assert_eq!(level_asked(Some("write"), read), Some(read));
        assert_eq!(level_asked(Some("write"), Permission::ReadWriteDirectMessages), Some(write));
        assert_eq!(level_asked(Some("everything"), write), None);
    }
}
