//! A whole deployment in memory: its objects with their databases and alarms, KV, clock and chance.

mod fault;
mod inspect;
mod object;
mod runtime;

pub use fault::{Fault, Port};
pub use object::MemoryObject;
pub use runtime::MemoryRuntime;

use super::MemoryKv;
use gatehouse_domain::metrics::{Metrics, ObjectClass};
use gatehouse_domain::ports::{ObjectName, PortError, SeededEntropy};
use gatehouse_objects::account::Account;
use gatehouse_objects::account_index::AccountIndex;
use gatehouse_objects::app_traffic::AppTraffic;
use gatehouse_objects::audit_log::{AuditIndex, AuditMonth};
use gatehouse_objects::developer_account::DeveloperAccount;
use gatehouse_objects::name_registry::NameRegistry;
use gatehouse_objects::project_quota::ProjectQuota;
use gatehouse_shared::model::{DAY_SECONDS, UnixMillis};
use rusqlite::limits::Limit;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

/// What is due within this time, in seconds, is waited for by [`World::settle`].
const SOON_SECONDS: u64 = 3 * 3600;
enum Instance {
    Account(Account<MemoryObject>),
    DeveloperAccount(DeveloperAccount<MemoryObject>),
    NameRegistry(NameRegistry<MemoryObject>),
    AccountIndex(AccountIndex<MemoryObject>),
    AppTraffic(AppTraffic<MemoryObject>),
    ProjectQuota(ProjectQuota<MemoryObject>),
    AuditMonth(AuditMonth<MemoryObject>),
    AuditIndex(AuditIndex<MemoryObject>),
}

/// A whole deployment's storage, clock and chance in one place.
pub struct World {
    pub kv: MemoryKv,
    pub entropy: SeededEntropy,
    chance: SeededEntropy,
    now: Cell<UnixMillis>,
    /// How old a KV read may be, in milliseconds.
    pub staleness: Cell<u64>,
    /// How many tries each rate limit admits for a key.
    pub admitted: Cell<u32>,
    /// How often KV was read for a request, and a message given to an object.
    pub kv_reads: Cell<u64>,
    pub objects_asked: Cell<u64>,
    /// Which kinds of objects were given a message, in order, since a test put a list there.
    pub asked: RefCell<Option<Vec<String>>>,
    /// What was counted, by all isolates together: one process.
    pub metrics: Rc<Metrics>,
    /// Whether KV takes no write and gives no value.
    pub kv_is_down: Cell<bool>,
    /// The class of objects that give no answer.
    pub class_down: Cell<Option<ObjectClass>>,
    /// What was logged.
    pub log: RefCell<Vec<String>>,
    tries: RefCell<BTreeMap<String, u32>>,
    fault: Cell<Option<Fault>>,
    late_writes: Cell<u32>,
    databases: RefCell<BTreeMap<ObjectName, Rc<rusqlite::Connection>>>,
    instances: RefCell<BTreeMap<ObjectName, Rc<Instance>>>,
}

/// What SQLite on Workers allows, where that is less than SQLite's own limits.
const LIMITS: [(Limit, i32); 3] = [
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 5),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 100),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
];

impl World {
    /// An empty world whose every chance follows from the seed.
    pub fn new(seed: u64) -> Rc<Self> {
        Rc::new(Self {
            kv: MemoryKv::default(),
            entropy: SeededEntropy::new(seed),
            chance: SeededEntropy::new(seed ^ 0x5eed),
            now: Cell::new(UnixMillis(1_800_000_000_000)),
            staleness: Cell::new(0),
            admitted: Cell::new(u32::MAX),
            kv_reads: Cell::default(),
            objects_asked: Cell::default(),
            asked: RefCell::default(),
            metrics: Rc::default(),
            kv_is_down: Cell::default(),
            class_down: Cell::default(),
            log: RefCell::default(),
            tries: RefCell::default(),
            fault: Cell::new(None),
            late_writes: Cell::default(),
            databases: RefCell::default(),
            instances: RefCell::default(),
        })
    }

    pub fn now(&self) -> UnixMillis {
        self.now.get()
    }

