use super::AppGate;
use super::lease::user_text;
use crate::ports::{Clock, Sql, SqlError, Value};
use gatehouse_shared::model::{AccountId, ProjectId, UnixSeconds};
use serde::{Deserialize, Serialize};

/// Requests that passed on a day, of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRow {
    /// Days since 1970-01-01.
    pub day: u64,
    pub class: String,
    pub requests: u64,
}

/// How much of a window is leased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowRow {
    pub class: String,
    pub ends_at: UnixSeconds,
    pub leased: u32,
}

impl<R: Sql + Clock> AppGate<R> {
    /// The App's requests since a day; all, or those as an App of one Project.
    pub(super) fn usage(&self, since: u64, project: Option<ProjectId>) -> Result<Vec<UsageRow>, SqlError> {
        let project = project.map_or(Value::Null, |project| project.to_string().into());
        let rows = self.runtime.exec(
            "SELECT day, class, sum(requests) FROM usage WHERE day >= ?1 AND (?2 IS NULL OR project = ?2) \
             GROUP BY day, class HAVING sum(requests) > 0 ORDER BY day, class",
            &[since.into(), project],
        )?;
        rows.iter()
            .map(|row| {
                Ok(UsageRow {
                    day: row.integer(0)? as u64,
                    class: row.text(1)?.to_owned(),
                    requests: row.integer(2)? as u64,
                })
            })
            .collect()
    }

    /// The windows of a user, or of the App itself, that have not ended.
    pub(super) fn windows(&self, user: Option<AccountId>) -> Result<Vec<WindowRow>, SqlError> {
        let rows = self.runtime.exec(
            "SELECT class, ends_at, leased FROM rate_window WHERE user = ? AND ends_at > ?",
            &[user_text(user).into(), self.now()],
        )?;
        rows.iter()
            .map(|row| {
                Ok(WindowRow {
                    class: row.text(0)?.to_owned(),
                    ends_at: UnixSeconds(row.integer(1)? as u64),
                    leased: row.integer(2)? as u32,
                })
            })
            .collect()
    }
}
