//! Keeps the nonces of signed requests, so that each passes once.

use super::AppTraffic;
use gatehouse_domain::message::app_traffic::NonceOutcome;
use gatehouse_domain::ports::{Clock, Sql, SqlError};
use gatehouse_shared::model::UnixSeconds;

/// How long a nonce is kept after its timestamp, in minutes: more than the
/// longest window that can be set (`SIGNATURE_WINDOW_SECONDS`), so that a
/// change of the window lets nothing come again.
const KEPT_MINUTES: u64 = 17;

/// Nonces are kept by the minute in which they were signed, and forgotten by
/// the minute: one row in one tree is all that a signed request writes. A
/// digest covers its timestamp, so the same one is always looked for in the
/// same place.
fn minute(signed_at: UnixSeconds) -> u64 {
    signed_at.0 / 60
}

impl<R: Sql + Clock> AppTraffic<R> {
    pub(super) fn find_nonce(&self, digest: &str, signed_at: UnixSeconds) -> Result<NonceOutcome, SqlError> {
        let statement = "SELECT 1 FROM nonce WHERE minute = ? AND digest = ?";
        let found = self.runtime.exec(statement, &[minute(signed_at).into(), digest.into()])?;
        Ok(if found.is_empty() { NonceOutcome::First } else { NonceOutcome::Again })
    }

    pub(super) fn spend_nonce(&self, digest: &str, signed_at: UnixSeconds) -> Result<NonceOutcome, SqlError> {
        // Before the row: an alarm that finds nothing to do does no harm, a row that none comes for would stay.
        self.wake_by(signed_at.plus(60 * (KEPT_MINUTES + 1)))?;
        let statement = "INSERT INTO nonce(minute, digest) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1";
        let written = self.runtime.exec(statement, &[minute(signed_at).into(), digest.into()])?;
        Ok(if written.is_empty() { NonceOutcome::Again } else { NonceOutcome::First })
    }

    /// Forgets the minutes that are over.
    pub(super) fn forget_nonces(&self) -> Result<(), SqlError> {
        let first = minute(self.runtime.now().seconds()).saturating_sub(KEPT_MINUTES);
        self.runtime.exec("DELETE FROM nonce WHERE minute < ?", &[first.into()])?;
        Ok(())
    }

    /// When [`Self::forget_nonces`] has forgotten them all.
    pub(super) fn last_nonce_ends(&self) -> Result<Option<UnixSeconds>, SqlError> {
        let rows = self.runtime.exec("SELECT max(minute) FROM nonce", &[])?;
        let last = rows.first().and_then(|row| row.number(0).ok());
        Ok(last.map(|minute| UnixSeconds(60 * (minute + KEPT_MINUTES + 1))))
    }
}
