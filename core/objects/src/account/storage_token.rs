//! The tokens with which an operator's program backs up, restores, publishes and verifies.

use super::Account;
use crate::ledger::{Act, Committed};
use gatehouse_domain::account::STORAGE_TOKEN_SECONDS;
use gatehouse_domain::message::account::{Caller, NewSession};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::{Access, Done, StoragePurpose};

impl<R: ObjectPorts> Account<R> {
    pub(super) fn create_storage_token(
        &self,
        session: &NewSession,
        purpose: StoragePurpose,
    ) -> Result<Committed, PortalError> {
        let now = self.ledger.runtime.now().seconds();
        self.ledger.runtime.exec("DELETE FROM storage_token WHERE expires_at <= ?", &[now.0.into()])?;
        let expires_at = now.plus(STORAGE_TOKEN_SECONDS);
        self.ledger.runtime.exec(
            "INSERT INTO storage_token(hash, purpose, expires_at) VALUES (?, ?, ?)",
            &[session.hash.as_str().into(), purpose.as_str().into(), expires_at.0.into()],
        )?;
        let act = Act::new("create_storage_token", purpose.as_str());
        self.ledger.audit(&Act { credential_ids: vec![session.id.clone()], ..act })?;
        Committed::answer(&expires_at)
    }

    /// The operator whose token this is. One who lost the role, or was suspended, has none any more.
    pub(super) fn answer_storage_operator(&self, caller: &Caller) -> Result<Committed, PortalError> {
        let Caller::Session(hash) = caller else { return Err(PortalError::NotOperator) };
        let rows = self.ledger.runtime.exec(
            "SELECT purpose FROM storage_token WHERE hash = ? AND expires_at > ?",
            &[hash.as_str().into(), self.ledger.runtime.now().seconds().0.into()],
        )?;
        let name = rows.first().ok_or(PortalError::NotSignedIn)?.text(0)?;
        let purpose = StoragePurpose::ALL.into_iter().find(|purpose| purpose.as_str() == name);
        let purpose = purpose.ok_or(PortalError::NotSignedIn)?;
        let account = self.account()?;
        account.require_active()?;
        let operator = account.as_operator()?;
        operator.require(Access::Administrator)?;
        Committed::answer(&(operator, purpose))
    }

    /// Ends every one of them: with a session of the account, its password, or the account's suspension.
    pub(super) fn end_storage_tokens(&self) -> Result<(), SqlError> {
        self.ledger.runtime.exec("DELETE FROM storage_token", &[]).map(|_| ())
    }

    pub(super) fn end_storage_token(&self, caller: &Caller) -> Result<Committed, PortalError> {
        let Caller::Session(hash) = caller else { return Err(PortalError::NotOperator) };
        let statement = "DELETE FROM storage_token WHERE hash = ? RETURNING purpose";
        let ended = self.ledger.runtime.exec(statement, &[hash.as_str().into()])?;
        if let Some(row) = ended.first() {
            let act = Act::new("delete_storage_token", row.text(0)?);
            self.ledger.audit(&Act { credential_ids: vec![hash.session_id()], ..act })?;
        }
        Committed::answer(&Done {})
    }
}
