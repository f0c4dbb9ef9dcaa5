use super::AppGate;
use crate::ports::{Clock, Sql, SqlError};
use gatehouse_shared::model::AccountId;

impl<R: Sql + Clock> AppGate<R> {
    /// What a user's Ledger says; an older word never replaces a newer one.
    pub(super) fn put_grantee(&self, user: AccountId, version: u64, granted: bool) -> Result<(), SqlError> {
        let statement = "SELECT 1 FROM grantee WHERE user = ? AND granted = 1 AND version < ?";
        let was_granted = !self.runtime.exec(statement, &[user.to_string().into(), version.into()])?.is_empty();
        self.runtime.exec(
            "INSERT INTO grantee(user, version, granted) VALUES (?, ?, ?) ON CONFLICT(user) DO UPDATE \
             SET version = excluded.version, granted = excluded.granted WHERE excluded.version > grantee.version",
            &[user.to_string().into(), version.into(), u64::from(granted).into()],
        )?;
        if was_granted && !granted {
            // What the user agreed to before, and the App did not redeem yet, goes as well.
            self.runtime.exec(
                "DELETE FROM request_token WHERE json_extract(doc, '$.approved.user') = ?",
                &[user.to_string().into()],
            )?;
        }
        Ok(())
    }

    pub(super) fn count_grantees(&self) -> Result<u64, SqlError> {
        let rows = self.runtime.exec("SELECT count(*) FROM grantee WHERE granted = 1", &[])?;
        Ok(rows.first().map_or(Ok(0), |row| row.integer(0))? as u64)
    }
}
