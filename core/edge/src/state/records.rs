//! Records of Apps and grants that this isolate has met, bounded in bytes.

use gatehouse_domain::app::{AppRecord, LiveApp};
use gatehouse_domain::bounded::BoundedMap;
use gatehouse_domain::credential::StoredCredential;
use gatehouse_domain::grant::{GrantRecord, LiveFamily, LiveGrant};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId, UnixMillis};
use std::hash::Hash;

/// How many bytes of Apps' records an isolate remembers: some 10,000 of 2 kB.
const APPS_BYTES: usize = 20 << 20;
/// How many bytes of grants: some 20,000 of 1 kB.
const GRANTS_BYTES: usize = 20 << 20;
/// How long "there is no such record" is remembered, in seconds.
const ABSENT_SECONDS: u64 = 5;
/// For how long KV may still show something older than what was seen, in
/// seconds: well above its propagation, well below a tombstone's lifetime.
const OLDER_WITHIN: u64 = 600;
/// How often the one writer of a record may be asked itself within a second: a
/// token that was replaced must not become a lever against the writer, and a
/// page that starts with many calls at once must not fail.
const ASKS_A_SECOND: u32 = 20;

/// How many bytes of credentials that are gone for good: some 20,000.
const GONE_BYTES: usize = 1 << 20;

/// A record in KV, with the version that orders it.
pub trait Record {
    type Live;

    fn version(&self) -> u64;
    /// `None` where it is a tombstone.
    fn live(&self) -> Option<&Self::Live>;
    /// What it takes in memory besides its own size, in bytes.
    fn weight(&self) -> usize;
}

impl Record for AppRecord {
    type Live = LiveApp;

    fn version(&self) -> u64 {
        self.version
    }

    fn live(&self) -> Option<&LiveApp> {
        self.app.as_ref()
    }

    fn weight(&self) -> usize {
        let Some(app) = &self.app else { return 0 };
        let texts =
            app.callback_urls.iter().map(String::len).sum::<usize>() + app.client_id.as_ref().map_or(0, String::len);
        app.callback_urls.capacity() * size_of::<String>() + texts + credentials_weight(&app.credentials)
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

    fn weight(&self) -> usize {
        let Some(grant) = &self.grant else { return 0 };
        let scopes = grant.families.iter().flat_map(|family| &family.scopes);
        grant.families.capacity() * size_of::<LiveFamily>()
            + scopes.map(|scope| size_of::<String>() + scope.len()).sum::<usize>()
            + credentials_weight(&grant.access_tokens)
            + grant.own.as_ref().map_or(0, |own| credentials_weight(&own.tokens))
    }
}

fn credentials_weight(credentials: &Vec<StoredCredential>) -> usize {
    let hints: usize = credentials.iter().map(|stored| stored.hint.len()).sum();
    credentials.capacity() * size_of::<StoredCredential>() + hints
}

/// What the memory says about a record.
#[derive(Debug, PartialEq, Eq)]
pub enum Lookup<'a, L> {
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
    /// When storage last showed nothing newer; 0 where it is open what that means.
    read_at: UnixMillis,
    /// In which second its writer itself was last asked, and how often.
    asked: (u64, u32),
}

/// The records that this isolate has met.
pub struct Memory<K, R> {
    entries: BoundedMap<K, Entry<R>>,
}

pub type AppMemory = Memory<AppId, AppRecord>;
pub type GrantMemory = Memory<(AppId, AccountId), GrantRecord>;

impl Default for AppMemory {
    fn default() -> Self {
        Self { entries: BoundedMap::new(APPS_BYTES) }
    }
}

impl Default for GrantMemory {
    fn default() -> Self {
        Self { entries: BoundedMap::new(GRANTS_BYTES) }
    }
}

