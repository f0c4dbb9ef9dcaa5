//! Invitations: made by a member, answered by whoever is invited.

use super::{DeveloperAccount, StoredDeveloperAccount, StoredMember};
use crate::ledger::{Act, Committed, Publication, write};
use gatehouse_domain::invitation::{INVITATION_SECONDS, invitation_id};
use gatehouse_domain::message::developer_account::{Asking, Caller, CreateInvitation};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::{DeveloperAccountSummary, Done, InvitationView, ReceivedInvitation};
use gatehouse_shared::model::{AccountId, MemberRole, UnixSeconds};
use gatehouse_shared::problem::FieldError;
use serde::{Deserialize, Serialize};

/// How many members and open invitations a developer account has at the most.
const MOST_MEMBERS: u32 = 100;

/// An invitation as the developer account keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredInvitation {
    /// The SHA-256 of its code.
    id: String,
    role: MemberRole,
    /// Whom it is for; `None` for whoever has the link.
    account: Option<AccountId>,
    username: Option<String>,
    invited_by: AccountId,
    inviter: String,
    created_at: UnixSeconds,
    expires_at: UnixSeconds,
}

impl StoredInvitation {
    pub(super) fn view(&self) -> InvitationView {
        InvitationView {
            id: self.id.clone(),
            role: self.role,
            username: self.username.clone(),
            invited_by: self.inviter.clone(),
            created_at: self.created_at,
            expires_at: self.expires_at,
        }
    }

    /// What was done to it.
    fn act(&self, operation: &'static str) -> Act {
        let whom = self.username.as_deref().unwrap_or("whoever has the link");
        Act { account_id: self.account, ..Act::new(operation, format!("{whom} as {}", self.role.label())) }
    }
}

impl<R: ObjectPorts> DeveloperAccount<R> {
    pub(super) fn create_invitation(&self, caller: &Caller, call: &CreateInvitation) -> Result<Committed, PortalError> {
        let inviter = self.caller_of(caller)?;
        inviter.require_at_least(call.role)?;
        let (now, developer) = (self.ledger.runtime.now().seconds(), self.developer()?);
        self.ledger.runtime.exec("DELETE FROM invitation WHERE expires_at <= ?", &[now.0.into()])?;
        let account = call.invitee.as_ref().map(|invitee| invitee.account);
        if let Some(invitee) = &call.invitee {
            if self.member(invitee.account)?.is_some() {
                let error = FieldError::new("username", "is-member", "This person is a member already.");
                return Err(PortalError::Invalid(vec![error]));
            }
            // A newer invitation replaces an older one, which the inviter must be allowed to take back.
            for older in self.invitations()?.iter().filter(|older| older.account == account) {
                inviter.require_at_least(older.role)?;
                self.delete_invitation(older)?;
                self.ledger.record(older.act("delete_invitation"))?;
            }
        }
        if self.members()?.len() + self.invitations()?.len() >= MOST_MEMBERS as usize {
            return Err(PortalError::TooManyMembers(MOST_MEMBERS));
        }
        let invitation = StoredInvitation {
            id: call.id.clone(),
            role: call.role,
            account,
            username: call.invitee.as_ref().map(|invitee| invitee.username.clone()),
            invited_by: inviter.account,
            inviter: inviter.username,
            created_at: now,
            expires_at: now.plus(INVITATION_SECONDS),
        };
        self.ledger.runtime.exec(
            "INSERT INTO invitation(id, expires_at, doc) VALUES (?, ?, ?)",
            &[invitation.id.as_str().into(), invitation.expires_at.0.into(), write(&invitation)?],
        )?;
        if let Some(invitee) = &call.invitee {
            let received = received(&developer, &invitation, &invitee.code);
            let (account, developer) = (invitee.account, developer.id);
            let publication = Publication::Invitation { account, developer, invitation: Some(received) };
            self.ledger.post(self.ledger.next_version()?, &publication)?;
        }
        self.ledger.record(invitation.act("create_invitation"))?;
        Committed::answer(&invitation.view())
    }

    pub(super) fn revoke_invitation(&self, caller: &Caller, id: &str) -> Result<Committed, PortalError> {
        let invitation = self.invitation(id)?;
        self.caller_of(caller)?.require_at_least(invitation.role)?;
        self.end_invitation(&invitation)?;
        self.ledger.record(invitation.act("delete_invitation"))?;
        Committed::answer(&Done {})
    }

