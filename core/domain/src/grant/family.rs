//! What one authorization with OAuth 2.0 gives: a code, then access tokens
//! and refresh tokens that follow one another.

use crate::credential::Root;
use gatehouse_shared::credential::Serial;
use gatehouse_shared::description::OFFLINE_SCOPE;
use gatehouse_shared::model::{DAY_SECONDS, UnixSeconds};
use serde::{Deserialize, Serialize};

/// How long a code may wait for its redemption, in seconds.
pub const CODE_SECONDS: u64 = 30;
/// How long an access token works, in seconds.
pub const ACCESS_SECONDS: u64 = 7200;
/// How long a refresh token works that is not used, in seconds: 180 days.
const REFRESH_IDLE_SECONDS: u64 = 180 * DAY_SECONDS;
/// How long an authorization lasts at the longest, however often it is
/// refreshed, in seconds: a year.
const LONGEST_SECONDS: u64 = 365 * DAY_SECONDS;
/// For how long a used refresh token gives the same successor again, in
/// seconds. The access token that comes with it ends with the first answer's,
/// so it is still good for an hour then.
const REPEAT_SECONDS: u64 = 3600;
/// For how long after its redemption a second copy of a code is only refused,
/// in seconds: browsers and frameworks send the same callback twice.
const CODE_COPY_SECONDS: u64 = 10;

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
    /// Present once the code was redeemed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redeemed: Option<RedeemedCode>,
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

/// What stays of a code after its redemption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedeemedCode {
    /// As in [`PendingCode`]: only the client that can prove it may end the
    /// authorization by sending the code again.
    pub challenge: String,
    pub at: UnixSeconds,
}

/// What a code or a refresh token gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The tokens of the next generation.
    Next,
    /// The tokens that its first use gave.
    Same,
}

/// Why a code or a refresh token gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RedemptionError {
    /// It was used before. The authorization goes on.
    Used,
    /// It was used before, and the authorization ends: somebody has it who
    /// should not.
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

    /// Redeems the code. A second use by whoever has the verifier ends the
    /// authorization (RFC 6749 §4.1.2), except for a copy sent at once.
    pub fn redeem_code(&mut self, now: UnixSeconds) -> Result<(), RedemptionError> {
        let Some(code) = self.code.take_if(|code| now < code.expires_at) else {
            return Err(match &self.redeemed {
                None => RedemptionError::Expired,
                Some(redeemed) if now < redeemed.at.plus(CODE_COPY_SECONDS) => RedemptionError::Used,
                Some(_) => RedemptionError::Replayed,
            });
        };
        self.redeemed = Some(RedeemedCode { challenge: code.challenge, at: now });
        self.generation += 1;
        self.advanced_at = now;
        Ok(())
    }

    /// Redeems the refresh token of a generation. The newest used one gives the
    /// same again for a while: its answer may have been lost. An older one
    /// proves that somebody kept a copy, since its successor was redeemed.
    pub fn refresh(&mut self, presented: u32, now: UnixSeconds) -> Result<Step, RedemptionError> {
        if self.code.is_some() || now >= self.ends_at() {
            return Err(RedemptionError::Expired);
        }
        if presented == self.generation {
            self.generation += 1;
            self.advanced_at = now;
            return Ok(Step::Next);
        }
        let is_newest_used = presented > 0 && presented.saturating_add(1) == self.generation;
        match is_newest_used {
            true if now < self.advanced_at.plus(REPEAT_SECONDS) => Ok(Step::Same),
            true => Err(RedemptionError::Used),
            false => Err(RedemptionError::Replayed),
        }
    }

    /// When the access tokens of the present generation end, however often
    /// they are given.
    pub fn access_until(&self) -> UnixSeconds {
        self.advanced_at.plus(ACCESS_SECONDS)
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
            redeemed: None,
            generation: 0,
            advanced_at: UnixSeconds(1000),
        }
    }

    /// A family whose code was redeemed at 1001.
    fn redeemed(scopes: &[&str]) -> Family {
        let mut family = family(scopes);
        family.redeem_code(UnixSeconds(1001)).unwrap();
        family
    }

    #[test]
    fn a_code_works_once_within_its_time() {
        assert_eq!(family(&[]).redeem_code(UnixSeconds(1030)), Err(RedemptionError::Expired));
        let mut used = family(&[]);
        assert_eq!(used.redeem_code(UnixSeconds(1029)), Ok(()));
        assert_eq!(used.ends_at(), UnixSeconds(1029 + ACCESS_SECONDS));
    }

    #[test]
    fn a_second_use_of_a_code_is_only_refused_for_ten_seconds_and_then_a_replay() {
        let mut used = redeemed(&[]);
        for now in [1001, 1010] {
            assert_eq!(used.redeem_code(UnixSeconds(now)), Err(RedemptionError::Used));
        }
        assert_eq!(used.redeem_code(UnixSeconds(1011)), Err(RedemptionError::Replayed));
    }

    #[test]
    fn a_used_refresh_token_gives_the_same_successor_for_an_hour_unless_that_was_redeemed() {
        let mut used = redeemed(&[OFFLINE_SCOPE]);
        assert_eq!(used.refresh(1, UnixSeconds(2000)), Ok(Step::Next));
        let given = used.clone();
        assert_eq!(used.refresh(1, UnixSeconds(2000)), Ok(Step::Same));
        assert_eq!(used.refresh(1, UnixSeconds(5599)), Ok(Step::Same));
        assert_eq!(used, given, "a repeat changes nothing");
        // Afterwards it is refused, and the authorization goes on.
        assert_eq!(used.refresh(1, UnixSeconds(5600)), Err(RedemptionError::Used));
        assert_eq!(used.refresh(2, UnixSeconds(5601)), Ok(Step::Next));
        // The one before the last is a replay at once.
        assert_eq!(used.refresh(1, UnixSeconds(5601)), Err(RedemptionError::Replayed));
        assert_eq!(used.refresh(3, UnixSeconds(5601 + REFRESH_IDLE_SECONDS)), Err(RedemptionError::Expired));
    }

    #[test]
    fn repeats_never_move_the_end_of_an_access_token() {
        let mut used = redeemed(&[OFFLINE_SCOPE]);
        used.refresh(1, UnixSeconds(2000)).unwrap();
        used.refresh(1, UnixSeconds(5599)).unwrap();
        assert_eq!(used.access_until(), UnixSeconds(2000 + ACCESS_SECONDS));
    }

    #[test]
    fn an_authorization_ends_after_a_year_however_often_it_is_refreshed() {
        let mut used = redeemed(&[OFFLINE_SCOPE]);
        for generation in 1..=3 {
            used.refresh(generation, UnixSeconds(1000 + u64::from(generation) * 100 * DAY_SECONDS)).unwrap();
        }
        assert_eq!(used.refresh(4, UnixSeconds(1000 + LONGEST_SECONDS)), Err(RedemptionError::Expired));
        assert_eq!(used.refresh(3, UnixSeconds(1000 + LONGEST_SECONDS)), Err(RedemptionError::Expired));
    }
}
