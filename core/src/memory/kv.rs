use gatehouse_shared::model::UnixMillis;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Workers KV in memory: every key keeps its history, and a read may see any
/// state of the last `staleness` milliseconds, absence included.
#[derive(Default)]
pub struct MemoryKv {
    history: RefCell<BTreeMap<String, Vec<Written>>>,
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

    pub fn put(&self, key: &str, value: &str, at: UnixMillis, lifetime_seconds: Option<u64>) {
        let until = lifetime_seconds.map(|seconds| at.plus_seconds(seconds));
        let written = Written { at, value: value.to_owned(), until };
        self.history.borrow_mut().entry(key.to_owned()).or_default().push(written);
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
