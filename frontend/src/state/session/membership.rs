//! The developer accounts that the user is a member of, and what others changed about that.

use super::Session;
use crate::api::{Client, Failure};
use gatehouse_shared::api::{DeveloperAccountSummary, ReceivedInvitation};
use gatehouse_shared::model::{ApplicationState, DeveloperAccountId, MemberRole};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// A membership that has ended, or has a lower role now.
#[derive(Debug, Clone, PartialEq)]
pub struct Demotion {
    /// Of the developer account.
    pub name: String,
    /// The role now. `None` if the user is no longer a member.
    pub role: Option<MemberRole>,
}

/// The memberships of the signed-in account.
#[derive(Clone, Copy)]
pub struct Memberships {
    /// Its developer accounts, its own first.
    pub(super) all: RwSignal<Vec<DeveloperAccountSummary>>,
    /// Invitations that it has not answered.
    invitations: RwSignal<Vec<ReceivedInvitation>>,
    /// What the user has not been told yet.
    demotions: RwSignal<Vec<Demotion>>,
    /// Whether the session is being asked for, because a call was refused.
    is_checking: StoredValue<bool>,
}

impl Memberships {
    pub(super) fn new() -> Self {
        Self {
            all: RwSignal::new(Vec::new()),
            invitations: RwSignal::new(Vec::new()),
            demotions: RwSignal::new(Vec::new()),
            is_checking: StoredValue::new(false),
        }
    }

    /// Takes what the server said. `is_same_account` tells whether the known memberships are of the same account.
    pub(super) fn set(
        self,
        all: Vec<DeveloperAccountSummary>,
        invitations: Vec<ReceivedInvitation>,
        is_same_account: bool,
    ) {
        if is_same_account {
            let found = self.all.with_untracked(|before| demotions(before, &all));
            if !found.is_empty() {
                self.demotions.update(|known| known.extend(found));
            }
        }
        if self.all.with_untracked(|known| *known != all) {
            self.all.set(all);
        }
        if self.invitations.with_untracked(|known| *known != invitations) {
            self.invitations.set(invitations);
        }
    }
}

/// The memberships that ended or got a lower role.
fn demotions(before: &[DeveloperAccountSummary], after: &[DeveloperAccountSummary]) -> Vec<Demotion> {
    let now = |id: DeveloperAccountId| after.iter().find(|known| known.id == id).map(|known| known.role);
    let demoted = before.iter().filter(|known| now(known.id).is_none_or(|role| role < known.role));
    demoted.map(|known| Demotion { name: known.name.clone(), role: now(known.id) }).collect()
}

impl Session {
    /// The developer accounts that the user is a member of, their own first.
    pub fn developer_accounts(self) -> Vec<DeveloperAccountSummary> {
        self.memberships.all.get()
    }

    /// The invitations that the user has not answered.
    pub fn invitations(self) -> Vec<ReceivedInvitation> {
        self.memberships.invitations.get()
    }

    /// The page of the members of the developer account whose pages are shown. Before anybody has applied for it, there
    /// are none to list.
    pub fn members_page(self) -> Option<String> {
        let shown = self.developer_account().filter(|known| known.application_state != ApplicationState::None);
        shown.map(|known| format!("/developer-accounts/{}/members", known.id))
    }

    /// The developer account with an id, if the user is a member of it.
    pub fn membership(self, id: DeveloperAccountId) -> Option<DeveloperAccountSummary> {
        self.memberships.all.with(|all| all.iter().find(|known| known.id == id).cloned())
    }

    /// Whether the user's role in a developer account is at least this one. Pages show no button that the server would
    /// refuse.
    pub fn has_role(self, id: DeveloperAccountId, least: MemberRole) -> bool {
        self.memberships.all.with(|all| all.iter().any(|known| known.id == id && known.role >= least))
    }

    /// Whether the user has the role, and the developer account is approved.
    pub fn has_role_in_approved(self, id: DeveloperAccountId, least: MemberRole) -> bool {
        self.membership(id)
            .is_some_and(|known| known.role >= least && known.application_state == ApplicationState::Approved)
    }

    /// Asks for the session again, because a call was refused: somebody may have removed the user, or changed their role.
    pub fn check_memberships(self, client: Client) {
        let is_checking = self.memberships.is_checking;
        if is_checking.get_value() || self.account_untracked().is_none() {
            return;
        }
        is_checking.set_value(true);
        spawn_local(async move {
            // Without an answer, the page shows that its own call failed.
            if let Ok(info) = client.find_session().await
                && info.account.is_some()
            {
                self.set(info);
            }
            is_checking.set_value(false);
        });
    }

    /// What somebody else changed and the user has not been told.
    pub fn demotion(self) -> Option<Demotion> {
        self.memberships.demotions.with(|all| all.first().cloned())
    }

    /// Forgets a demotion, because the user has been told.
    pub fn dismiss_demotion(self) {
        self.memberships.demotions.update(|all| drop(all.drain(..all.len().min(1))));
    }

    /// Answers an invitation. After an acceptance, shows the pages of its developer account from here on.
    pub async fn answer_invitation(
        self,
        client: Client,
        of: DeveloperAccountId,
        code: &str,
        accepts: bool,
    ) -> Result<(), Failure> {
        if accepts {
            self.put_membership(client.accept_invitation(of, code).await?);
            self.choose_developer_account(of);
            self.announce();
        } else {
            client.decline_invitation(of, code).await?;
            self.drop_invitation(of);
        }
        Ok(())
    }

    /// Takes a membership that the user just got, or changed by themselves.
    pub fn put_membership(self, membership: DeveloperAccountSummary) {
        self.drop_invitation(membership.id);
        self.memberships.all.update(|all| match all.iter_mut().find(|known| known.id == membership.id) {
            Some(known) => *known = membership,
            None => all.push(membership),
        });
    }

    /// Drops a membership that the user just ended by themselves.
    pub fn drop_membership(self, id: DeveloperAccountId) {
        self.memberships.all.update(|all| all.retain(|known| known.id != id));
    }

    /// Drops an invitation that the user just answered.
    pub fn drop_invitation(self, id: DeveloperAccountId) {
        self.memberships.invitations.update(|all| all.retain(|known| known.developer_account_id != id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_end_and_a_lower_role_are_demotions() {
        let summary = |seed: u8, role| DeveloperAccountSummary {
            id: DeveloperAccountId::from_random([seed; 8]),
            name: format!("Account {seed}"),
            role,
            application_state: ApplicationState::Approved,
        };
        let before = [summary(1, MemberRole::Owner), summary(2, MemberRole::Admin), summary(3, MemberRole::Viewer)];
        let after = [summary(2, MemberRole::Viewer), summary(3, MemberRole::Developer), summary(4, MemberRole::Viewer)];
        let found = demotions(&before, &after);
        let found: Vec<_> = found.iter().map(|demotion| (demotion.name.as_str(), demotion.role)).collect();
        assert_eq!(found, [("Account 1", None), ("Account 2", Some(MemberRole::Viewer))]);
    }
}
