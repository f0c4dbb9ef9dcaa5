//! Refused requests on their way to the Apps' objects.

use gatehouse_shared::api::RefusalView;
use gatehouse_shared::model::{AppId, UnixMillis};
use std::collections::{BTreeMap, HashMap};

/// How many refusals of one App an isolate keeps between two reports; more of
/// them are not kept, whoever sends them. Of those whose caller proved nothing,
/// fewer: they must not be in the way of the others.
const MOST_OF_APP: u32 = 10;
const MOST_UNPROVEN_OF_APP: u32 = 3;
const MOST: usize = 200;
/// How long after a report the next one may go out, in milliseconds.
const REPORT_MILLIS: u64 = 1_000;

/// What was refused of late, on its way to the Apps' owners.
#[derive(Default)]
pub struct RefusalLog {
    waiting: Vec<RefusalView>,
    /// By App, and whether its caller was proven.
    of_app: HashMap<(AppId, bool), u32>,
    reported_at: UnixMillis,
}

impl RefusalLog {
    /// Whether there is room for one more of an App, by whether its caller is
    /// proven.
    pub fn has_room(&self, app_id: AppId, is_proven: bool) -> bool {
        let most = if is_proven { MOST_OF_APP } else { MOST_UNPROVEN_OF_APP };
        self.waiting.len() < MOST && self.of_app.get(&(app_id, is_proven)).is_none_or(|count| *count < most)
    }

    /// Keeps a refusal, if there is room for one more of its kind.
    pub fn note(&mut self, refusal: RefusalView) {
        let (app_id, is_proven) = (refusal.app_id, refusal.proven);
        if self.has_room(app_id, is_proven) {
            *self.of_app.entry((app_id, is_proven)).or_default() += 1;
            self.waiting.push(refusal);
        }
    }

    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether something waits, and the last report is long enough ago.
    pub fn is_due(&self, now: UnixMillis) -> bool {
        self.is_waiting() && now.0 >= self.reported_at.0.saturating_add(REPORT_MILLIS)
    }

    /// Takes what is to be reported, if it is due.
    pub fn take(&mut self, now: UnixMillis) -> BTreeMap<AppId, Vec<RefusalView>> {
        let mut by_app: BTreeMap<AppId, Vec<RefusalView>> = BTreeMap::new();
        if self.is_due(now) {
            self.reported_at = now;
            self.of_app.clear();
            for refusal in self.waiting.drain(..) {
                by_app.entry(refusal.app_id).or_default().push(refusal);
            }
        }
        by_app
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_shared::model::UnixSeconds;

    fn refusal(app_id: AppId) -> RefusalView {
        refused(app_id, true)
    }

    fn refused(app_id: AppId, proven: bool) -> RefusalView {
        RefusalView {
            request_id: String::new(),
            app_id,
            at: UnixSeconds(0),
            method: "GET".into(),
            path: "/2/notes".into(),
            status: 403,
            reason: "permission-too-low".into(),
            text: String::new(),
            help: String::new(),
            evidence: Vec::new(),
            proven,
        }
    }

    #[test]
    fn one_app_leaves_room_for_the_others_and_reports_keep_their_distance() {
        let (mut log, [one, other]) = (RefusalLog::default(), [1, 2].map(|n| AppId::from_random([n; 8])));
        while log.has_room(one, true) {
            log.note(refusal(one));
        }
        assert!(log.has_room(other, true));
        log.note(refusal(other));
        let first = log.take(UnixMillis(5_000));
        assert_eq!((first[&one].len(), first[&other].len()), (10, 1));
        log.note(refusal(one));
        assert!(log.take(UnixMillis(5_999)).is_empty());
        assert_eq!(log.take(UnixMillis(6_000))[&one].len(), 1);
    }

    #[test]
    fn what_anybody_can_cause_leaves_room_for_what_the_app_itself_caused() {
        let (mut log, app) = (RefusalLog::default(), AppId::from_random([1; 8]));
        for _ in 0..100 {
            log.note(refused(app, false));
        }
        assert!(log.has_room(app, true));
        for _ in 0..100 {
            log.note(refusal(app));
        }
        assert!(!log.has_room(app, true));
        let noted = log.take(UnixMillis(5_000)).remove(&app).unwrap_or_default();
        let unproven = noted.iter().filter(|refusal| !refusal.proven).count();
        assert_eq!((unproven, noted.len() - unproven), (3, 10));
    }
}
