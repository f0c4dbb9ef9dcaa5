//! Keeps which accounts have something for an App: users who let it act for them, and members with own Access Tokens.

use super::AppTraffic;
use gatehouse_domain::grant::Granted;
use gatehouse_domain::ports::{Clock, Objects, Sql, SqlError};
use gatehouse_shared::model::{AccountId, DAY_SECONDS, UnixSeconds};

/// For how long it is kept that a user took back what they granted, in
/// seconds: longer than an older word of their Account may be on its way.
const REVOKED_SECONDS: u64 = DAY_SECONDS;

impl<R: Sql + Clock + Objects> AppTraffic<R> {
    /// What a user's Account says; an older word never replaces a newer one.
    pub(super) fn put_grantee(&self, user: AccountId, version: u64, granted: Granted) -> Result<(), SqlError> {
        self.runtime.exec(
            "INSERT INTO grantee(user, version, granted, changed_at) VALUES (?, ?, ?, ?) ON CONFLICT(user) DO UPDATE \
             SET version = excluded.version, granted = excluded.granted, changed_at = excluded.changed_at \
             WHERE excluded.version > grantee.version",
            &[user.to_string().into(), version.into(), column(granted).into(), self.now()],
        )?;
        let is_over = granted == Granted::Nothing;
        if is_over || self.is_deleted()? {
            self.wake_by(self.runtime.now().seconds().plus(if is_over { REVOKED_SECONDS } else { 0 }))?;
        }
        Ok(())
    }

    pub(super) fn forget_revoked_grantees(&self) -> Result<(), SqlError> {
        let over = self.runtime.now().seconds().0.saturating_sub(REVOKED_SECONDS).into();
        self.runtime.exec("DELETE FROM grantee WHERE granted = 0 AND changed_at <= ?", &[over])?;
        Ok(())
    }

    /// When [`Self::forget_revoked_grantees`] has something next.
    pub(super) fn first_revoked_ends(&self) -> Result<Option<UnixSeconds>, SqlError> {
        let rows = self.runtime.exec("SELECT min(changed_at) FROM grantee WHERE granted = 0", &[])?;
        let at = rows.first().and_then(|row| row.number(0).ok());
        Ok(at.map(|at| UnixSeconds(at).plus(REVOKED_SECONDS)))
    }

    /// How many users let the App act for them.
    pub(super) fn count_grantees(&self) -> Result<u64, SqlError> {
        let rows = self.runtime.exec("SELECT count(*) FROM grantee WHERE granted = 1", &[])?;
        rows.first().map_or(Ok(0), |row| row.number(0))
    }
}

/// What the column `granted` holds.
fn column(granted: Granted) -> u64 {
    match granted {
        Granted::Nothing => 0,
        Granted::Consent => 1,
        Granted::OwnTokens => 2,
    }
}
