//! Workers KV in memory.

use gatehouse_domain::ports::PortError;
use gatehouse_shared::model::UnixMillis;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// How far apart two writes of one key must be, in milliseconds.
const WRITE_APART_MILLIS: u64 = 1_000;

/// Workers KV in memory. Every key keeps its history, and a read may see any
/// state of the last `staleness` milliseconds, absence included. A second write
/// of a key within a second is refused. A write that nobody waited for may
/// arrive late, over a newer one.
#[derive(Default)]
pub struct MemoryKv {
    history: RefCell<BTreeMap<String, Vec<Written>>>,
    refused: Cell<u32>,
}

struct Written {
    at: UnixMillis,
    value: String,
    until: Option<UnixMillis>,
}

impl MemoryKv {
    /// What the key held at a moment.
    pub fn as_of(&self, key: &str, moment: UnixMillis) -> Option<String> {
        let history = self.history.borrow();
        let newest = history.get(key)?.iter().rev().find(|written| written.at <= moment)?;
        newest.until.is_none_or(|until| until > moment).then(|| newest.value.clone())
    }

    /// Writes as a Worker does: at most once a second to a key.
    pub fn put_limited(
        &self,
        key: &str,
        value: &str,
        at: UnixMillis,
        lifetime_seconds: Option<u64>,
    ) -> Result<(), PortError> {
        let last =
            self.history.borrow().get(key).and_then(|all| all.iter().rev().map(|w| w.at).find(|last| *last <= at));
        if last.is_some_and(|last| at.0 < last.0 + WRITE_APART_MILLIS) {
            self.refused.set(self.refused.get() + 1);
            return Err(PortError(format!(
                "kv put {key}: 429 Too Many Requests: this key was written within a second"
            )));
        }
        self.put(key, value, at, lifetime_seconds);
        Ok(())
    }

    /// Writes without a limit: for what a test prepares, and for a write that
    /// takes effect at a moment to come.
    pub fn put(&self, key: &str, value: &str, at: UnixMillis, lifetime_seconds: Option<u64>) {
        let until = lifetime_seconds.map(|seconds| at.plus_seconds(seconds));
        let written = Written { at, value: value.to_owned(), until };
        let mut history = self.history.borrow_mut();
        let all = history.entry(key.to_owned()).or_default();
        let place = all.partition_point(|earlier| earlier.at <= at);
        all.insert(place, written);
    }

    /// Loses a key, as if it had never been written.
    pub fn lose(&self, key: &str) {
        self.history.borrow_mut().remove(key);
    }

    /// How many writes were refused because their key had just been written.
    pub fn refused(&self) -> u32 {
        self.refused.get()
    }

    /// Every value that was ever written, for a test that looks for secrets.
    pub fn dump(&self) -> Vec<String> {
        let history = self.history.borrow();
        history.iter().flat_map(|(key, all)| all.iter().map(move |w| format!("{key} {}", w.value))).collect()
    }

    /// The values written under a key, oldest first.
    pub fn written(&self, key: &str) -> Vec<String> {
        let history = self.history.borrow();
        history.get(key).map(|all| all.iter().map(|w| w.value.clone()).collect()).unwrap_or_default()
    }

    /// Every key ever written.
    pub fn keys(&self) -> Vec<String> {
        self.history.borrow().keys().cloned().collect()
    }
}
