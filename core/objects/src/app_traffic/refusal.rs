//! Keeps an App's refusals for its owner.

use super::AppTraffic;
use gatehouse_domain::format::decode;
use gatehouse_domain::message::app_traffic::MOST_REFUSALS;
use gatehouse_domain::ports::{Clock, Sql, SqlError, Value};
use gatehouse_shared::api::RefusalView;
use gatehouse_shared::model::{DAY_SECONDS, UnixSeconds};

/// How many it keeps besides of those that anybody can cause who knows an API
/// Key or a client ID, and how many of these it takes in a minute.
const MOST_UNPROVEN: u32 = 100;
const MOST_UNPROVEN_A_MINUTE: u64 = 20;
/// For how long one is kept, in seconds: 30 days.
const KEPT_SECONDS: u64 = 30 * DAY_SECONDS;
/// How many of each kind are listed.
const MOST_LISTED: u64 = 50;

impl<R: Sql + Clock> AppTraffic<R> {
    pub(super) fn put_refusals(&self, refusals: &[RefusalView]) -> Result<(), SqlError> {
        for refusal in refusals {
            if !refusal.proven && !self.has_room_for_unproven()? {
                continue;
            }
            let doc = serde_json::to_string(refusal).map_err(|error| SqlError(format!("refusal: {error}")))?;
            self.runtime.exec(
                "INSERT OR REPLACE INTO refusal(request_id, proven, doc) VALUES (?, ?, ?)",
                &[refusal.request_id.as_str().into(), u64::from(refusal.proven).into(), doc.into()],
            )?;
        }
        self.forget_refusals()?;
        for (proven, most) in [(0u64, MOST_UNPROVEN), (1, MOST_REFUSALS)] {
            self.runtime.exec(
                "DELETE FROM refusal WHERE seq IN \
                 (SELECT seq FROM refusal WHERE proven = ? ORDER BY seq DESC LIMIT -1 OFFSET ?)",
                &[proven.into(), u64::from(most).into()],
            )?;
        }
        self.wake_by(self.runtime.now().seconds().plus(KEPT_SECONDS))
    }

    fn has_room_for_unproven(&self) -> Result<bool, SqlError> {
        let since = self.runtime.now().seconds().0.saturating_sub(60);
        let counted = "SELECT count(*) FROM refusal WHERE json_extract(doc, '$.at') > ? AND proven = 0";
        let rows = self.runtime.exec(counted, &[since.into()])?;
        let count = rows.first().map(|row| row.integer(0)).transpose()?.unwrap_or_default();
        Ok(u64::try_from(count).is_ok_and(|count| count < MOST_UNPROVEN_A_MINUTE))
    }

    fn oldest_kept(&self) -> Value {
        self.runtime.now().seconds().0.saturating_sub(KEPT_SECONDS).into()
    }

    /// Forgets those that are too old.
    pub(super) fn forget_refusals(&self) -> Result<(), SqlError> {
        self.runtime.exec("DELETE FROM refusal WHERE json_extract(doc, '$.at') < ?", &[self.oldest_kept()])?;
        Ok(())
    }

    /// When [`Self::forget_refusals`] has something next.
    pub(super) fn first_refusal_ends(&self) -> Result<Option<UnixSeconds>, SqlError> {
        let rows = self.runtime.exec("SELECT min(json_extract(doc, '$.at')) FROM refusal", &[])?;
        let at = rows.first().and_then(|row| row.number(0).ok());
        Ok(at.map(|at| UnixSeconds(at).plus(KEPT_SECONDS + 1)))
    }

    /// The newest of each kind, or the one of a request; none that is too old,
    /// also where the alarm is late.
    pub(super) fn refusals(&self, request_id: Option<&str>) -> Result<Vec<RefusalView>, SqlError> {
        let rows = match request_id {
            Some(id) => self.runtime.exec(
                "SELECT doc FROM refusal WHERE request_id = ? AND json_extract(doc, '$.at') >= ?",
                &[id.into(), self.oldest_kept()],
            )?,
            None => self.runtime.exec(
                "SELECT doc FROM refusal WHERE json_extract(doc, '$.at') >= ?1 AND seq IN \
                 (SELECT seq FROM (SELECT seq FROM refusal WHERE proven = 1 ORDER BY seq DESC LIMIT ?2) UNION ALL \
                 SELECT seq FROM (SELECT seq FROM refusal WHERE proven = 0 ORDER BY seq DESC LIMIT ?2)) \
                 ORDER BY seq DESC",
                &[self.oldest_kept(), MOST_LISTED.into()],
            )?,
        };
        rows.iter().map(|row| decode("refusal", row.text(0)?).map_err(SqlError)).collect()
    }
}
