//! Invitations that the account received and has not answered.

use super::Account;
use crate::ledger::{Committed, write};
use gatehouse_domain::message::account::PutInvitation;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectPorts, SqlError, Value};
use gatehouse_shared::api::{Done, ReceivedInvitation};

impl<R: ObjectPorts> Account<R> {
    /// What a developer account says of an invitation; an older word never replaces a newer one.
    pub(super) fn put_invitation(&self, call: &PutInvitation) -> Result<Committed, PortalError> {
        let doc = call.invitation.as_ref().map_or(Ok(Value::Null), write)?;
        // An open one ends when it expires. The alarm forgets it a day after its end.
        let ends_at = match &call.invitation {
            Some(invitation) => invitation.expires_at,
            None => self.ledger.runtime.now().seconds(),
        };
        self.ledger.runtime.exec(
            "INSERT INTO invitation(developer, version, doc, ended_at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE \
             SET version = excluded.version, doc = excluded.doc, ended_at = excluded.ended_at \
             WHERE excluded.version > invitation.version",
            &[call.developer.to_string().into(), call.version.into(), doc, ends_at.0.into()],
        )?;
        Committed::answer(&Done {})
    }

    /// Those that can still be accepted, the first to expire first.
    pub(super) fn received_invitations(&self) -> Result<Vec<ReceivedInvitation>, SqlError> {
        let now = self.ledger.runtime.now().seconds();
        let statement =
            "SELECT doc FROM invitation WHERE doc IS NOT NULL AND ended_at > ? ORDER BY ended_at, developer";
        self.ledger.list(statement, &[now.0.into()])
    }
}
