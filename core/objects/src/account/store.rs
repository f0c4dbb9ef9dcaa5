//! Loads and stores the account itself.

use super::Account;
use crate::ledger::{Publication, write};
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::message::account_index::AccountEntry;
use gatehouse_domain::operator::Operator;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::AccountView;
use gatehouse_shared::model::{AccountId, AccountStatus, DeveloperAccountId, OperatorRole, Role, UnixSeconds};
use serde::{Deserialize, Serialize};

/// The account as its object keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredAccount {
    pub id: AccountId,
    pub username: String,
    pub email: String,
    pub password_hash: Option<String>,
    pub role: Role,
    /// Given by an Administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<OperatorRole>,
    pub status: AccountStatus,
    /// Why it is suspended; empty while it is active.
    pub status_reason: String,
    /// The developer account that the person may apply for; `None` for an operator.
    pub own_developer_account: Option<DeveloperAccountId>,
    pub created_at: UnixSeconds,
}

impl StoredAccount {
    /// Whether nobody acts for this account.
    pub(super) fn is_suspended(&self) -> bool {
        self.status == AccountStatus::Suspended
    }

    /// Refuses an account that an operator suspended.
    pub(super) fn require_active(&self) -> Result<(), PortalError> {
        match self.status {
            AccountStatus::Active => Ok(()),
            AccountStatus::Suspended => Err(PortalError::AccountSuspended(self.status_reason.clone())),
        }
    }

    /// What it may do as an operator: everything, where its password is the one in the settings.
    pub(super) fn operator_role(&self) -> Option<OperatorRole> {
        match self.role {
            Role::Operator => Some(OperatorRole::Administrator),
            Role::Developer => self.operator,
        }
    }

    /// The account as the operator that it is.
    pub(super) fn as_operator(&self) -> Result<Operator, PortalError> {
        let role = self.operator_role().ok_or(PortalError::NotOperator)?;
        let is_break_glass = self.role == Role::Operator;
        Ok(Operator { account: self.id, username: self.username.clone(), role, is_break_glass })
    }

    pub(super) fn view(&self) -> AccountView {
        AccountView {
            id: self.id,
            username: self.username.clone(),
            email: self.email.clone(),
            role: self.role,
            operator: self.operator_role(),
            status: self.status,
            status_reason: self.status_reason.clone(),
            created_at: self.created_at,
        }
    }

    /// The unique names that it uses.
    pub(super) fn names(&self) -> Vec<UniqueName> {
        let mut names = vec![UniqueName::username(&self.username)];
        if !self.email.is_empty() {
            names.push(UniqueName::email(&self.email));
        }
        names
    }
}

impl<R: ObjectPorts> Account<R> {
    pub(super) fn load_account(&self) -> Result<Option<StoredAccount>, SqlError> {
        Ok(self.ledger.list("SELECT doc FROM account", &[])?.pop())
    }

    /// The account, where there must be one.
    pub(super) fn account(&self) -> Result<StoredAccount, PortalError> {
        self.load_account()?.ok_or(PortalError::NotFound(Missing::Account))
    }

    pub(super) fn save_account(&self, account: &StoredAccount) -> Result<(), SqlError> {
        let statement = "INSERT OR REPLACE INTO account(id, doc) VALUES (1, ?)";
        self.ledger.runtime.exec(statement, &[write(account)?])?;
        Ok(())
    }

    /// Tells the account index how the account stands.
    pub(super) fn post_account(&self, version: u64, account: &StoredAccount) -> Result<(), SqlError> {
        let entry = AccountEntry {
            id: account.id,
            username: account.username.clone(),
            role: account.role,
            operator: account.operator_role(),
            status: account.status,
        };
        self.ledger.post(version, &Publication::Account(entry))
    }
}
