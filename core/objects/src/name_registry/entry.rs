//! Decides who has a name, and who may claim it.

use gatehouse_domain::account::UniqueName;
use gatehouse_domain::message::name_registry::{Action, Answer, Owner, RESERVED_FOR};
use gatehouse_shared::model::UnixMillis;
use serde::{Deserialize, Serialize};

/// Who has one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub name: UniqueName,
    pub owner: Owner,
    /// Whether the owner's object said that it uses the name.
    pub confirmed: bool,
    /// The newest of the owner's changes that was applied here.
    pub version: u64,
    /// The newest claim, numbered as the owner's changes are.
    pub claim: u64,
    /// Until when an unconfirmed use is reserved.
    pub reserved_until: Option<UnixMillis>,
}

impl Entry {
    /// Whether it is a claim whose time is over, so that only its owner's
    /// object knows whether the name is in use.
    pub fn has_run_out(&self, now: UnixMillis) -> bool {
        !self.confirmed && self.reserved_until.is_none_or(|until| until <= now)
    }
}

/// What follows from a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Answer so and keep these entries.
    Answer(Answer, Vec<Entry>),
    /// The claim of a name ran out: only its owner's object knows.
    AskOwner(UniqueName, Owner),
}

/// Decides a message about a name, in the object that has these entries.
/// `gone` are names whose owners' objects said that they do not hold them.
pub fn decide(
    name: &UniqueName,
    entries: &[Entry],
    action: &Action,
    gone: &[(UniqueName, Owner)],
    now: UnixMillis,
) -> Step {
    let is_gone = |entry: &Entry| gone.iter().any(|(name, owner)| *name == entry.name && *owner == entry.owner);
    let mut kept = entries.to_vec();
    if let Action::Claim { owner, .. } = action {
        // An App may go from one name to another that looks like it.
        let rivals = entries.iter().filter(|entry| !entry.owner.is(owner) && entry.name.is_taken_for(name));
        for rival in rivals {
            if !rival.has_run_out(now) {
                return Step::Answer(Answer::Taken, entries.to_vec());
            }
            if !is_gone(rival) {
                return Step::AskOwner(rival.name.clone(), rival.owner);
            }
            kept.retain(|entry| entry.name != rival.name);
        }
    }
    let own = entries.iter().find(|entry| entry.name == *name);
    let is_given_up = own.is_some_and(is_gone);
    match apply(name, own, action, is_given_up, now) {
        Ok((answer, next)) => {
            kept.retain(|entry| entry.name != *name);
            kept.extend(next);
            kept.sort_by(|a, b| a.name.cmp(&b.name));
            Step::Answer(answer, kept)
        }
        Err(owner) => Step::AskOwner(name.clone(), owner),
    }
}

