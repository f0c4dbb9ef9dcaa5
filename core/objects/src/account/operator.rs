//! The account as that of an operator.

use super::{Account, StoredAccount};
use crate::ledger::{Act, Committed};
use gatehouse_domain::account::{OPERATOR_SESSION_SECONDS, TokenHash};
use gatehouse_domain::message::account::Caller;
use gatehouse_domain::operator::Operator;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_shared::model::{OperatorRole, Role};

impl<R: ObjectPorts> Account<R> {
    /// The operator whose session this is, for a working day: then they sign in again.
    pub(super) fn operator(&self, account: &StoredAccount, hash: &TokenHash) -> Result<Operator, PortalError> {
        let operator = account.as_operator()?;
        let oldest = self.ledger.runtime.now().seconds().0.saturating_sub(OPERATOR_SESSION_SECONDS);
        let statement = "SELECT 1 FROM session WHERE hash = ? AND created_at > ?";
        if self.ledger.runtime.exec(statement, &[hash.as_str().into(), oldest.into()])?.is_empty() {
            return Err(PortalError::NotSignedIn);
        }
        Ok(operator)
    }

    pub(super) fn answer_operator(&self, caller: &Caller) -> Result<Committed, PortalError> {
        let Caller::Session(hash) = caller else { return Err(PortalError::NotOperator) };
        Committed::answer(&self.operator(&self.account()?, hash)?)
    }

    /// Makes the account an operator, or takes that back. It holds from the next call on.
    pub(super) fn set_operator_role(&self, role: Option<OperatorRole>) -> Result<Committed, PortalError> {
        let mut account = self.account()?;
        if account.role == Role::Operator {
            return Err(PortalError::OperatorStays);
        }
        if role.is_some() {
            account.require_active()?;
        }
        if account.operator != role {
            let name = |role: Option<OperatorRole>| role.map_or("", OperatorRole::as_str);
            let act =
                Act::new("update_operator", &account.username).with_change("role", name(account.operator), name(role));
            account.operator = role;
            self.save_account(&account)?;
            self.ledger.record(act)?;
            self.post_account(self.ledger.next_version()?, &account)?;
        }
        Committed::answer(&account.view())
    }
}
