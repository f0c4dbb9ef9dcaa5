//! One isolate: its settings, its memory and its ports, and how it reads
//! records and asks objects.

mod ask;
mod master_keys;
mod names;
mod operator;
mod readiness;
mod records;
mod refusals;
mod source;
mod usage;

pub(crate) use ask::{Answer, read_answer};
pub(crate) use master_keys::KeyCheck;
pub use master_keys::KeysError;
pub(crate) use readiness::{Check, Readiness};
pub(crate) use refusals::NotedRefusal;
pub(crate) use usage::AppDays;

use crate::state::{
    AppMemory, FailedSignIns, GoneMemory, GrantMemory, Leases, NonceMemory, RefusalLog, RequestIds, UseLog,
};
use gatehouse_domain::message::account_index::IndexCounts;
use gatehouse_domain::metrics::{Counts, Decision};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_domain::settings::Settings;
use gatehouse_shared::description::Version;
use gatehouse_shared::model::{UnixMillis, UnixSeconds};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;

/// What requests are answered with. One per isolate.
pub struct Isolate<R> {
    pub runtime: R,
    pub settings: Settings,
    pub(crate) apps: RefCell<AppMemory>,
    pub(crate) grants: RefCell<GrantMemory>,
    pub(crate) gone: RefCell<GoneMemory>,
    pub(crate) nonces: RefCell<NonceMemory>,
    pub(crate) uses: RefCell<UseLog>,
    pub(crate) failed_sign_ins: RefCell<FailedSignIns>,
    pub(crate) leases: RefCell<Leases>,
    pub(crate) refusals: RefCell<RefusalLog>,
    /// Until when somebody sees to what is left over.
    pub(crate) settling_until: Cell<UnixMillis>,
    /// Whether the master keys are the right ones.
    pub(crate) key_check: KeyCheck,
    /// Cases that were logged for the operator already.
    pub(crate) logged_cases: RefCell<HashSet<String>>,
    request_ids: RefCell<RequestIds>,
    /// What was decided, by the place of the version; at the end, what lies under none.
    decisions: Box<[Counts<Decision>]>,
    /// What the account index said lately of how many there are.
    pub(crate) index_counts: RefCell<Option<(UnixMillis, IndexCounts)>>,
    pub(crate) readiness: Readiness,
}

impl<R: EdgePorts> Isolate<R> {
    pub fn new(runtime: R, settings: Settings) -> Self {
        let decisions = (0..=settings.api.versions.len()).map(|_| Counts::default()).collect();
        Self {
            runtime,
            settings,
            apps: RefCell::default(),
            grants: RefCell::default(),
            gone: RefCell::default(),
            nonces: RefCell::default(),
            uses: RefCell::default(),
            failed_sign_ins: RefCell::default(),
            leases: RefCell::default(),
            refusals: RefCell::default(),
            settling_until: Cell::default(),
            key_check: KeyCheck::default(),
            logged_cases: RefCell::default(),
            request_ids: RefCell::default(),
            decisions,
            index_counts: RefCell::default(),
            readiness: Readiness::default(),
        }
    }

    /// Counts a decision about a request to a version, or to none.
    pub(crate) fn count_decision(&self, version: Option<&Version>, decision: Decision) {
        let place = version.map_or(self.decisions.len() - 1, |version| usize::from(version.index));
        if let Some(counts) = self.decisions.get(place) {
            counts.add(decision);
        }
    }

    /// What was decided, by the version's name; `none` where a path lies under no version.
    pub(crate) fn decisions(&self) -> impl Iterator<Item = (&str, &Counts<Decision>)> {
        let versions = self.settings.api.versions.iter().map(|version| version.name.as_str());
        versions.chain(["none"]).zip(&self.decisions)
    }

    /// A name for a request, for its answer and the log: 16 random base62
    /// digits, from which nobody can tell how many requests came between two.
    pub fn request_id(&self) -> String {
        self.request_ids.borrow_mut().next(&self.runtime)
    }

    pub(crate) fn now(&self) -> UnixSeconds {
        self.runtime.now().seconds()
    }
}
