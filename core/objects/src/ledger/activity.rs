//! The activity log of an account or a developer account.
//!
//! Repeats are counted in one entry, and what concerns access is kept apart
//! from the rest: neither can be pushed out of the log by doing something else
//! over and over.

use super::act::{Act, as_shown};
use super::store::{read, write};
use super::{Committed, Ledger, Publication};
use gatehouse_domain::message::activity::ActivityFilter;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::{ActivityEntry, ActivityList, ActorKind, FieldChange};
use gatehouse_shared::model::{DAY_SECONDS, UnixSeconds};

/// The operation of a sign-in that failed.
pub(crate) const FAILED: &str = "fail_session";
/// How many characters of names an entry has at the most.
const MOST_NAMES: usize = 300;
/// How many entries of each kind are listed.
const MOST_LISTED: usize = 100;

/// What an entry is about, which decides for how long it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Who can do what: sign-ins, credentials, consents, and what operators decide.
    Access,
    /// Sign-ins that failed: others make these, as many as they like.
    Failed,
    Other,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Access, Self::Failed, Self::Other];

    fn of(operation: &str, actor: ActorKind) -> Self {
        if operation == FAILED {
            return Self::Failed;
        }
        let other = [
            "submit_application",
            "create_project",
            "update_project",
            "create_app",
            "update_app",
            "attach_app",
            "detach_app",
        ];
        if actor != ActorKind::Operator && other.contains(&operation) { Self::Other } else { Self::Access }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Failed => "failed",
            Self::Other => "other",
        }
    }

    fn kept_seconds(self) -> u64 {
        match self {
            Self::Access | Self::Failed => 90 * DAY_SECONDS,
            Self::Other => 30 * DAY_SECONDS,
        }
    }

    fn most(self) -> u64 {
        match self {
            Self::Access => 400,
            Self::Failed => 20,
            Self::Other => 100,
        }
    }

    /// Within how many seconds a repeat is counted in the entry that is there.
    fn repeats_seconds(self) -> u64 {
        match self {
            Self::Failed => DAY_SECONDS,
            Self::Access | Self::Other => 3_600,
        }
    }
}

impl<R: ObjectPorts> Ledger<R> {
    /// Tells a change in the activity log and in the audit log.
    pub fn record(&self, act: Act) -> Result<(), SqlError> {
        self.audit(&act)?;
        self.note(act)
    }

    /// Posts a change to the audit log alone.
    pub fn audit(&self, act: &Act) -> Result<(), SqlError> {
        let rows = self.runtime.exec(
            "INSERT INTO counter(name, value) VALUES ('audit', 1) ON CONFLICT DO UPDATE SET value = value + 1 \
             RETURNING value",
            &[],
        )?;
        let number = rows.first().map_or(Ok(1), |row| row.number(0))?;
        self.post(number, &Publication::Audit(Box::new(self.audit_entry(act, number)?)))
    }

