//! Whether a connection that was let pass may stay: its credential is looked
//! at again and again, for as long as the connection lives.

use super::verify::Claim;
use crate::isolate::Isolate;
use gatehouse_domain::gate::{Presented, Reason, present};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_domain::request::RequestHead;
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

impl<R: EdgePorts> Isolate<R> {
    /// Whether a request that was let pass at `opened_at` would still be, but
    /// for what it has used up: its nonce, its time and its share of a limit.
    /// Rests on records that are as fresh as for a request; counts nothing.
    pub async fn still_stands(&self, head: &RequestHead<'_>, opened_at: UnixSeconds) -> Standing {
        let Some(version) = self.settings.api.version_of(head.path()) else { return Standing::Ended };
        let Ok(presented) = present(&self.settings, head) else { return Standing::Ended };
        let (received, now) = (head.received(None), self.runtime.now());
        let claim = match &presented {
            Presented::Bearer { public, secret } => Claim::Bearer { public: *public, secret },
            Presented::User(token) => Claim::UserToken(token),
            Presented::Signed(signed) => Claim::Signed { received: &received, signed, arrived_at: opened_at },
            // A request that opens a connection has no body.
            Presented::InBody { .. } => return Standing::Ended,
        };
        let allowed = match self.verify(&claim, now).await {
            Ok(caller) => self.may_pass(version, head, &caller),
            Err(reason) => Err(reason),
        };
        match allowed {
            Ok(_) => Standing::Stands,
            Err(Reason::StorageFailed(_)) => Standing::Unknown,
            Err(_) => Standing::Ended,
        }
    }
}
