//! The members: who they are, how their roles change, how they go, and the Access Tokens that they generate.

use super::{DeveloperAccount, StoredMember};
use crate::ledger::{Act, Committed, Publication};
use gatehouse_domain::message::account::OwnTokenTerms;
use gatehouse_domain::message::developer_account::Caller;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::{Done, MemberList};
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId, MemberRole};

impl StoredMember {
    /// Refuses a member whose own role is below the one that they would give or take.
    pub(super) fn require_at_least(&self, needed: MemberRole) -> Result<(), PortalError> {
        if self.role < needed { Err(PortalError::RoleTooLow { role: self.role, needed }) } else { Ok(()) }
    }
}

impl<R: ObjectPorts> DeveloperAccount<R> {
    /// The member who asks.
    pub(super) fn caller_of(&self, caller: &Caller) -> Result<StoredMember, PortalError> {
        let missing = PortalError::NotFound(Missing::DeveloperAccount);
        let Caller::Account(asking) = caller else { return Err(missing) };
        self.member(asking.account)?.ok_or(missing)
    }

    pub(super) fn list_members(&self, caller: &Caller) -> Result<Committed, PortalError> {
        let sees_invitations = self.caller_of(caller)?.role >= MemberRole::Admin;
        let invitations = if sees_invitations { self.invitations()? } else { Vec::new() };
        Committed::answer(&MemberList {
            members: self.members()?.iter().map(StoredMember::view).collect(),
            invitations: invitations.iter().map(|invitation| invitation.view()).collect(),
        })
    }

    /// Gives a member another role. The caller's own role is not below the member's old or new one.
    pub(super) fn update_member(
        &self,
        caller: &Caller,
        account: AccountId,
        role: MemberRole,
    ) -> Result<Committed, PortalError> {
        let (giver, before) = (self.caller_of(caller)?, self.existing_member(account)?);
        giver.require_at_least(before.role.max(role))?;
        if role < MemberRole::Owner {
            self.require_another_owner(&before)?;
        }
        let member = StoredMember { role, ..before.clone() };
        self.save_member(&member)?;
        self.post_member(self.ledger.next_version()?, &self.developer()?, &member)?;
        let act = Act::new("update_member", &member.username).of_account(account);
        self.ledger.record(act.with_change("role", before.role.as_str(), role.as_str()))?;
        Committed::answer(&member.view())
    }

    /// Removes a member, or has the caller leave. Their Access Tokens for its Apps end with it.
    pub(super) fn remove_member(&self, caller: &Caller, account: AccountId) -> Result<Committed, PortalError> {
        let (remover, member) = (self.caller_of(caller)?, self.existing_member(account)?);
        if remover.account != account {
            remover.require_at_least(member.role.max(MemberRole::Admin))?;
        }
        self.require_another_owner(&member)?;
        self.take_member_out(self.ledger.next_version()?, self.developer()?.id, account)?;
        let act = Act::new("delete_member", &member.username).of_account(account);
        self.ledger.record(act.with_change("role", member.role.as_str(), ""))?;
        Committed::answer(&Done {})
    }

    /// Removes a member, and has their Account told.
    pub(super) fn take_member_out(
        &self,
        version: u64,
        developer: DeveloperAccountId,
        account: AccountId,
    ) -> Result<(), SqlError> {
        self.ledger.runtime.exec("DELETE FROM member WHERE account = ?", &[account.to_string().into()])?;
        let source = self.ledger.source();
        self.ledger.post(version, &Publication::Member { account, developer, membership: None, source })
    }

    fn existing_member(&self, account: AccountId) -> Result<StoredMember, PortalError> {
        self.member(account)?.ok_or(PortalError::NotFound(Missing::Member))
    }

    /// Refuses a change that leaves the developer account without an Owner.
    fn require_another_owner(&self, member: &StoredMember) -> Result<(), PortalError> {
        let is_other = |other: &StoredMember| other.role == MemberRole::Owner && other.account != member.account;
        if member.role == MemberRole::Owner && !self.members()?.iter().any(is_other) {
            return Err(PortalError::LastOwner);
        }
        Ok(())
    }

    /// Lets a member generate an Access Token for an App. Their account keeps
    /// it, and loses it with the role.
    pub(super) fn allow_own_token(&self, app_id: AppId) -> Result<Committed, PortalError> {
        let (app, developer) = (self.app(app_id)?, self.developer()?);
        let terms = OwnTokenTerms {
            app: app.introduce(developer.name()),
            developer: developer.id,
            transfers: app.transfers,
            permission: app.settings.permission,
            version: self.ledger.version()?,
        };
        Committed::answer(&(terms, self.view_app(&app)?))
    }
}
