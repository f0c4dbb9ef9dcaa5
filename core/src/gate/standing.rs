//! Whether a connection that was let pass may stay: its credential is looked
//! at again and again, for as long as the connection lives.

use super::Head;
use super::decide;
use super::present::{Presented, present};
use super::reason::Reason;
use crate::deployment::Deployment;
use crate::ports::EdgePorts;
use gatehouse_shared::model::UnixSeconds;

/// What becomes of an open connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Stands,
    /// Its credential was revoked or has ended, or may not do this any more.
    Ended,
    /// Storage did not answer.
    Unknown,
}

impl<R: EdgePorts> Deployment<R> {
    /// Whether a request that was let pass at `opened_at` would still be, but
    /// for what it has used up: its nonce, its time and its share of a limit.
    /// Rests on records that are as fresh as for a request; counts nothing.
    pub async fn still_stands(&self, head: &Head<'_>, opened_at: UnixSeconds) -> Standing {
        let Some(version) = self.settings.api.version_of(head.path()) else { return Standing::Ended };
        let Ok(presented) = present(&self.settings, head) else { return Standing::Ended };
        let verified = match &presented {
            Presented::Bearer { public, secret } => self.verify_bearer(public, secret).await,
            Presented::User(token) => self.verify_access_token(token).await,
            Presented::Signed(signed) => self.verify_signed(&head.received(None), signed, opened_at).await,
            // A request that opens a connection has no body.
            Presented::InBody { .. } => return Standing::Ended,
        };
        let allowed = verified.and_then(|caller| {
            let decided = self.on_app(caller.app_id(), |app| decide(version, head.method, head.path(), &caller, app));
            decided.unwrap_or_else(|| Err(Reason::StorageFailed("the App's record went away".to_owned())))
        });
        match allowed {
            Ok(_) => Standing::Stands,
            Err(Reason::StorageFailed(_)) => Standing::Unknown,
            Err(_) => Standing::Ended,
        }
    }
}
