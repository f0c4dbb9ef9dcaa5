use super::{AppGate, Spent};
use crate::ports::{Clock, Sql, SqlError};
use gatehouse_shared::model::UnixSeconds;

impl<R: Sql + Clock> AppGate<R> {
    pub(super) fn find_nonce(&self, digest: &str) -> Result<Spent, SqlError> {
        let found = self.runtime.exec("SELECT 1 FROM nonce WHERE digest = ?", &[digest.into()])?;
        Ok(if found.is_empty() { Spent::First } else { Spent::Again })
    }

    pub(super) fn spend_nonce(&self, digest: &str, keep_until: UnixSeconds) -> Result<Spent, SqlError> {
        let statement = "INSERT INTO nonce(digest, keep_until) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1";
        if self.runtime.exec(statement, &[digest.into(), keep_until.0.into()])?.is_empty() {
            return Ok(Spent::Again);
        }
        self.runtime.exec("DELETE FROM nonce WHERE keep_until < ?", &[self.now()])?;
        self.wake_by(keep_until)?;
        Ok(Spent::First)
    }
}