/// Decides a message by the entry of its name alone; `is_given_up` tells that
/// the owner's object does not hold it. Gives the owner who must be asked.
fn apply(
    name: &UniqueName,
    entry: Option<&Entry>,
    action: &Action,
    is_given_up: bool,
    now: UnixMillis,
) -> Result<(Answer, Option<Entry>), Owner> {
    let reserved_until = Some(now.plus_seconds(RESERVED_FOR));
    let keep = |answer| Ok((answer, entry.cloned()));
    let new = |owner: &Owner| Entry {
        name: name.clone(),
        owner: *owner,
        confirmed: false,
        version: 0,
        claim: 0,
        reserved_until: None,
    };
    match (action, entry) {
        (Action::Find, entry) => keep(Answer::Found(entry.map(|entry| entry.owner))),
        (Action::Claim { owner, claim }, None) => {
            Ok((Answer::Claimed, Some(Entry { claim: *claim, reserved_until, ..new(owner) })))
        }
        (Action::Claim { owner, claim }, Some(entry)) if entry.owner.is(owner) => {
            // An App that changed hands numbers on from where it was.
            let owner = if *claim >= entry.claim.max(entry.version) { *owner } else { entry.owner };
            let claim = entry.claim.max(*claim);
            Ok((Answer::Claimed, Some(Entry { owner, claim, reserved_until, ..entry.clone() })))
        }
        (Action::Claim { owner, claim }, Some(entry)) => {
            if !entry.has_run_out(now) {
                keep(Answer::Taken)
            } else if is_given_up {
                Ok((Answer::Claimed, Some(Entry { claim: *claim, reserved_until, ..new(owner) })))
            } else {
                Err(entry.owner)
            }
        }
        (Action::Confirm { owner, version }, None) => {
            Ok((Answer::Done, Some(Entry { confirmed: true, version: *version, ..new(owner) })))
        }
        (Action::Confirm { owner, version }, Some(entry)) if entry.owner.is(owner) && *version >= entry.version => {
            let reserved_until = entry.reserved_until.filter(|_| entry.claim > *version);
            let confirmed =
                Entry { owner: *owner, confirmed: true, version: *version, reserved_until, ..entry.clone() };
            Ok((Answer::Done, Some(confirmed)))
        }
        (Action::Release { owner, version }, Some(entry)) if entry.owner.is(owner) && *version >= entry.version => {
            // A claim made since then is for a later change of the same owner: it stays.
            let is_claimed_again = entry.claim > *version;
            let left = is_claimed_again.then(|| Entry { confirmed: false, version: *version, ..entry.clone() });
            Ok((Answer::Done, left))
        }
        (Action::Withdraw { owner, claim }, Some(entry)) if entry.owner.is(owner) && entry.claim == *claim => {
            let left = entry.confirmed.then(|| Entry { reserved_until: None, ..entry.clone() });
            Ok((Answer::Done, left))
        }
        (Action::Confirm { owner, .. }, Some(entry)) if !entry.owner.is(owner) => keep(Answer::Taken),
        (Action::Confirm { .. } | Action::Release { .. } | Action::Withdraw { .. }, _) => keep(Answer::Done),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_shared::model::AccountId;

    fn owner(n: u8) -> Owner {
        Owner::Account(AccountId::from_random([n; 8]))
    }

    fn claim(n: u8, claim: u64) -> Action {
        Action::Claim { owner: owner(n), claim }
    }

    fn name() -> UniqueName {
        UniqueName::username("weather")
    }

    fn run(entry: Option<Entry>, action: Action, now: u64) -> (Answer, Option<Entry>) {
        match decide(&name(), entry.as_slice(), &action, &[], UnixMillis(now)) {
            Step::Answer(answer, mut entries) => (answer, entries.pop()),
            Step::AskOwner(..) => panic!("asks the owner"),
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
        let step = decide(&name(), entry.as_slice(), &claim, &[], later);
        assert_eq!(step, Step::AskOwner(name(), owner(1)));
        let step = decide(&name(), entry.as_slice(), &claim, &[(name(), owner(1))], later);
        assert!(matches!(step, Step::Answer(Answer::Claimed, entries) if entries[0].owner == owner(2)));
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

    #[test]
    fn a_name_goes_with_its_app_to_another_developer_account() {
        let of = |developer: u8| {
            let developer = gatehouse_shared::model::DeveloperAccountId::from_random([developer; 8]);
            Owner::App { developer, app: gatehouse_shared::model::AppId::from_random([9; 8]) }
        };
        let (giver, receiver) = (of(1), of(2));
        let confirmed = run(None, Action::Confirm { owner: giver, version: 3 }, 0).1;
        let (answer, moved) = run(confirmed, Action::Confirm { owner: receiver, version: 5 }, 10);
        assert_eq!((answer, moved.as_ref().unwrap().owner), (Answer::Done, receiver));
        // What the giver said before comes late.
        for late in [Action::Confirm { owner: giver, version: 3 }, Action::Release { owner: giver, version: 2 }] {
            assert_eq!(run(moved.clone(), late, 20).1, moved);
        }
        assert_eq!(run(moved, Action::Release { owner: receiver, version: 7 }, 30).1, None);
    }

    /// One of the names that look like "Weather".
    fn look(text: &str) -> UniqueName {
        let [_, look] = UniqueName::of_app(text);
        look
    }

    fn claim_look(entries: &[Entry], text: &str, n: u8, gone: &[(UniqueName, Owner)], now: u64) -> Step {
        decide(&look(text), entries, &claim(n, 0), gone, UnixMillis(now))
    }

    fn claimed(step: Step) -> Vec<Entry> {
        match step {
            Step::Answer(Answer::Claimed, entries) => entries,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn of_names_that_look_alike_only_ascii_ones_go_side_by_side() {
        let (ascii, cyrillic) = ("modern", "mоdern");
        let entries = claimed(claim_look(&[], ascii, 1, &[], 0));
        let both = claimed(claim_look(&entries, "modem", 2, &[], 0));
        assert_eq!(both.len(), 2);
        assert_eq!(claim_look(&both, cyrillic, 3, &[], 0), Step::Answer(Answer::Taken, both.clone()));

        let entries = claimed(claim_look(&[], cyrillic, 3, &[], 0));
        for other in [ascii, "modem", "mоdеrn"] {
            assert_eq!(claim_look(&entries, other, 1, &[], 0), Step::Answer(Answer::Taken, entries.clone()), "{other}");
        }
        // The App that has it may change to the other.
        assert_eq!(claimed(claim_look(&entries, ascii, 3, &[], 0)).len(), 2);
    }

    #[test]
    fn stale_claims_of_names_that_look_alike_are_asked_about_one_by_one() {
        let entries = claimed(claim_look(&claimed(claim_look(&[], "modern", 1, &[], 0)), "modem", 2, &[], 0));
        let later = RESERVED_FOR * 1000;
        let mut gone = Vec::new();
        for _ in 0..2 {
            let Step::AskOwner(name, owner) = claim_look(&entries, "mоdern", 3, &gone, later) else {
                panic!("{gone:?}")
            };
            assert!(!gone.contains(&(name.clone(), owner)));
            gone.push((name, owner));
        }
        let left = claimed(claim_look(&entries, "mоdern", 3, &gone, later));
        assert_eq!(left.iter().map(|entry| entry.owner).collect::<Vec<_>>(), [owner(3)]);
    }
}
