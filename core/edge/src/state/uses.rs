//! Which credentials let requests pass on which day, on its way to the objects
//! that keep them.

use gatehouse_domain::bounded::BoundedMap;
use gatehouse_domain::gate::Verified;
use gatehouse_domain::message::credential::CredentialUse;
use gatehouse_domain::ports::ObjectName;
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AppId, DAY_SECONDS, DeveloperAccountId, UnixMillis};
use std::collections::BTreeMap;

/// How many bytes of credentials an isolate remembers to have reported: some 50,000.
const REPORTED_BYTES: usize = 4 << 20;

/// Which credentials let requests pass on which day, told to the
/// objects that keep them, once a day and isolate, after the answer went out: a
/// request never waits for it.
pub struct UseLog {
    /// The last day that was noted.
    noted: BoundedMap<(AppId, Serial), u64>,
    waiting: Vec<(ObjectName, CredentialUse)>,
}

impl Default for UseLog {
    fn default() -> Self {
        Self { noted: BoundedMap::new(REPORTED_BYTES), waiting: Vec::new() }
    }
}

impl UseLog {
    /// Notes that a request passed.
    pub fn note(&mut self, caller: &Verified, owner: DeveloperAccountId, now: UnixMillis) {
        let day = now.seconds().0 / DAY_SECONDS;
        let app_id = caller.app_id();
        for used in caller.used() {
            let key = (app_id, used.serial);
            if self.noted.get(&key) != Some(&day) {
                self.noted.put(key, day, 0);
                let keeper = used.granted_by.map_or(ObjectName::DeveloperAccount(owner), ObjectName::Account);
                self.waiting.push((keeper, CredentialUse { app_id, serial: used.serial, day }));
            }
        }
    }

    /// Whether there is something to report.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Takes what is to be reported, by the object that keeps the credential.
    pub fn take(&mut self) -> BTreeMap<ObjectName, Vec<CredentialUse>> {
        let mut by_keeper: BTreeMap<ObjectName, Vec<CredentialUse>> = BTreeMap::new();
        for (keeper, used) in self.waiting.drain(..) {
            by_keeper.entry(keeper).or_default().push(used);
        }
        by_keeper
    }

    /// Forgets that uses were noted: their report was lost, so the next one is due.
    pub fn forget(&mut self, uses: &[CredentialUse]) {
        for used in uses {
            self.noted.remove(&(used.app_id, used.serial));
        }
    }
}
