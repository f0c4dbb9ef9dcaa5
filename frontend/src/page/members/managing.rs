//! What the user may do with the members, and the member that a dialog is about.

use crate::state::{Remote, Session, use_session};
use gatehouse_shared::api::{MemberList, MemberView};
use gatehouse_shared::model::{AccountId, DeveloperAccountId, MemberRole};
use leptos::prelude::*;

/// The members of a developer account, and who looks at them.
#[derive(Clone, Copy)]
pub struct Managing {
    pub id: DeveloperAccountId,
    pub remote: Remote<MemberList>,
    /// Whom a dialog is about.
    pub subject: RwSignal<Option<MemberView>>,
    pub changing_role: RwSignal<bool>,
    pub removing: RwSignal<bool>,
    session: Session,
}

impl Managing {
    pub fn new(id: DeveloperAccountId, remote: Remote<MemberList>) -> Self {
        Self {
            id,
            remote,
            subject: RwSignal::new(None),
            changing_role: RwSignal::new(false),
            removing: RwSignal::new(false),
            session: use_session(),
        }
    }

    /// The name of the developer account.
    pub fn name(self) -> String {
        self.session.membership(self.id).map(|known| known.name).unwrap_or_default()
    }

    /// The user's own role. Without one they may do nothing.
    fn role(self) -> MemberRole {
        self.session.membership(self.id).map_or(MemberRole::Viewer, |known| known.role)
    }

    pub fn is_self(self, account: AccountId) -> bool {
        self.session.account().is_some_and(|own| own.id == account)
    }

    /// The roles that the user may give, the lowest first.
    pub fn roles(self) -> Vec<MemberRole> {
        let highest = self.role();
        MemberRole::ALL.into_iter().filter(|role| *role <= highest).collect()
    }

    pub fn may_invite(self) -> bool {
        self.session.has_role_in_approved(self.id, MemberRole::Admin)
    }

    pub fn may_change_role(self, member: &MemberView) -> bool {
        self.may_invite() && self.role() >= member.role && !self.is_last_owner(member)
    }

    /// Whether the user may remove the member, or leave where it is themselves.
    pub fn may_remove(self, member: &MemberView) -> bool {
        let is_allowed = self.is_self(member.account_id) || self.role() >= member.role.max(MemberRole::Admin);
        is_allowed && !self.is_last_owner(member)
    }

    pub fn may_take_back(self, role: MemberRole) -> bool {
        self.may_invite() && self.role() >= role
    }

    pub fn is_last_owner(self, member: &MemberView) -> bool {
        let owners = self
            .remote
            .get()
            .map_or(0, |list| list.members.iter().filter(|other| other.role == MemberRole::Owner).count());
        member.role == MemberRole::Owner && owners < 2
    }

    pub fn subject_name(self) -> String {
        self.subject.get().map(|member| member.username).unwrap_or_default()
    }

    pub fn is_about_self(self) -> bool {
        self.subject.get().is_some_and(|member| self.is_self(member.account_id))
    }
}