impl<K: Eq + Hash + Copy, R: Record> Memory<K, R> {
    /// What is known, if it was read within `memory_seconds`.
    pub fn find(&self, key: K, now: UnixMillis, memory_seconds: u64) -> Lookup<'_, R::Live> {
        let Some(entry) = self.entries.get(&key) else { return Lookup::Unknown };
        let lifetime = if entry.record.is_some() { memory_seconds } else { memory_seconds.min(ABSENT_SECONDS) };
        // A clock that went back makes nothing fresh.
        let fresh = now >= entry.read_at && now < entry.read_at.plus_seconds(lifetime);
        if !fresh {
            return Lookup::Unknown;
        }
        entry.record.as_ref().and_then(Record::live).map_or(Lookup::Absent, Lookup::Record)
    }

    /// Keeps what storage said at `read_at`, when the read began. An older
    /// version never replaces a newer one, so a read that began before a
    /// change can't undo it; that KV still shows the older one tells that
    /// nothing newer than ours is old enough to be seen everywhere.
    pub fn remember(&mut self, key: K, record: Option<R>, read_at: UnixMillis) {
        let version = |record: &Option<R>| record.as_ref().map_or(0, Record::version);
        // Taken out and put in again: what is read again and again stays.
        let entry = match self.entries.remove(&key) {
            Some(mut entry) => {
                let is_newer = version(&record) >= version(&entry.record);
                // Only absence, and only when a tombstone may have run out: an older record never comes back.
                let is_gone = record.is_none() && read_at >= entry.met_at.plus_seconds(OLDER_WITHIN);
                if is_newer || is_gone {
                    entry.record = record;
                    entry.met_at = read_at;
                }
                entry.read_at = entry.read_at.max(read_at);
                entry
            }
            None => Entry { record, met_at: read_at, read_at, asked: (0, 0) },
        };
        let weight = entry.record.as_ref().map_or(0, Record::weight);
        self.entries.put(key, entry, weight);
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
pub struct GoneMemory(BoundedMap<(AppId, Option<Serial>), ()>);

impl Default for GoneMemory {
    fn default() -> Self {
        Self(BoundedMap::new(GONE_BYTES))
    }
}

impl GoneMemory {
    /// Whether a credential of an App is gone; under no serial, the App itself.
    pub fn has(&self, app_id: AppId, serial: Option<Serial>) -> bool {
        self.0.get(&(app_id, serial)).is_some()
    }

    pub fn put(&mut self, app_id: AppId, serial: Option<Serial>) {
        self.0.put((app_id, serial), (), 0);
    }
}

impl AppMemory {
    /// Notes since when there is no App of which storage has no record; 0 where
    /// that is open, since it may be new.
    pub fn set_absent_since(&mut self, app_id: AppId, read_at: UnixMillis) {
        if let Some(entry) = self.entries.get_mut(&app_id).filter(|entry| entry.record.is_none()) {
            entry.read_at = read_at;
        }
    }

    /// Notes that an App was deleted, which storage may not show yet.
    pub fn end(&mut self, app_id: AppId, now: UnixMillis) {
        let Some(entry) = self.entries.get_mut(&app_id) else { return };
        let Some(record) = &mut entry.record else { return };
        if record.app.take().is_some() {
            // Newer than what it was, so that an older read does not bring it back; and no newer than what it became.
            record.version += 1;
            entry.met_at = now;
        }
        entry.read_at = now;
    }

    /// The developer account of an App that was met.
    pub fn owner(&self, app_id: AppId) -> Option<DeveloperAccountId> {
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
            transfers: 0,
        };
        AppRecord::new(version, DeveloperAccountId::from_random([1; 8]), Some(app))
    }

    #[test]
    fn a_record_is_used_while_fresh_and_an_older_one_never_replaces_a_newer() {
        let (mut memory, app) = (AppMemory::default(), AppId::from_random([1; 8]));
        let at = |seconds: u64| UnixMillis(seconds * 1000);
        assert_eq!(memory.find(app, at(0), 10), Lookup::Unknown);
        memory.remember(app, Some(record(2)), at(0));
        memory.remember(app, Some(record(1)), at(1));
        let known = |memory: &AppMemory, now| match memory.find(app, now, 10) {
            Lookup::Record(live) => live.callback_urls[0].clone(),
            other => format!("{other:?}"),
        };
        assert_eq!(known(&memory, at(5)), "2");
        assert_eq!(known(&memory, at(11)), "Unknown");
        memory.remember(app, Some(AppRecord::new(3, DeveloperAccountId::from_random([1; 8]), None)), at(11));
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
    fn an_app_that_is_known_to_be_deleted_does_not_come_back() {
        let (mut memory, app) = (AppMemory::default(), AppId::from_random([1; 8]));
        let at = |seconds: u64| UnixMillis(seconds * 1000);
        memory.end(app, at(0));
        memory.remember(app, Some(record(7)), at(0));
        memory.end(app, at(1));
        assert_eq!(memory.find(app, at(2), 10), Lookup::Absent);
        memory.remember(app, Some(record(7)), at(12));
        assert_eq!(memory.find(app, at(13), 10), Lookup::Absent);
        assert!(memory.newest(app).is_none());
        memory.remember(app, Some(AppRecord::new(8, DeveloperAccountId::from_random([1; 8]), None)), at(30));
        assert_eq!(memory.find(app, at(31), 10), Lookup::Absent);
    }

    #[test]
    fn absence_is_remembered_for_a_few_seconds_only() {
        let (mut memory, app) = (AppMemory::default(), AppId::from_random([1; 8]));
        let at = |millis: u64| UnixMillis(1_800_000_000_000 + millis);
        memory.remember(app, None, at(0));
        memory.set_absent_since(app, UnixMillis(0));
        assert_eq!(memory.find(app, at(0), 10), Lookup::Unknown, "it may be new");
        memory.set_absent_since(app, at(0));
        assert_eq!(memory.find(app, at(4_999), 10), Lookup::Absent);
        assert_eq!(memory.find(app, at(5_000), 10), Lookup::Unknown);
        memory.remember(app, Some(record(1)), at(5_001));
        memory.set_absent_since(app, at(5_002));
        assert!(matches!(memory.find(app, at(5_002), 10), Lookup::Record(_)));
    }

    #[test]
    fn records_are_bounded_by_their_bytes_and_what_is_read_again_stays() {
        let mut memory = AppMemory::default();
        let (often, url) = (AppId::from_random([9; 8]), "https://app.example/".repeat(100));
        let heavy = |version| {
            let mut record = record(version);
            record.app.as_mut().unwrap().callback_urls = vec![url.clone(); 10];
            record
        };
        assert!(heavy(1).weight() > 20_000);
        for n in 0..5_000u64 {
            memory.remember(often, Some(record(7)), UnixMillis(n));
            memory.remember(AppId::from_random(n.to_be_bytes()), Some(heavy(1)), UnixMillis(n));
        }
        assert!(memory.newest(often).is_some(), "a record that is in use is never forgotten for others");
        assert!(memory.newest(AppId::from_random(4_999u64.to_be_bytes())).is_some());
        let kept = (0..5_000u64).filter(|n| memory.newest(AppId::from_random(n.to_be_bytes())).is_some()).count();
        assert!(kept * 20_000 <= APPS_BYTES && kept > 300, "{kept}");
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
