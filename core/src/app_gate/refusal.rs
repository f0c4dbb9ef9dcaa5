use super::AppGate;
use crate::format::decode;
use crate::ports::{Clock, Sql, SqlError};
use gatehouse_shared::api::RefusalView;

/// How many refused requests an App's gate keeps: some 500 kB at the most.
pub const MOST_REFUSALS: u32 = 200;
/// For how long one is kept, in seconds: 30 days.
const KEPT_SECONDS: u64 = 30 * 86_400;
/// How many are listed.
const MOST_LISTED: u64 = 50;

impl<R: Sql + Clock> AppGate<R> {
    pub(super) fn put_refusals(&self, refusals: &[RefusalView]) -> Result<(), SqlError> {
        for refusal in refusals {
            let doc = serde_json::to_string(refusal).map_err(|error| SqlError(format!("refusal: {error}")))?;
            self.runtime.exec(
                "INSERT OR REPLACE INTO refusal(request_id, doc) VALUES (?, ?)",
                &[refusal.request_id.as_str().into(), doc.into()],
            )?;
        }
        let kept = u64::from(MOST_REFUSALS).into();
        let old = self.runtime.now().seconds().0.saturating_sub(KEPT_SECONDS).into();
        self.runtime.exec("DELETE FROM refusal WHERE json_extract(doc, '$.at') < ?", &[old])?;
        self.runtime.exec("DELETE FROM refusal WHERE seq <= (SELECT max(seq) FROM refusal) - ?", &[kept])?;
        Ok(())
    }

    /// The newest, or the one of a request.
    pub(super) fn refusals(&self, request_id: Option<&str>) -> Result<Vec<RefusalView>, SqlError> {
        let rows = match request_id {
            Some(id) => self.runtime.exec("SELECT doc FROM refusal WHERE request_id = ?", &[id.into()])?,
            None => self.runtime.exec("SELECT doc FROM refusal ORDER BY seq DESC LIMIT ?", &[MOST_LISTED.into()])?,
        };
        rows.iter().map(|row| decode("refusal", row.text(0)?).map_err(SqlError)).collect()
    }
}
