//! What an account keeps for a time ends with it, whether or not anybody comes by.

use super::Account;
use crate::ledger::Committed;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::model::{DAY_SECONDS, UnixMillis, UnixSeconds};

impl<R: ObjectPorts> Account<R> {
    /// Forgets what is over: sessions, authorizations, consents that no App
    /// redeemed, and ends of memberships.
    pub(super) fn end_over(&self) -> Result<(), PortalError> {
        let now = self.ledger.runtime.now().seconds();
        self.ledger.runtime.exec("DELETE FROM session WHERE expires_at <= ?", &[now.0.into()])?;
        self.forget_ends()?;
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
    }

    /// When [`Self::end_over`] is due next: once a day at the most.
    pub(super) fn next_over(&self, now: UnixMillis) -> Result<Option<UnixMillis>, SqlError> {
        let first = |statement: &str| -> Result<Option<UnixSeconds>, SqlError> {
            let rows = self.ledger.runtime.exec(statement, &[])?;
            Ok(rows.first().and_then(|row| row.number(0).ok()).map(UnixSeconds))
        };
        let session = first("SELECT min(expires_at) FROM session")?;
        let ended =
            "SELECT min(ended_at) FROM (SELECT ended_at FROM membership UNION ALL SELECT ended_at FROM invitation)";
        let ended = first(ended)?.map(|at| at.plus(DAY_SECONDS));
        let grants = self.grants()?;
        let families = grants.iter().flat_map(|grant| &grant.families).map(|family| family.ends_at());
        let pending = grants.iter().flat_map(|grant| &grant.pending).map(|consent| consent.expires_at);
        let next = session.into_iter().chain(ended).chain(families).chain(pending).min();
        Ok(next.map(|at| UnixMillis(at.0.max(now.seconds().plus(DAY_SECONDS).0) * 1000)))
    }
}
