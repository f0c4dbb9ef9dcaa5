use super::AppGate;
use crate::ports::{Clock, Sql, SqlError};
use gatehouse_shared::model::AccountId;

impl<R: Sql + Clock> AppGate<R> {
    /// What a user's Ledger says; an older word never replaces a newer one.
    pub(super) fn put_grantee(&self, user: AccountId, version: u64, granted: bool) -> Result<(), SqlError> {
        self.runtime.exec(
            "INSERT INTO grantee(user, version, granted) VALUES (?, ?, ?) ON CONFLICT(user) DO UPDATE \
             SET version = excluded.version, granted = excluded.granted WHERE excluded.version > grantee.version",
            &[user.to_string().into(), version.into(), u64::from(granted).into()],
        )?;
        Ok(())
    }

    pub(super) fn count_grantees(&self) -> Result<u64, SqlError> {
        let rows = self.runtime.exec("SELECT count(*) FROM grantee WHERE granted = 1", &[])?;
        Ok(rows.first().map_or(Ok(0), |row| row.integer(0))? as u64)
    }
}
