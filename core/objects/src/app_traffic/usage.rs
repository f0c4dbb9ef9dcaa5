//! Tells and forgets what an App used.

use super::AppTraffic;
use super::column::user_text;
use gatehouse_domain::message::app_traffic::{UsageRow, WindowRow};
use gatehouse_domain::ports::{Clock, Sql, SqlError, Value};
use gatehouse_shared::model::{AccountId, DAY_SECONDS, ProjectId, UnixSeconds, month_of};

/// For how many days usage is kept.
pub(super) const USAGE_DAYS: u64 = 400;

impl<R: Sql + Clock> AppTraffic<R> {
    /// The App's requests since a day; all, or those as an App of one Project.
    pub(super) fn usage(&self, since: u64, project: Option<ProjectId>) -> Result<Vec<UsageRow>, SqlError> {
        let project = project.map_or(Value::Null, |project| project.to_string().into());
        let rows = self.runtime.exec(
            "SELECT day, class, sum(requests) FROM usage WHERE day >= ?1 AND (?2 IS NULL OR project = ?2) \
             GROUP BY day, class HAVING sum(requests) > 0 ORDER BY day, class",
            &[since.into(), project],
        )?;
        rows.iter()
            .map(|row| Ok(UsageRow { day: row.number(0)?, class: row.text(1)?.to_owned(), requests: row.number(2)? }))
            .collect()
    }

    /// Forgets the days that are too old.
    pub(super) fn forget_usage(&self) -> Result<(), SqlError> {
        let today = self.runtime.now().seconds().0 / DAY_SECONDS;
        self.runtime.exec("DELETE FROM usage WHERE day < ?", &[today.saturating_sub(USAGE_DAYS).into()])?;
        Ok(())
    }

    /// When [`Self::forget_usage`] has something next.
    pub(super) fn first_usage_ends(&self) -> Result<Option<UnixSeconds>, SqlError> {
        let rows = self.runtime.exec("SELECT min(day) FROM usage", &[])?;
        let day = rows.first().and_then(|row| row.number(0).ok());
        Ok(day.map(|day| UnixSeconds((day + USAGE_DAYS + 1) * DAY_SECONDS)))
    }

    /// Forgets what this App had of months that are over.
    pub(super) fn forget_months(&self) -> Result<(), SqlError> {
        let number = month_of(self.runtime.now().seconds()).number;
        self.runtime.exec(
            "DELETE FROM month WHERE number < ?1 OR (reserved <= leased AND EXISTS (SELECT 1 FROM app WHERE deleted_at \
             IS NOT NULL))",
            &[number.into()],
        )?;
        Ok(())
    }

    /// When [`Self::forget_months`] has something next.
    pub(super) fn month_ends(&self) -> Result<Option<UnixSeconds>, SqlError> {
        let is_empty = self.runtime.exec("SELECT 1 FROM month LIMIT 1", &[])?.is_empty();
        Ok((!is_empty).then(|| month_of(self.runtime.now().seconds()).ends_at))
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
                    ends_at: UnixSeconds(row.number(1)?),
                    leased: u32::try_from(row.number(2)?).unwrap_or(u32::MAX),
                })
            })
            .collect()
    }
}
