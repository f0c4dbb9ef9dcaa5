use super::{Action, RESERVED_FOR};
use crate::account::UniqueName;
use gatehouse_shared::model::{AccountId, AppId, UnixMillis};
use serde::{Deserialize, Serialize};

/// Who has a name: an account (username, e-mail) or one of its Apps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    pub account: AccountId,
    pub app: Option<AppId>,
}

/// The one record of a Directory object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub name: UniqueName,
    pub owner: Owner,
    /// Whether the owner's Ledger said that it uses the name.
    pub confirmed: bool,
    /// The newest of the owner's changes that was applied here.
    pub version: u64,
    /// The newest claim, numbered as the owner's changes are.
    pub claim: u64,
    /// Until when an unconfirmed use is reserved.
    pub reserved_until: Option<UnixMillis>,
}

/// What a Directory answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    Claimed,
    Taken,
    Done,
    Found(Option<Owner>),
}

/// What follows from a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Answer so and keep this entry.
    Answer(Answer, Option<Entry>),
    /// The reservation ran out: only its owner's Ledger knows.
    AskOwner(Owner),
}

/// Decides a message about a name. `gone` is an owner whose Ledger said that
/// it does not hold the name.
pub fn apply(name: &UniqueName, entry: Option<&Entry>, action: &Action, gone: Option<&Owner>, now: UnixMillis) -> Step {
    let reserved_until = Some(now.plus_seconds(RESERVED_FOR));
    let keep = |answer| Step::Answer(answer, entry.cloned());
    let new = |owner: &Owner| Entry {
        name: name.clone(),
        owner: owner.clone(),
        confirmed: false,
        version: 0,
        claim: 0,
        reserved_until: None,
    };
    match (action, entry) {
        (Action::Find, entry) => keep(Answer::Found(entry.map(|entry| entry.owner.clone()))),
        (Action::Claim { owner, claim }, None) => {
            Step::Answer(Answer::Claimed, Some(Entry { claim: *claim, reserved_until, ..new(owner) }))
        }
        (Action::Claim { owner, claim }, Some(entry)) if entry.owner == *owner => {
            let claim = entry.claim.max(*claim);
            Step::Answer(Answer::Claimed, Some(Entry { claim, reserved_until, ..entry.clone() }))
        }
        (Action::Claim { owner, claim }, Some(entry)) => {
            let running = entry.reserved_until.is_some_and(|until| until > now);
            if entry.confirmed || running {
                keep(Answer::Taken)
            } else if gone == Some(&entry.owner) {
                Step::Answer(Answer::Claimed, Some(Entry { claim: *claim, reserved_until, ..new(owner) }))
            } else {
                Step::AskOwner(entry.owner.clone())
            }
        }
        (Action::Confirm { owner, version }, None) => {
            Step::Answer(Answer::Done, Some(Entry { confirmed: true, version: *version, ..new(owner) }))
        }
        (Action::Confirm { owner, version }, Some(entry)) if entry.owner == *owner && *version >= entry.version => {
            let reserved_until = entry.reserved_until.filter(|_| entry.claim > *version);
            let confirmed = Entry { confirmed: true, version: *version, reserved_until, ..entry.clone() };
            Step::Answer(Answer::Done, Some(confirmed))
        }
        (Action::Release { owner, version }, Some(entry)) if entry.owner == *owner && *version >= entry.version => {
            // A claim made since then is for a later change of the same owner: it stays.
            let is_claimed_again = entry.claim > *version;
            let left = is_claimed_again.then(|| Entry { confirmed: false, version: *version, ..entry.clone() });
            Step::Answer(Answer::Done, left)
        }
        (Action::Withdraw { owner, claim }, Some(entry)) if entry.owner == *owner && entry.claim == *claim => {
            let left = entry.confirmed.then(|| Entry { reserved_until: None, ..entry.clone() });
            Step::Answer(Answer::Done, left)
        }
        (Action::Confirm { owner, .. }, Some(entry)) if entry.owner != *owner => keep(Answer::Taken),
        (Action::Confirm { .. } | Action::Release { .. } | Action::Withdraw { .. }, _) => keep(Answer::Done),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(n: u8) -> Owner {
        Owner { account: AccountId::from_random([n; 8]), app: None }
    }

    fn claim(n: u8, claim: u64) -> Action {
        Action::Claim { owner: owner(n), claim }
    }

    fn decide(entry: Option<&Entry>, action: &Action, gone: Option<&Owner>, now: UnixMillis) -> Step {
        apply(&UniqueName::app("Weather"), entry, action, gone, now)
    }

    fn run(entry: Option<Entry>, action: Action, now: u64) -> (Answer, Option<Entry>) {
        match decide(entry.as_ref(), &action, None, UnixMillis(now)) {
            Step::Answer(answer, entry) => (answer, entry),
            Step::AskOwner(_) => panic!("asks the owner"),
        }
    }

    #[test]
    fn the_first_claim_wins_and_is_idempotent() {
        let (answer, entry) = run(None, claim(1, 0), 0);
        assert_eq!(answer, Answer::Claimed);
        assert_eq!(run(entry.clone(), claim(2, 0), 1).0, Answer::Taken);
        assert_eq!(run(entry, claim(1, 0), 1).0, Answer::Claimed);
    }

    #[test]
    fn a_claim_that_ran_out_is_given_away_only_when_its_owner_does_not_hold_it() {
        let (_, entry) = run(None, claim(1, 0), 0);
        let later = UnixMillis(RESERVED_FOR * 1000);
        let claim = claim(2, 0);
        assert_eq!(decide(entry.as_ref(), &claim, None, later), Step::AskOwner(owner(1)));
        let step = decide(entry.as_ref(), &claim, Some(&owner(1)), later);
        assert!(matches!(step, Step::Answer(Answer::Claimed, Some(entry)) if entry.owner == owner(2)));
    }

    #[test]
    fn a_release_that_comes_late_does_not_undo_a_newer_use() {
        let confirmed = run(None, Action::Confirm { owner: owner(1), version: 1 }, 0).1;
        let claimed_again = run(confirmed, claim(1, 3), 10).1;
        // Version 2 gave the name up, version 4 takes it again; 2 arrives after the claim, which is number 3.
        let (_, entry) = run(claimed_again, Action::Release { owner: owner(1), version: 2 }, 20);
        assert_eq!(run(entry.clone(), claim(2, 0), 30).0, Answer::Taken);
        let (_, entry) = run(entry, Action::Confirm { owner: owner(1), version: 4 }, 40);
        let (_, entry) = run(entry, Action::Release { owner: owner(1), version: 2 }, 50);
        assert!(entry.unwrap().confirmed);
    }

    #[test]
    fn a_name_that_was_claimed_and_given_up_before_its_use_was_confirmed_is_free() {
        // Claim 4, used from version 5 on, given up with version 7, which took the place of the confirmation.
        let (_, claimed) = run(None, claim(1, 4), 0);
        let (_, left) = run(claimed, Action::Release { owner: owner(1), version: 7 }, 10);
        assert_eq!(left, None);
        assert_eq!(run(left, claim(2, 0), 20).0, Answer::Claimed);
    }

    #[test]
    fn what_comes_late_touches_no_newer_claim() {
        let (_, entry) = run(None, claim(1, 8), 0);
        for late in [
            Action::Withdraw { owner: owner(1), claim: 4 },
            Action::Release { owner: owner(1), version: 7 },
            Action::Confirm { owner: owner(1), version: 7 },
        ] {
            let (_, left) = run(entry.clone(), late.clone(), 10);
            let left = left.unwrap_or_else(|| panic!("{late:?} freed the name"));
            assert_eq!((left.claim, left.reserved_until), (8, entry.as_ref().unwrap().reserved_until), "{late:?}");
        }
    }

    #[test]
    fn nobody_can_release_or_confirm_anothers_name() {
        let confirmed = run(None, Action::Confirm { owner: owner(1), version: 1 }, 0).1;
        let (_, entry) = run(confirmed.clone(), Action::Release { owner: owner(2), version: 9 }, 0);
        assert_eq!(entry, confirmed);
        let (answer, entry) = run(confirmed.clone(), Action::Confirm { owner: owner(2), version: 9 }, 0);
        assert_eq!((answer, entry), (Answer::Taken, confirmed));
    }
}