    pub fn advance_seconds(&self, seconds: u64) {
        self.now.set(self.now.get().plus_seconds(seconds));
    }

    pub fn advance_millis(&self, millis: u64) {
        self.now.set(UnixMillis(self.now.get().0 + millis));
    }

    /// Yields a random number of times, so that other tasks get in between.
    pub async fn pause(&self) {
        for _ in 0..=self.chance.below(3) {
            yield_once().await;
        }
    }

    fn forget(&self, name: &ObjectName) {
        self.instances.borrow_mut().remove(name);
    }

    fn read_kv(&self, key: &str) -> Result<Option<String>, PortError> {
        if self.kv_is_down.get() {
            return Err(PortError(format!("kv get {key}: down")));
        }
        let age = self.chance.below(self.staleness.get() + 1);
        Ok(self.kv.as_of(key, UnixMillis(self.now().0.saturating_sub(age))))
    }

    fn put_kv(&self, key: &str, value: &str, lifetime_seconds: Option<u64>) -> Result<(), PortError> {
        if self.kv_is_down.get() {
            return Err(PortError(format!("kv put {key}: down")));
        }
        self.kv.put_limited(key, value, self.now(), lifetime_seconds)
    }

    fn database(&self, name: &ObjectName) -> Result<Rc<rusqlite::Connection>, PortError> {
        if let Some(database) = self.databases.borrow().get(name) {
            return Ok(database.clone());
        }
        let failed = |error: rusqlite::Error| PortError(error.to_string());
        let database = rusqlite::Connection::open_in_memory().map_err(failed)?;
        database.execute_batch("CREATE TABLE _alarm(at INTEGER NOT NULL)").map_err(failed)?;
        for (limit, most) in LIMITS {
            database.set_limit(limit, most).map_err(failed)?;
        }
        let database = Rc::new(database);
        self.databases.borrow_mut().insert(name.clone(), database.clone());
        Ok(database)
    }

    /// The ports that one object sees, over its database.
    pub fn storage_of(self: &Rc<Self>, name: &ObjectName) -> Result<MemoryObject, PortError> {
        let database = self.database(name)?;
        let (metrics, dead) = (Rc::clone(&self.metrics), Rc::default());
        Ok(MemoryObject { world: Rc::downgrade(self), metrics, name: name.clone(), database, dead })
    }

    fn instance(self: &Rc<Self>, name: &ObjectName) -> Result<Rc<Instance>, PortError> {
        if let Some(instance) = self.instances.borrow().get(name) {
            return Ok(instance.clone());
        }
        let object = self.storage_of(name)?;
        let failed = |error: gatehouse_domain::ports::SqlError| PortError(error.0);
        let instance = Rc::new(match name {
            ObjectName::Account(_) => Instance::Account(Account::new(object).map_err(failed)?),
            ObjectName::DeveloperAccount(_) => {
                Instance::DeveloperAccount(DeveloperAccount::new(object).map_err(failed)?)
            }
            ObjectName::NameRegistry(_) => Instance::NameRegistry(NameRegistry::new(object).map_err(failed)?),
            ObjectName::AppTraffic(_) => Instance::AppTraffic(AppTraffic::new(object).map_err(failed)?),
            ObjectName::ProjectQuota(_) | ObjectName::DeveloperQuota(_) => {
                Instance::ProjectQuota(ProjectQuota::new(object).map_err(failed)?)
            }
            ObjectName::AuditMonth(_) => Instance::AuditMonth(AuditMonth::new(object).map_err(failed)?),
            ObjectName::AuditIndex => Instance::AuditIndex(AuditIndex::new(object).map_err(failed)?),
            ObjectName::AccountIndex => Instance::AccountIndex(AccountIndex::new(object).map_err(failed)?),
        });
        self.instances.borrow_mut().insert(name.clone(), instance.clone());
        Ok(instance)
    }

