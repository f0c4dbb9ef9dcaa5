//! Sign-ins that failed, on their way to the accounts that they were for.

use gatehouse_shared::model::AccountId;
use std::collections::BTreeMap;

/// For how many accounts an isolate counts at once. What is more is not told.
const MOST_ACCOUNTS: usize = 1_000;

/// Counts sign-ins that failed until the account is told, after the answer:
/// how long that takes must not tell whether there is an account.
#[derive(Default)]
pub struct FailedSignIns(BTreeMap<AccountId, u32>);

impl FailedSignIns {
    pub fn note(&mut self, account: AccountId) {
        if self.0.len() < MOST_ACCOUNTS || self.0.contains_key(&account) {
            let count = self.0.entry(account).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// Whether there is something to tell.
    pub fn is_waiting(&self) -> bool {
        !self.0.is_empty()
    }

    pub fn take(&mut self) -> BTreeMap<AccountId, u32> {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_accounts_takes_no_more_room_than_it_may() {
        let mut failed = FailedSignIns::default();
        for number in 0..5_000_u64 {
            failed.note(AccountId::from_random(number.to_be_bytes()));
            failed.note(AccountId::from_random([0; 8]));
        }
        let told = failed.take();
        assert_eq!((told.len(), told[&AccountId::from_random([0; 8])]), (MOST_ACCOUNTS, 5_001));
        assert!(!failed.is_waiting());
    }
}
