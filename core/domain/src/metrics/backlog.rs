//! What waits in the outboxes of objects.

use gatehouse_shared::model::UnixSeconds;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What waits in one outbox, or in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// At least one.
    pub count: u64,
    /// When the oldest of it was posted.
    pub since: UnixSeconds,
}

/// The outboxes in which something waits, by their objects.
#[derive(Default)]
pub struct Backlogs(RefCell<BTreeMap<String, Backlog>>);

impl Backlogs {
    /// Notes what waits in an object's outbox.
    pub fn note(&self, object: &str, backlog: Option<Backlog>) {
        let mut all = self.0.borrow_mut();
        match (backlog, all.get_mut(object)) {
            (Some(backlog), Some(noted)) => *noted = backlog,
            (Some(backlog), None) => {
                all.insert(object.to_owned(), backlog);
            }
            (None, _) => {
                all.remove(object);
            }
        }
    }

    /// Whether nothing waits, as far as was told.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// All of them together; `None` where nothing waits.
    pub fn sum(&self) -> Option<Backlog> {
        let all = self.0.borrow();
        let since = all.values().map(|backlog| backlog.since).min()?;
        Some(Backlog { count: all.values().map(|backlog| backlog.count).sum(), since })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outboxes_are_summed_and_an_empty_one_is_dropped() {
        let backlogs = Backlogs::default();
        assert_eq!(backlogs.sum(), None);
        let backlog = |count, since| Some(Backlog { count, since: UnixSeconds(since) });
        backlogs.note("a", backlog(2, 100));
        backlogs.note("b", backlog(1, 90));
        backlogs.note("a", backlog(3, 100));
        assert_eq!(backlogs.sum(), backlog(4, 90));
        backlogs.note("b", None);
        assert_eq!(backlogs.sum(), backlog(3, 100));
        backlogs.note("a", None);
        backlogs.note("a", None);
        assert_eq!(backlogs.sum(), None);
        assert!(backlogs.is_empty());
    }
}
