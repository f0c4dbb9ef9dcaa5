use crate::app::{AppRecord, LiveApp};
use crate::grant::{GrantRecord, LiveGrant};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AccountId, AppId, UnixMillis};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// How many Apps an isolate remembers: some 20 MB at a record of 2 kB.
const MOST_APPS: usize = 10_000;
/// How many grants: some 20 MB at a record of 1 kB.
const MOST_GRANTS: usize = 20_000;
/// How long "there is no such record" is remembered, in seconds.
const ABSENT_SECONDS: u64 = 5;
/// For how long KV may still show something older than what was seen, in
/// seconds: well above its propagation, well below a tombstone's lifetime.
const OLDER_WITHIN: u64 = 600;
/// How often the one writer of a record may be asked itself within a second: a
/// token that was replaced must not become a lever against the writer, and a
/// page that starts with many calls at once must not fail.
const ASKS_A_SECOND: u32 = 20;

/// How many credentials that are gone for good an isolate remembers: some 1 MB.
const MOST_GONE: usize = 20_000;

/// A record in KV, with the version that orders it.
pub trait Record {
    type Live;

    fn version(&self) -> u64;
    /// `None` where it is a tombstone.
    fn live(&self) -> Option<&Self::Live>;
}

impl Record for AppRecord {
    type Live = LiveApp;

    fn version(&self) -> u64 {
        self.version
    }

    fn live(&self) -> Option<&LiveApp> {
        self.app.as_ref()
    }
}

impl Record for GrantRecord {
    type Live = LiveGrant;

    fn version(&self) -> u64 {
        self.version
    }

    fn live(&self) -> Option<&LiveGrant> {
        self.grant.as_ref()
    }
}

/// What the memory says about a record.
#[derive(Debug, PartialEq, Eq)]
pub enum Known<'a, L> {
    /// Nothing fresh enough: read storage.
    Unknown,
    /// There is no such thing, or no longer.
    Absent,
    Record(&'a L),
}

struct Entry<R> {
    /// `None` where storage had no record.
    record: Option<R>,
    /// When this very version was met.
    met_at: UnixMillis,
    /// When storage last showed nothing newer.
    read_at: UnixMillis,
    /// In which second its writer itself was last asked, and how often.
    asked: (u64, u32),
}

/// The records that this isolate has met.
pub struct Memory<K, R> {
    entries: HashMap<K, Entry<R>>,
    most: usize,
}

pub type AppMemory = Memory<AppId, AppRecord>;
pub type GrantMemory = Memory<(AppId, AccountId), GrantRecord>;

impl Default for AppMemory {
    fn default() -> Self {
        Self { entries: HashMap::new(), most: MOST_APPS }
    }
}

impl Default for GrantMemory {
    fn default() -> Self {
        Self { entries: HashMap::new(), most: MOST_GRANTS }
    }
}

impl<K: Eq + Hash + Copy, R: Record> Memory<K, R> {
    /// What is known, if it was read within `memory_seconds`.
    pub fn find(&self, key: K, now: UnixMillis, memory_seconds: u64) -> Known<'_, R::Live> {
        let Some(entry) = self.entries.get(&key) else { return Known::Unknown };
        let lifetime = if entry.record.is_some() { memory_seconds } else { memory_seconds.min(ABSENT_SECONDS) };
        // A clock that went back makes nothing fresh.
        let fresh = now >= entry.read_at && now < entry.read_at.plus_seconds(lifetime);
        if !fresh {
            return Known::Unknown;
        }
        entry.record.as_ref().and_then(Record::live).map_or(Known::Absent, Known::Record)
    }

    /// Keeps what storage said at `read_at`, when the read began. An older
    /// version never replaces a newer one, so a read that began before a
    /// change can't undo it; that KV still shows the older one tells that
    /// nothing newer than ours is old enough to be seen everywhere.
    pub fn remember(&mut self, key: K, record: Option<R>, read_at: UnixMillis) {
        if self.entries.len() >= self.most && !self.entries.contains_key(&key) {
            self.entries.clear();
        }
        let version = |record: &Option<R>| record.as_ref().map_or(0, Record::version);
        match self.entries.get_mut(&key) {
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
                self.entries.insert(key, Entry { record, met_at: read_at, read_at, asked: (0, 0) });
            }
        }
    }

    /// What is kept, however old: the newest record this isolate met.
    pub fn newest(&self, key: K) -> Option<&R::Live> {
        self.entries.get(&key)?.record.as_ref()?.live()
    }

    /// Whether the record's writer may be asked itself now; notes that it is.
    pub fn may_ask(&mut self, key: K, now: UnixMillis) -> bool {
        let Some(entry) = self.entries.get_mut(&key) else { return false };
        let second = now.seconds().0;
        if entry.asked.0 != second {
            entry.asked = (second, 0);
        }
        entry.asked.1 += 1;
        entry.asked.1 <= ASKS_A_SECOND
    }
}

impl<K: Eq + Hash + Copy, R: Record> Memory<K, R> {
    /// Whether storage had no record when it was last read.
    pub fn is_missing(&self, key: K) -> bool {
        self.entries.get(&key).is_some_and(|entry| entry.record.is_none())
    }
}

/// What the one writer of a record said it does not have. It never will again:
/// ids and serials are drawn anew each time, and what is handed out is
/// committed before. So it is asked once.
#[derive(Default)]
pub struct GoneMemory {
    /// Credentials by App and serial; an App as a whole under no serial.
    newer: HashSet<(AppId, Option<Serial>)>,
    older: HashSet<(AppId, Option<Serial>)>,
}

impl GoneMemory {
    pub fn has(&self, app_id: AppId, serial: Option<Serial>) -> bool {
        self.newer.contains(&(app_id, serial)) || self.older.contains(&(app_id, serial))
    }

    pub fn put(&mut self, app_id: AppId, serial: Option<Serial>) {
        if self.newer.len() >= MOST_GONE / 2 {
            // The half that was met last stays.
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert((app_id, serial));
    }
}

impl AppMemory {
    /// Who owns an App that was met.
    pub fn owner(&self, app_id: AppId) -> Option<AccountId> {
        Some(self.entries.get(&app_id)?.record.as_ref()?.owner)
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
            sign_in: false,
            client_id: None,
            client_type: None,
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

    #[test]
    fn what_is_gone_is_remembered_within_bounds_and_the_latest_longest() {
        let (mut memory, app) = (GoneMemory::default(), AppId::from_random([1; 8]));
        let serial = |n: usize| Some(Serial::from_random((n as u64).to_be_bytes()));
        for n in 0..5 * MOST_GONE {
            memory.put(app, serial(n));
        }
        assert!(memory.newer.len() + memory.older.len() <= MOST_GONE);
        assert!(!memory.has(app, serial(0)) && !memory.has(app, None));
        assert!((4 * MOST_GONE + MOST_GONE / 2..5 * MOST_GONE).all(|n| memory.has(app, serial(n))));
    }

    #[test]
    fn a_writer_is_asked_so_many_times_a_second_at_most() {
        let (mut memory, app) = (AppMemory::default(), AppId::from_random([1; 8]));
        assert!(!memory.may_ask(app, UnixMillis(0)));
        memory.remember(app, None, UnixMillis(0));
        for _ in 0..ASKS_A_SECOND {
            assert!(memory.may_ask(app, UnixMillis(999)));
        }
        assert!(!memory.may_ask(app, UnixMillis(999)));
        assert!(memory.may_ask(app, UnixMillis(1_000)));
    }
}
