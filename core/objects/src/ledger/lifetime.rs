//! What an account keeps for a time ends with it, whether or not anybody comes by.

use super::{Committed, Ledger};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectPorts, PortError, SqlError, in_transaction};
use gatehouse_shared::model::{DAY_SECONDS, UnixMillis, UnixSeconds};

impl<R: ObjectPorts> Ledger<R> {
    /// Forgets what is over: sessions, authorizations, and consents that no App redeemed.
    pub(super) fn end_what_is_over(&self) -> Result<(), PortError> {
        let ended = in_transaction(&self.runtime, || {
            let now = self.runtime.now().seconds();
            self.runtime.exec("DELETE FROM session WHERE expires_at <= ?", &[now.0.into()])?;
            for mut grant in self.grants()? {
                let (families, pending) = (grant.families.len(), grant.pending.len());
                grant.families.retain(|family| now < family.ends_at());
                grant.pending.retain(|consent| now < consent.expires_at);
                if grant.families.len() < families {
                    self.store_grant(&grant, Committed::answer(&())?)?;
                } else if grant.pending.len() < pending {
                    self.save_grant(&grant)?;
                }
            }
            Ok(())
        });
        ended.map_err(|refusal: PortalError| PortError(format!("ledger: {refusal:?}")))
    }

    /// When [`Self::end_what_is_over`] is due next: once a day at the most.
    pub(super) fn next_end(&self, now: UnixMillis) -> Result<Option<UnixMillis>, SqlError> {
        let rows = self.runtime.exec("SELECT min(expires_at) FROM session", &[])?;
        let session = rows.first().and_then(|row| row.number(0).ok()).map(UnixSeconds);
        let grants = self.grants()?;
        let families = grants.iter().flat_map(|grant| &grant.families).map(|family| family.ends_at());
        let pending = grants.iter().flat_map(|grant| &grant.pending).map(|consent| consent.expires_at);
        let next = session.into_iter().chain(families).chain(pending).min();
        Ok(next.map(|at| UnixMillis(at.0.max(now.seconds().plus(DAY_SECONDS).0) * 1000)))
    }
}
