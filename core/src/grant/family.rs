//! What one authorization with OAuth 2.0 gives: a code, then access tokens
//! and refresh tokens that follow one another.

use crate::credential::Root;
use gatehouse_shared::credential::Serial;
use gatehouse_shared::description::OFFLINE_SCOPE;
use gatehouse_shared::model::UnixSeconds;
use serde::{Deserialize, Serialize};

/// How long a code may wait for its redemption, in seconds.
pub const CODE_SECONDS: u64 = 30;
/// How long an access token works, in seconds.
pub const ACCESS_SECONDS: u64 = 7200;
/// How long a refresh token works that is not used, in seconds: 180 days.
const REFRESH_IDLE_SECONDS: u64 = 180 * 86_400;
/// How long an authorization lasts at the longest, however often it is
/// refreshed, in seconds: a year.
const LONGEST_SECONDS: u64 = 365 * 86_400;
/// For how long a refresh token that was just used is only refused, in
/// seconds: a client that sent it twice at once keeps its tokens.
const GRACE_SECONDS: u64 = 10;

/// One authorization, from its code on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// All its tokens are derived from this one.
    #[serde(flatten)]
    pub root: Root,
    /// As they were granted, in that order.
    pub scopes: Vec<String>,
    pub created_at: UnixSeconds,
    /// Present until the code is redeemed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<PendingCode>,
    /// How often tokens were given: the code is the key to the first, each
    /// refresh token to the next.
    pub generation: u32,
    /// When tokens were last given.
    pub advanced_at: UnixSeconds,
}

/// What the redemption of a code must repeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingCode {
    pub redirect_uri: String,
    /// `BASE64URL(SHA256(code_verifier))` (RFC 7636 §4.2).
    pub challenge: String,
    pub expires_at: UnixSeconds,
}

/// Why a code or a refresh token gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spent {
    /// Another copy of the same request was quicker.
    JustUsed,
    /// It was used before: somebody has it who should not.
    Replayed,
    Expired,
}

/// The part of a family that the gate must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveFamily {
    #[serde(flatten)]
    pub root: Root,
    pub scopes: Vec<String>,
}

impl Family {
    pub fn serial(&self) -> Serial {
        self.root.serial
    }

    /// Whether its access tokens come with refresh tokens.
    pub fn may_refresh(&self) -> bool {
        self.scopes.iter().any(|scope| scope == OFFLINE_SCOPE)
    }

    /// When nothing of it works any more.
    pub fn ends_at(&self) -> UnixSeconds {
        let longest = self.created_at.plus(LONGEST_SECONDS);
        match &self.code {
            Some(code) => code.expires_at,
            None if self.may_refresh() => longest.min(self.advanced_at.plus(REFRESH_IDLE_SECONDS)),
            None => self.advanced_at.plus(ACCESS_SECONDS),
        }
    }

    /// Uses the key to the next generation up; `presented` is the one that it
    /// was given in, 0 for the code.
    pub fn advance(&mut self, presented: u32, now: UnixSeconds) -> Result<(), Spent> {
        if presented != self.generation {
            let is_last = presented > 0 && presented + 1 == self.generation;
            let is_copy = is_last && now < self.advanced_at.plus(GRACE_SECONDS);
            return Err(if is_copy { Spent::JustUsed } else { Spent::Replayed });
        }
        if now >= self.ends_at() {
            return Err(Spent::Expired);
        }
        self.code = None;
        self.generation += 1;
        self.advanced_at = now;
        Ok(())
    }

    pub fn live(&self) -> LiveFamily {
        LiveFamily { root: self.root.clone(), scopes: self.scopes.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::Seed;

    fn family(scopes: &[&str]) -> Family {
        let code = PendingCode { redirect_uri: String::new(), challenge: String::new(), expires_at: UnixSeconds(1030) };
        Family {
            root: Root { key_id: '1', serial: Serial::from_random([1; 8]), seed: Seed::new([1; 32]), moved: None },
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            created_at: UnixSeconds(1000),
            code: Some(code),
            generation: 0,
            advanced_at: UnixSeconds(1000),
        }
    }

    #[test]
    fn a_code_works_once_within_its_time() {
        assert_eq!(family(&[]).advance(0, UnixSeconds(1030)), Err(Spent::Expired));
        let mut used = family(&[]);
        assert_eq!(used.advance(0, UnixSeconds(1029)), Ok(()));
        assert_eq!(used.advance(0, UnixSeconds(1029)), Err(Spent::Replayed));
        assert_eq!(used.ends_at(), UnixSeconds(1029 + ACCESS_SECONDS));
    }

    #[test]
    fn a_refresh_token_works_once_and_a_copy_sent_at_once_is_no_replay() {
        let mut used = family(&[OFFLINE_SCOPE]);
        used.advance(0, UnixSeconds(1001)).unwrap();
        used.advance(1, UnixSeconds(2000)).unwrap();
        assert_eq!(used.advance(1, UnixSeconds(2009)), Err(Spent::JustUsed));
        assert_eq!(used.advance(1, UnixSeconds(2010)), Err(Spent::Replayed));
        used.advance(2, UnixSeconds(2011)).unwrap();
        // The one before the last is a replay at once.
        assert_eq!(used.advance(1, UnixSeconds(2011)), Err(Spent::Replayed));
        assert_eq!(used.advance(3, UnixSeconds(2011 + REFRESH_IDLE_SECONDS)), Err(Spent::Expired));
    }

    #[test]
    fn an_authorization_ends_after_a_year_however_often_it_is_refreshed() {
        let mut used = family(&[OFFLINE_SCOPE]);
        used.advance(0, UnixSeconds(1001)).unwrap();
        for generation in 1..=3 {
            used.advance(generation, UnixSeconds(1000 + u64::from(generation) * 100 * 86_400)).unwrap();
        }
        assert_eq!(used.advance(4, UnixSeconds(1000 + LONGEST_SECONDS)), Err(Spent::Expired));
    }
}