    /// Adds to the activity log alone, or counts one more repeat.
    pub fn note(&self, act: Act) -> Result<(), SqlError> {
        let actor = as_shown(self.acting()?.actor);
        let (kind, now) = (Kind::of(act.operation, actor.kind), self.runtime.now().seconds());
        let by = actor.account_id.map_or_else(|| actor.kind.as_str().to_owned(), |id| id.to_string());
        let mut entry = ActivityEntry {
            at: now,
            operation: act.operation.to_owned(),
            subject: act.subject,
            app_id: act.app_id,
            project_id: act.project_id,
            actor,
            changes: act.changes,
            count: act.count,
        };
        // What was deleted in an hour is named in one entry, the first of it first: no later one pushes it out.
        let is_deletion = ["delete_app", "delete_project"].contains(&act.operation);
        let app = act.app_id.filter(|_| !is_deletion).map(|id| id.to_string()).unwrap_or_default();
        // Of what concerns access each thing has its own entry; of the rest each App has one.
        let of_subject = if kind == Kind::Access && !is_deletion { entry.subject.as_str() } else { "" };
        let rows = self.runtime.exec(
            "SELECT doc, seq FROM activity WHERE operation = ?1 AND app_id = ?2 AND at > ?3 \
             AND actor = ?4 AND (?5 = '' OR json_extract(doc, '$.subject') = ?5) \
             ORDER BY seq DESC LIMIT 1",
            &[
                act.operation.into(),
                app.as_str().into(),
                now.0.saturating_sub(kind.repeats_seconds()).into(),
                by.as_str().into(),
                of_subject.into(),
            ],
        )?;
        if let Some(row) = rows.first() {
            let before: ActivityEntry = read(row)?;
            entry.count = before.count.saturating_add(entry.count);
            entry.changes = over_both(before.changes, entry.changes);
            if is_deletion {
                entry.subject = names(before.subject, &entry.subject);
            }
            self.runtime.exec("DELETE FROM activity WHERE seq = ?", &[row.number(1)?.into()])?;
        }
        self.runtime.exec(
            "INSERT INTO activity(at, kind, operation, app_id, actor, doc) VALUES (?, ?, ?, ?, ?, ?)",
            &[now.0.into(), kind.as_str().into(), act.operation.into(), app.into(), by.into(), write(&entry)?],
        )?;
        self.forget_activity(now)
    }

    fn forget_activity(&self, now: UnixSeconds) -> Result<(), SqlError> {
        for kind in Kind::ALL {
            let oldest = now.0.saturating_sub(kind.kept_seconds());
            self.runtime
                .exec("DELETE FROM activity WHERE kind = ? AND at <= ?", &[kind.as_str().into(), oldest.into()])?;
            // What was done to Apps that are gone makes room first, so that whoever creates and deletes Apps pushes out
            // nothing else.
            let statement = format!(
                "DELETE FROM activity WHERE seq IN (SELECT seq FROM activity WHERE kind = ?1 \
                 ORDER BY (app_id = '' OR app_id IN ({})), seq \
                 LIMIT max(0, (SELECT count(*) FROM activity WHERE kind = ?1) - ?2))",
                self.kind.apps_kept
            );
            self.runtime.exec(&statement, &[kind.as_str().into(), kind.most().into()])?;
        }
        Ok(())
    }

    /// The newest entries that a filter lets through.
    pub fn list_activity(&self, filter: &ActivityFilter) -> Result<Committed, PortalError> {
        let mut found: Vec<(u64, ActivityEntry)> = Vec::new();
        for kind in Kind::ALL {
            let oldest = self.runtime.now().seconds().0.saturating_sub(kind.kept_seconds());
            let rows = self.runtime.exec(
                "SELECT doc, seq FROM activity WHERE kind = ?1 AND at > ?2 ORDER BY seq DESC",
                &[kind.as_str().into(), oldest.into()],
            )?;
            let mut listed = 0;
            for row in &rows {
                let entry: ActivityEntry = read(row)?;
                if listed < MOST_LISTED && filter.takes(&entry) {
                    found.push((row.number(1)?, entry));
                    listed += 1;
                }
            }
        }
        found.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
        let entries = found.into_iter().map(|(_, entry)| entry).collect();
        Committed::answer(&ActivityList { entries })
    }
}

/// What two changes did to each field, one after the other.
fn over_both(before: Vec<FieldChange>, after: Vec<FieldChange>) -> Vec<FieldChange> {
    let mut all = before;
    for change in after {
        match all.iter_mut().find(|earlier| earlier.field == change.field) {
            Some(earlier) => earlier.to = change.to,
            None => all.push(change),
        }
    }
    // What is as it was before did not change.
    all.retain(|change| change.from != change.to);
    all
}

/// Adds a name to others, as long as there is room.
fn names(before: String, more: &str) -> String {
    if before.ends_with('…') {
        return before;
    }
    let fits = before.chars().count() + more.chars().count() <= MOST_NAMES;
    format!("{before}, {}", if fits { more } else { "…" })
}
