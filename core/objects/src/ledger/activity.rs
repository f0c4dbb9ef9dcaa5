//! The activity log of an account or a developer account.
//!
//! Repeats are counted in one entry, and what concerns access is kept apart
//! from the rest: neither can be pushed out of the log by doing something else
//! over and over.

use super::store::{read, write};
use super::{Committed, Ledger};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::{ActivityEntry, ActivityList};
use gatehouse_shared::model::{AppId, DAY_SECONDS};

/// Within how many seconds a repeat is counted in the entry that is there.
const REPEATS_SECONDS: u64 = 3_600;
/// How many characters of names an entry has at the most.
const MOST_NAMES: usize = 300;
/// How many entries of each kind are listed.
const MOST_LISTED: u64 = 100;

/// What an entry is about, which decides for how long it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Who can do what: sign-ins, credentials, consents, and what operators decide.
    Access,
    Other,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Access, Self::Other];

    fn of(operation: &str, by_operator: bool) -> Self {
        let other = [
            "submit_application",
            "create_project",
            "update_project",
            "create_app",
            "update_app",
            "attach_app",
            "detach_app",
        ];
        if !by_operator && other.contains(&operation) { Self::Other } else { Self::Access }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Other => "other",
        }
    }

    fn kept_seconds(self) -> u64 {
        match self {
            Self::Access => 90 * DAY_SECONDS,
            Self::Other => 30 * DAY_SECONDS,
        }
    }

    fn most(self) -> u64 {
        match self {
            Self::Access => 400,
            Self::Other => 100,
        }
    }
}

impl<R: ObjectPorts> Ledger<R> {
    /// Adds to the activity log, or counts one more repeat.
    pub fn record(
        &self,
        operation: &str,
        subject: impl Into<String>,
        app_id: Option<AppId>,
        by_operator: bool,
    ) -> Result<(), SqlError> {
        let (kind, now) = (Kind::of(operation, by_operator), self.runtime.now().seconds());
        let mut entry = ActivityEntry {
            at: now,
            operation: operation.to_owned(),
            subject: subject.into(),
            app_id,
            by_operator,
            count: 1,
        };
        // What was deleted in an hour is named in one entry, the first of it first: no later one pushes it out.
        let is_deletion = ["delete_app", "delete_project"].contains(&operation);
        let app = app_id.filter(|_| !is_deletion).map(|id| id.to_string()).unwrap_or_default();
        // Of what concerns access each thing has its own entry; of the rest each App has one.
        let of_subject = if kind == Kind::Access && !is_deletion { entry.subject.as_str() } else { "" };
        let rows = self.runtime.exec(
            "SELECT doc, seq FROM activity WHERE operation = ?1 AND app_id = ?2 AND at > ?3 \
             AND json_extract(doc, '$.by_operator') = ?4 AND (?5 = '' OR json_extract(doc, '$.subject') = ?5) \
             ORDER BY seq DESC LIMIT 1",
            &[
                operation.into(),
                app.as_str().into(),
                now.0.saturating_sub(REPEATS_SECONDS).into(),
                u64::from(by_operator).into(),
                of_subject.into(),
            ],
        )?;
        if let Some(row) = rows.first() {
            let before: ActivityEntry = read(row)?;
            entry.count = before.count.saturating_add(1);
            if is_deletion {
                entry.subject = names(before.subject, &entry.subject);
            }
            self.runtime.exec("DELETE FROM activity WHERE seq = ?", &[row.number(1)?.into()])?;
        }
        self.runtime.exec(
            "INSERT INTO activity(at, kind, operation, app_id, doc) VALUES (?, ?, ?, ?, ?)",
            &[now.0.into(), kind.as_str().into(), operation.into(), app.into(), write(&entry)?],
        )?;
        for kind in Kind::ALL {
            let oldest = now.0.saturating_sub(kind.kept_seconds());
            self.runtime
                .exec("DELETE FROM activity WHERE kind = ? AND at <= ?", &[kind.as_str().into(), oldest.into()])?;
        }
        // What was done to Apps that are gone makes room first, so that whoever creates and deletes Apps pushes out
        // nothing else.
        let statement = format!(
            "DELETE FROM activity WHERE seq IN (SELECT seq FROM activity WHERE kind = ?1 \
             ORDER BY (app_id = '' OR app_id IN ({})), seq \
             LIMIT max(0, (SELECT count(*) FROM activity WHERE kind = ?1) - ?2))",
            self.kind.apps_kept
        );
        self.runtime.exec(&statement, &[kind.as_str().into(), kind.most().into()])?;
        Ok(())
    }

    pub fn list_activity(&self, app_id: Option<AppId>) -> Result<Committed, PortalError> {
        let app = app_id.map(|id| id.to_string()).unwrap_or_default();
        let mut found: Vec<(u64, ActivityEntry)> = Vec::new();
        for kind in Kind::ALL {
            let oldest = self.runtime.now().seconds().0.saturating_sub(kind.kept_seconds());
            let rows = self.runtime.exec(
                "SELECT doc, seq FROM activity WHERE kind = ?1 AND at > ?2 AND (?3 = '' OR app_id = ?3) \
                 ORDER BY seq DESC LIMIT ?4",
                &[kind.as_str().into(), oldest.into(), app.as_str().into(), MOST_LISTED.into()],
            )?;
            for row in &rows {
                found.push((row.number(1)?, read(row)?));
            }
        }
        found.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
        let entries = found.into_iter().map(|(_, entry)| entry).collect();
        Committed::answer(&ActivityList { entries })
    }
}

/// Adds a name to others, as long as there is room.
fn names(before: String, more: &str) -> String {
    if before.ends_with('…') {
        return before;
    }
    let fits = before.chars().count() + more.chars().count() <= MOST_NAMES;
    format!("{before}, {}", if fits { more } else { "…" })
}
