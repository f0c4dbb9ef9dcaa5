//! An access token for fewer scopes than were granted (RFC 6749 §6).

use gatehouse_shared::description::OFFLINE_SCOPE;

/// Why an access token can't be made for the scopes that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Narrowing {
    /// This scope was not granted.
    NotGranted(String),
    /// Nothing that the App wants to do is among them.
    Nothing,
    /// A grant has more scopes than a token can tell apart, and this one can't
    /// be left out.
    TooMany(String),
}

/// Which scopes of a grant are left out where these are asked for, as a bit
/// for each: bit 0 is the first one's.
pub fn narrow(granted: &[String], asked: &str) -> Result<u64, Narrowing> {
    let asked: Vec<&str> = asked.split_ascii_whitespace().collect();
    if let Some(unknown) = asked.iter().find(|scope| !granted.iter().any(|known| known == *scope)) {
        return Err(Narrowing::NotGranted(unknown.chars().take(100).collect()));
    }
    if asked.iter().all(|scope| *scope == OFFLINE_SCOPE) {
        return Err(Narrowing::Nothing);
    }
    let mut left_out = 0;
    for (index, scope) in granted.iter().enumerate().filter(|(_, scope)| !asked.contains(&scope.as_str())) {
        let bit = u32::try_from(index).ok().and_then(|index| 1_u64.checked_shl(index));
        left_out |= bit.ok_or_else(|| Narrowing::TooMany(scope.clone()))?;
    }
    Ok(left_out)
}

/// The scopes that are left.
pub fn scopes_without(granted: &[String], left_out: u64) -> Vec<String> {
    if left_out == 0 {
        return granted.to_vec();
    }
    let is_left_out = |index: usize| u32::try_from(index).is_ok_and(|index| index < 64 && left_out >> index & 1 == 1);
    let left = granted.iter().enumerate().filter(|(index, _)| !is_left_out(*index));
    left.map(|(_, scope)| scope.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn granted(count: usize) -> Vec<String> {
        (0..count).map(|index| format!("s{index}")).collect()
    }

    #[test]
    fn fewer_scopes_may_be_asked_for_and_no_other_ones() {
        let granted: Vec<String> = ["notes.read", "notes.write", OFFLINE_SCOPE].map(str::to_owned).into();
        assert_eq!(narrow(&granted, "offline.access notes.write notes.read notes.read"), Ok(0));
        assert_eq!(narrow(&granted, "notes.write"), Ok(0b101));
        assert_eq!(scopes_without(&granted, 0b101), ["notes.write"]);
        assert_eq!(narrow(&granted, "notes.read users.read"), Err(Narrowing::NotGranted("users.read".into())));
        assert_eq!(narrow(&granted, "offline.access"), Err(Narrowing::Nothing));
        assert_eq!(narrow(&granted, " "), Err(Narrowing::Nothing));
    }

    #[test]
    fn a_scope_behind_the_64th_is_kept_or_the_whole_request_refused() {
        let granted = granted(66);
        assert_eq!(scopes_without(&granted, u64::MAX), ["s64", "s65"]);
        assert_eq!(narrow(&granted, "s0"), Err(Narrowing::TooMany("s64".into())));
    }

    proptest! {
        #[test]
        fn a_narrowed_token_has_exactly_what_was_asked(count in 1_usize..64, picks in proptest::collection::vec(0_usize..64, 1..64)) {
            let granted = granted(count);
            let asked: Vec<&str> = picks.iter().map(|pick| granted[pick % count].as_str()).collect();
            let left_out = narrow(&granted, &asked.join(" ")).unwrap();
            let left = scopes_without(&granted, left_out);
            prop_assert!(left.iter().all(|scope| asked.contains(&scope.as_str())));
            prop_assert!(asked.iter().all(|scope| left.iter().any(|kept| kept == scope)));
        }
    }
}