    /// Delivers a message to an object, starting it if need be. The answer is
    /// a boxed future because objects call objects.
    fn deliver<'a>(
        world: &'a Rc<Self>,
        name: &'a ObjectName,
        message: &'a str,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<String, PortError>> + 'a>> {
        Box::pin(async move {
            if world.class_down.get() == Some(name.class()) {
                return Err(PortError(format!("{name}: down")));
            }
            world.objects_asked.set(world.objects_asked.get() + 1);
            if let Some(asked) = &mut *world.asked.borrow_mut() {
                let name = name.to_string();
                asked.push(name.split('/').next().unwrap_or_default().to_owned());
            }
            match &*world.instance(name)? {
                Instance::Account(account) => account.call(message).await,
                Instance::DeveloperAccount(developer) => developer.call(message).await,
                Instance::NameRegistry(directory) => directory.call(message).await,
                Instance::AccountIndex(index) => index.call(message),
                Instance::AppTraffic(gate) => gate.call(message).await,
                Instance::ProjectQuota(gate) => gate.call(message).await,
                Instance::AuditMonth(month) => month.call(message).await,
                Instance::AuditIndex(index) => index.call(message),
            }
        })
    }

    /// How long after it was due an object's alarm begins now, in milliseconds.
    fn lateness(&self, name: &ObjectName) -> Option<u64> {
        let databases = self.databases.borrow();
        let at = databases.get(name)?.query_row("SELECT at FROM _alarm", [], |row| row.get::<_, i64>(0)).ok()?;
        Some(self.now().0.saturating_sub(at as u64))
    }

    /// The objects whose alarm is due at the latest at `until`.
    fn due(&self, until: UnixMillis) -> Vec<ObjectName> {
        let databases = self.databases.borrow();
        let alarm = |database: &rusqlite::Connection| {
            database.query_row("SELECT at FROM _alarm", [], |row| row.get::<_, i64>(0)).ok()
        };
        databases
            .iter()
            .filter(|(_, database)| alarm(database).is_some_and(|at| at as u64 <= until.0))
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// Runs the alarms that are due; tells how many there were.
    pub async fn run_alarms(self: &Rc<Self>) -> usize {
        let due = self.due(self.now());
        for name in &due {
            self.metrics.count_alarm(self.lateness(name));
            if let Some(database) = self.databases.borrow().get(name) {
                // As on Workers: the alarm is gone when its handler starts.
                let _ = database.execute_batch("DELETE FROM _alarm");
            }
            let Ok(instance) = self.instance(name) else { continue };
            let failed = match &*instance {
                Instance::Account(account) => account.alarm().await.is_err(),
                Instance::DeveloperAccount(developer) => developer.alarm().await.is_err(),
                Instance::AppTraffic(gate) => gate.alarm().await.is_err(),
                Instance::NameRegistry(directory) => directory.alarm().await.is_err(),
                Instance::ProjectQuota(gate) => gate.alarm().is_err(),
                Instance::AuditMonth(month) => month.alarm().await.is_err(),
                Instance::AccountIndex(_) | Instance::AuditIndex(_) => false,
            };
            if failed && let Some(database) = self.databases.borrow().get(name) {
                // As on Workers: an alarm whose handler fails runs again.
                let _ = database.execute("INSERT INTO _alarm(at) VALUES (?)", [self.now().0 as i64]);
            }
        }
        due.len()
    }

    /// Lets time pass until no object has anything left to do soon: what ends
    /// in days has its own time.
    pub async fn settle(self: &Rc<Self>) {
        while !self.due(self.now().plus_seconds(SOON_SECONDS)).is_empty() {
            self.advance_seconds(60);
            self.run_alarms().await;
        }
    }

    /// Lets days go by, and every alarm come in its time.
    pub async fn live_through(self: &Rc<Self>, days: u64) {
        let until = self.now().plus_seconds(days * DAY_SECONDS);
        while let Some(next) = self.next_alarm().filter(|next| *next <= until) {
            self.now.set(self.now().max(next));
            self.run_alarms().await;
        }
        self.now.set(until);
    }

    fn next_alarm(&self) -> Option<UnixMillis> {
        let databases = self.databases.borrow();
        let alarm = |database: &Rc<rusqlite::Connection>| {
            database.query_row("SELECT at FROM _alarm", [], |row| row.get::<_, i64>(0)).ok()
        };
        databases.values().filter_map(alarm).min().map(|at| UnixMillis(at as u64))
    }
}

async fn yield_once() {
    let mut yielded = false;
    poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
