use super::{Action, RESERVED_FOR};
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
    pub owner: Owner,
    /// Whether the owner's Ledger said that it uses the name.
    pub confirmed: bool,
    /// The newest of the owner's changes that was applied here.
    pub version: u64,
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

/// Decides a message. `gone` is an owner whose Ledger said that it does not
/// hold the name.
pub fn apply(entry: Option<&Entry>, action: &Action, gone: Option<&Owner>, now: UnixMillis) -> Step {
    let reserved_until = Some(now.plus_seconds(RESERVED_FOR));
    let keep = |answer| Step::Answer(answer, entry.cloned());
    match (action, entry) {
        (Action::Find, entry) => keep(Answer::Found(entry.map(|entry| entry.owner.clone()))),
        (Action::Claim(owner), None) => Step::Answer(
            Answer::Claimed,
            Some(Entry { owner: owner.clone(), confirmed: false, version: 0, reserved_until }),
        ),
        (Action::Claim(owner), Some(entry)) if entry.owner == *owner => {
            Step::Answer(Answer::Claimed, Some(Entry { reserved_until, ..entry.clone() }))
        }
        (Action::Claim(owner), Some(entry)) => {
            let running = entry.reserved_until.is_some_and(|until| until > now);
            if entry.confirmed || running {
                keep(Answer::Taken)
            } else if gone == Some(&entry.owner) {
                Step::Answer(
                    Answer::Claimed,
                    Some(Entry { owner: owner.clone(), confirmed: false, version: 0, reserved_until }),
                )
            } else {
                Step::AskOwner(entry.owner.clone())
            }
        }
        (Action::Confirm { owner, version }, None) => Step::Answer(
            Answer::Done,
            Some(Entry { owner: owner.clone(), confirmed: true, version: *version, reserved_until: None }),
        ),
        (Action::Confirm { owner, version }, Some(entry)) if entry.owner == *owner && *version >= entry.version => {
            let confirmed = Entry { confirmed: true, version: *version, reserved_until: None, ..entry.clone() };
            Step::Answer(Answer::Done, Some(confirmed))
        }
        (Action::Release { owner, version }, Some(entry)) if entry.owner == *owner && *version >= entry.version => {
            // A reservation made since then is for a later change of the same owner: it stays.
            let later = entry.reserved_until.filter(|until| *until > now);
            let left = later.map(|_| Entry { confirmed: false, version: *version, ..entry.clone() });
            Step::Answer(Answer::Done, left)
        }
        (Action::Withdraw(owner), Some(entry)) if entry.owner == *owner => {
            let left = entry.confirmed.then(|| Entry { reserved_until: None, ..entry.clone() });
            Step::Answer(Answer::Done, left)
        }
        (Action::Confirm { owner, .. }, Some(entry)) if entry.owner != *owner => keep(Answer::Taken),
        (Action::Confirm { .. } | Action::Release { .. } | Action::Withdraw(_), _) => keep(Answer::Done),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(n: u8) -> Owner {
        Owner { account: AccountId::from_random([n; 8]), app: None }
    }

    fn run(entry: Option<Entry>, action: Action, now: u64) -> (Answer, Option<Entry>) {
        match apply(entry.as_ref(), &action, None, UnixMillis(now)) {
            Step::Answer(answer, entry) => (answer, entry),
            Step::AskOwner(_) => panic!("asks the owner"),
        }
    }

    #[test]
    fn the_first_claim_wins_and_is_idempotent() {
        let (answer, entry) = run(None, Action::Claim(owner(1)), 0);
        assert_eq!(answer, Answer::Claimed);
        assert_eq!(run(entry.clone(), Action::Claim(owner(2)), 1).0, Answer::Taken);
        assert_eq!(run(entry, Action::Claim(owner(1)), 1).0, Answer::Claimed);
    }

    #[test]
    fn a_claim_that_ran_out_is_given_away_only_when_its_owner_does_not_hold_it() {
        let (_, entry) = run(None, Action::Claim(owner(1)), 0);
        let later = UnixMillis(RESERVED_FOR * 1000);
        let claim = Action::Claim(owner(2));
        assert_eq!(apply(entry.as_ref(), &claim, None, later), Step::AskOwner(owner(1)));
        let step = apply(entry.as_ref(), &claim, Some(&owner(1)), later);
        assert!(matches!(step, Step::Answer(Answer::Claimed, Some(entry)) if entry.owner == owner(2)));
    }

    #[test]
    fn a_release_that_comes_late_does_not_undo_a_newer_use() {
        let confirmed = run(None, Action::Confirm { owner: owner(1), version: 1 }, 0).1;
        let claimed_again = run(confirmed, Action::Claim(owner(1)), 10).1;
        // Version 2 gave the name up, version 3 takes it again; 2 arrives after the claim of 3.
        let (_, entry) = run(claimed_again, Action::Release { owner: owner(1), version: 2 }, 20);
        assert_eq!(run(entry.clone(), Action::Claim(owner(2)), 30).0, Answer::Taken);
        let (_, entry) = run(entry, Action::Confirm { owner: owner(1), version: 3 }, 40);
        let (_, entry) = run(entry, Action::Release { owner: owner(1), version: 2 }, 50);
        assert!(entry.unwrap().confirmed);
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