    /// An invitation as whoever has its code sees it.
    pub(super) fn find_invitation(&self, caller: &Caller, code: &str) -> Result<Committed, PortalError> {
        let (invitation, _) = self.invitation_for(caller, code)?;
        Committed::answer(&received(&self.developer()?, &invitation, code))
    }

    pub(super) fn accept_invitation(&self, caller: &Caller, code: &str) -> Result<Committed, PortalError> {
        let (invitation, asking) = self.invitation_for(caller, code)?;
        // Whoever invited must still be allowed to give this role.
        match self.member(invitation.invited_by)? {
            Some(inviter) if inviter.role >= MemberRole::Admin.max(invitation.role) => {}
            _ => return Err(PortalError::NotFound(Missing::Invitation)),
        }
        if self.member(asking.account)?.is_some() {
            return Err(PortalError::AlreadyMember);
        }
        let developer = self.developer()?;
        let member = StoredMember {
            account: asking.account,
            username: asking.username.clone(),
            role: invitation.role,
            since: self.ledger.runtime.now().seconds(),
        };
        self.save_member(&member)?;
        self.end_invitation(&invitation)?;
        self.post_member(self.ledger.next_version()?, &developer, &member)?;
        let subject = format!("{} as {}", member.username, member.role.label());
        self.ledger.record(Act { subject, ..invitation.act("accept_invitation") })?;
        Committed::answer(&DeveloperAccountSummary {
            id: developer.id,
            name: developer.name().to_owned(),
            role: member.role,
            application_state: developer.application_state,
        })
    }

    pub(super) fn decline_invitation(&self, caller: &Caller, code: &str) -> Result<Committed, PortalError> {
        let (invitation, asking) = self.invitation_for(caller, code)?;
        // A link stays open for the others who have it.
        if invitation.account.is_some() {
            self.end_invitation(&invitation)?;
            let subject = asking.username.clone();
            self.ledger.record(Act { subject, ..invitation.act("decline_invitation") })?;
        }
        Committed::answer(&Done {})
    }

    /// Those that can still be accepted, newest first.
    pub(super) fn invitations(&self) -> Result<Vec<StoredInvitation>, SqlError> {
        let now = self.ledger.runtime.now().seconds();
        let statement = "SELECT doc FROM invitation WHERE expires_at > ?";
        let mut open: Vec<StoredInvitation> = self.ledger.list(statement, &[now.0.into()])?;
        open.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
        Ok(open)
    }

    fn invitation(&self, id: &str) -> Result<StoredInvitation, PortalError> {
        let mut open = self.invitations()?.into_iter();
        open.find(|invitation| invitation.id == id).ok_or(PortalError::NotFound(Missing::Invitation))
    }

    /// The invitation with a code, if it is for whoever asks.
    fn invitation_for<'c>(
        &self,
        caller: &'c Caller,
        code: &str,
    ) -> Result<(StoredInvitation, &'c Asking), PortalError> {
        let missing = PortalError::NotFound(Missing::Invitation);
        let Caller::Account(asking) = caller else { return Err(missing) };
        let invitation = self.invitation(&invitation_id(code))?;
        match invitation.account {
            Some(account) if account != asking.account => Err(missing),
            _ => Ok((invitation, asking)),
        }
    }

    /// Ends an invitation and tells the account that it was for.
    fn end_invitation(&self, invitation: &StoredInvitation) -> Result<(), PortalError> {
        self.delete_invitation(invitation)?;
        if let Some(account) = invitation.account {
            let developer = self.developer()?.id;
            let publication = Publication::Invitation { account, developer, invitation: None };
            self.ledger.post(self.ledger.next_version()?, &publication)?;
        }
        Ok(())
    }

    fn delete_invitation(&self, invitation: &StoredInvitation) -> Result<(), SqlError> {
        self.ledger.runtime.exec("DELETE FROM invitation WHERE id = ?", &[invitation.id.as_str().into()])?;
        Ok(())
    }
}

fn received(developer: &StoredDeveloperAccount, invitation: &StoredInvitation, code: &str) -> ReceivedInvitation {
    ReceivedInvitation {
        developer_account_id: developer.id,
        name: developer.name().to_owned(),
        invitation_code: code.to_owned(),
        role: invitation.role,
        invited_by: invitation.inviter.clone(),
        expires_at: invitation.expires_at,
    }
}
