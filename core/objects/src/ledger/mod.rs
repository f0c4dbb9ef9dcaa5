//! What the objects of accounts and of developer accounts have in common: each
//! is the only writer of all that is its.
//!
//! A call is authorized, claims the names it needs, commits its change and the
//! change's publications in one transaction, publishes, and then answers.
//! What could not be published stays in the outbox for the alarm.

mod act;
mod activity;
mod names;
mod notes;
mod outbox;
mod publish;
mod restored;
mod run;
mod store;
mod uses;
mod writes;

pub use outbox::{Publication, TOMBSTONE_SECONDS};

pub(crate) use act::{Act, Acting, credentials_changed, cut};
pub(crate) use activity::FAILED;
pub(crate) use names::Claim;
pub(crate) use notes::NOTE_TABLE;
pub(crate) use restored::{Ends, last_change};
pub(crate) use run::{Keeper, alarm, answer, answer_storage};
pub(crate) use store::write;

use futures_util::lock::Mutex;
use gatehouse_domain::app::AppRecord;
use gatehouse_domain::grant::GrantRecord;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectPorts, SqlError, Steps, apply_steps, in_transaction, open};
use gatehouse_shared::model::{AccountId, AppId, UnixMillis};
use publish::Deliveries;
use serde::Serialize;
use serde_json::value::RawValue;
use std::cell::{Cell, RefCell};
use writes::Writes;

/// What a call commits: its answer, and the records that it changed.
pub(crate) struct Committed {
    pub answer: Box<RawValue>,
    pub records: Vec<(AppId, AppRecord)>,
    pub grants: Vec<(AppId, AccountId, GrantRecord)>,
}

impl Committed {
    /// The answer of a call that publishes no record for the gate.
    pub fn answer(value: &impl Serialize) -> Result<Self, PortalError> {
        Ok(Self { answer: serde_json::value::to_raw_value(value)?, records: Vec::new(), grants: Vec::new() })
    }

    pub fn with_records(mut self, records: Vec<(AppId, AppRecord)>) -> Self {
        self.records = records;
        self
    }

    pub fn with_grant(mut self, app_id: AppId, user: AccountId, record: GrantRecord) -> Self {
        self.grants.push((app_id, user, record));
        self
    }
}

/// The tables of an object that decides: outbox, activity log, uses of credentials.
pub(crate) struct Ledger<R> {
    pub runtime: R,
    kind: Kind,
    /// What this instance is delivering from its outbox, and did lately.
    deliveries: Deliveries,
    /// One call at a time takes names, from its claims to its commit: a claim
    /// that one gives back may be the very one that another has committed.
    naming: Mutex<()>,
    /// The targets that were put into the outbox since this was last taken.
    posted: RefCell<Vec<String>>,
    /// Whether nothing is kept here yet, and so no table either.
    blank: Cell<bool>,
    writes: RefCell<Writes>,
    /// Who makes the change that is being committed.
    acting: RefCell<Option<Acting>>,
    /// For when this instance has set the alarm, until it comes.
    alarm_at: Cell<Option<UnixMillis>>,
}

/// The tables that every such object has beside its own.
pub(crate) const ACTIVITY_TABLE: &str = "CREATE TABLE activity(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, \
    kind TEXT NOT NULL, operation TEXT NOT NULL, app_id TEXT NOT NULL, actor TEXT NOT NULL, doc TEXT NOT NULL)";
pub(crate) const OUTBOX_TABLE: &str = "CREATE TABLE outbox(target TEXT PRIMARY KEY, version INTEGER NOT NULL, \
    since INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID";
pub(crate) const COUNTER_TABLE: &str =
    "CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID";
pub(crate) const CREDENTIAL_USE_TABLE: &str = "CREATE TABLE credential_use(app_id TEXT NOT NULL, \
    serial INTEGER NOT NULL, day INTEGER NOT NULL, PRIMARY KEY(app_id, serial)) WITHOUT ROWID";

/// What differs between the objects that have a ledger.
pub(crate) struct Kind {
    pub steps: &'static Steps,
    /// Selects the ids of the Apps that it still has something of.
    pub apps_kept: &'static str,
}

impl<R: ObjectPorts> Ledger<R> {
    /// Opens the object's database. Its tables come with its first change:
    /// asking for an object that does not exist leaves nothing behind.
    pub fn open(runtime: R, kind: Kind) -> Result<Self, SqlError> {
        let blank = !open(&runtime, kind.steps)?;
        let ledger = Self {
            runtime,
            kind,
            deliveries: Deliveries::default(),
            naming: Mutex::new(()),
            posted: RefCell::default(),
            blank: Cell::new(blank),
            writes: RefCell::default(),
            acting: RefCell::default(),
            alarm_at: Cell::new(None),
        };
        if !blank {
            ledger.find_what_was_left()?;
        }
        Ok(ledger)
    }

    /// Whether nothing is kept here yet.
    pub fn is_blank(&self) -> bool {
        self.blank.get()
    }

    /// Makes a change in one transaction; the first one makes the tables as well, so that no crash leaves them empty.
    fn change(&self, body: impl FnOnce() -> Result<Committed, PortalError>) -> Result<Committed, PortalError> {
        let was_blank = self.blank.get();
        let changed = in_transaction(&self.runtime, || {
            if was_blank {
                apply_steps(&self.runtime, self.kind.steps)?;
                self.blank.set(false);
            }
            body()
        });
        if changed.is_err() {
            self.blank.set(was_blank);
        }
        changed
    }
}
