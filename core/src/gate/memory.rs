use crate::app::{AppRecord, LiveApp};
use gatehouse_shared::model::{AccountId, AppId, UnixMillis};
use std::collections::HashMap;

/// How many Apps an isolate remembers: some 20 MB at a record of 2 kB.
const MOST_APPS: usize = 10_000;
/// How long "there is no such App" is remembered, in seconds.
const ABSENT_SECONDS: u64 = 5;
/// For how long KV may still show something older than what was seen, in
/// seconds: well above its propagation, well below a tombstone's lifetime.
const OLDER_WITHIN: u64 = 600;

/// What the memory says about an App.
#[derive(Debug, PartialEq, Eq)]
pub enum Known<'a> {
    /// Nothing fresh enough: read storage.
    Unknown,
    /// There is no such App, or no longer.
    Absent,
    Record(&'a LiveApp),
}

struct Entry {
    /// `None` where storage had no record.
    record: Option<AppRecord>,
    /// When this very version was met.
    met_at: UnixMillis,
    /// When storage last showed nothing newer.
    read_at: UnixMillis,
}

/// The Apps that this isolate has met.
#[derive(Default)]
pub struct AppMemory {
    entries: HashMap<AppId, Entry>,
}

impl AppMemory {
    /// What is known of an App, if it was read within `memory_seconds`.
    pub fn find(&self, app_id: AppId, now: UnixMillis, memory_seconds: u64) -> Known<'_> {
        let Some(entry) = self.entries.get(&app_id) else { return Known::Unknown };
        let lifetime = if entry.record.is_some() { memory_seconds } else { memory_seconds.min(ABSENT_SECONDS) };
        // A clock that went back makes nothing fresh.
        let fresh = now >= entry.read_at && now < entry.read_at.plus_seconds(lifetime);
        if !fresh {
            return Known::Unknown;
        }
        entry.record.as_ref().and_then(|record| record.app.as_ref()).map_or(Known::Absent, Known::Record)
    }

    /// Keeps what storage said at `read_at`, when the read began. An older
    /// version never replaces a newer one, so a read that began before a
    /// change can't undo it; that KV still shows the older one tells that
    /// nothing newer than ours is old enough to be seen everywhere.
    pub fn remember(&mut self, app_id: AppId, record: Option<AppRecord>, read_at: UnixMillis) {
        if self.entries.len() >= MOST_APPS && !self.entries.contains_key(&app_id) {
            self.entries.clear();
        }
        let version = |record: &Option<AppRecord>| record.as_ref().map_or(0, |record| record.version);
        match self.entries.get_mut(&app_id) {
            Some(entry) => {
                let is_newer = version(&record) >= version(&entry.record);
                // Only absence, and only when a tombstone may have run out: an older record never comes back.
                let is_gone = record.is_none() && read_at >= entry.met_at.plus_seconds(OLDER_WITHIN);
                if is_newer || is_gone {
                    entry.record = record;
                    entry.met_at = read_at;
                }
                entry.read_at = entry.read_at.max(read_at);
            }
            None => {
                self.entries.insert(app_id, Entry { record, met_at: read_at, read_at });
            }
        }
    }

    /// Who owns an App that was met.
    pub fn owner(&self, app_id: AppId) -> Option<AccountId> {
        Some(self.entries.get(&app_id)?.record.as_ref()?.owner)
    }

    /// What is kept of an App, however old: the newest record this isolate met.
    pub fn newest(&self, app_id: AppId) -> Option<&LiveApp> {
        self.entries.get(&app_id)?.record.as_ref()?.app.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_shared::model::{AppStatus, Permission};

    fn record(version: u64) -> AppRecord {
        let app = LiveApp {
            status: AppStatus::Active,
            owner_suspended: false,
            permission: Permission::Read,
            project_id: None,
            callback_urls: vec![version.to_string()],
            credentials: vec![],
        };
        AppRecord::new(version, AccountId::from_random([1; 8]), Some(app))
    }

    #[test]
    fn a_record_is_used_while_fresh_and_an_older_one_never_replaces_a_newer() {
        let (mut memory, app) = (AppMemory::default(), AppId::from_random([1; 8]));
        let at = |seconds: u64| UnixMillis(seconds * 1000);
        assert_eq!(memory.find(app, at(0), 10), Known::Unknown);
        memory.remember(app, Some(record(2)), at(0));
        memory.remember(app, Some(record(1)), at(1));
        let known = |memory: &AppMemory, now| match memory.find(app, now, 10) {
            Known::Record(live) => live.callback_urls[0].clone(),
            other => format!("{other:?}"),
        };
        assert_eq!(known(&memory, at(5)), "2");
        assert_eq!(known(&memory, at(11)), "Unknown");
        memory.remember(app, Some(AppRecord::new(3, AccountId::from_random([1; 8]), None)), at(11));
        memory.remember(app, Some(record(2)), at(12));
        assert_eq!(known(&memory, at(13)), "Absent");
        memory.remember(app, None, at(14));
        assert_eq!(known(&memory, at(15)), "Absent");
    }

    #[test]
    fn a_deleted_app_is_gone_also_after_its_tombstone() {
        let (mut memory, app) = (AppMemory::default(), AppId::from_random([1; 8]));
        memory.remember(app, Some(record(7)), UnixMillis(0));
        memory.remember(app, None, UnixMillis(OLDER_WITHIN * 1000 - 1));
        assert!(memory.newest(app).is_some());
        memory.remember(app, None, UnixMillis(OLDER_WITHIN * 1000));
        assert!(memory.newest(app).is_none());
    }

    #[test]
    fn absence_is_remembered_for_a_few_seconds_only() {
        let (mut memory, app) = (AppMemory::default(), AppId::from_random([1; 8]));
        memory.remember(app, None, UnixMillis(0));
        assert_eq!(memory.find(app, UnixMillis(4_999), 10), Known::Absent);
        assert_eq!(memory.find(app, UnixMillis(5_000), 10), Known::Unknown);
    }
}
