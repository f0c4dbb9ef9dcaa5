//! The session of the user, shared with the other tabs.

mod developer_account;
mod membership;

pub use membership::Demotion;

use super::Leaving;
use crate::api::Client;
use gatehouse_shared::api::{Access, AccountView, DeveloperAccountSummary, SessionInfo};
use gatehouse_shared::model::{AccountId, DeveloperAccountId, OperatorRole, Role};
use leptos::prelude::*;
use membership::Memberships;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::BroadcastChannel;

#[derive(Clone, PartialEq)]
pub enum SessionState {
    /// The server has not answered yet.
    Unknown,
    SignedOut,
    SignedIn(AccountView),
    /// The session ended while a page of this account was open. The page stays hidden with its input, and the portal
    /// asks the user to sign in again.
    Ended(AccountView),
}

/// The session, as far as the portal knows it.
#[derive(Clone, Copy)]
pub struct Session {
    state: RwSignal<SessionState>,
    memberships: Memberships,
    /// The one whose pages the user wants to see.
    chosen: RwSignal<Option<DeveloperAccountId>>,
    /// To the other tabs of the portal. `None` if the browser has no such channel.
    channel: StoredValue<Option<BroadcastChannel>, LocalStorage>,
    /// How often a user signed in again after their session had ended. Each time, failed data is fetched again.
    renewals: RwSignal<u32>,
    /// Whether the last session ended without signing out.
    has_ended: RwSignal<bool>,
    /// How many parts of the page can ask the user to sign in again.
    askers: StoredValue<u32>,
    leaving: Leaving,
}

pub fn use_session() -> Session {
    expect_context()
}

/// The account of the session.
fn id_of(state: &SessionState) -> Option<AccountId> {
    match state {
        SessionState::SignedIn(account) => Some(account.id),
        _ => None,
    }
}

impl Session {
    pub fn new(leaving: Leaving) -> Self {
        let channel = BroadcastChannel::new("gatehouse-session").ok();
        Self {
            state: RwSignal::new(SessionState::Unknown),
            memberships: Memberships::new(),
            chosen: RwSignal::new(developer_account::stored_choice()),
            channel: StoredValue::new_local(channel),
            renewals: RwSignal::new(0),
            has_ended: RwSignal::new(false),
            askers: StoredValue::new(0),
            leaving,
        }
    }

    /// Asks the server who is signed in.
    pub fn refresh(self, client: Client) {
        spawn_local(async move {
            match client.find_session().await {
                // The user signed out in another tab, which did not ask about the input in this tab.
                Ok(info) if info.account.is_none() && self.leaving.loss().is_some() => self.end(),
                Ok(info) => self.set(info),
                // Pages that need a session show the failures of their own calls.
                Err(_) if self.state.get_untracked() == SessionState::Unknown => self.set(SessionInfo::default()),
                Err(_) => {}
            }
        });
    }

    /// Takes what the server said of the session.
    pub fn set(self, info: SessionInfo) {
        let state = info.account.map_or(SessionState::SignedOut, SessionState::SignedIn);
        let before = self.state.get_untracked();
        let is_same_account = id_of(&before).is_some() && id_of(&before) == id_of(&state);
        // First, since pages of a developer account begin once somebody is signed in.
        self.memberships.set(info.developer_accounts, info.invitations, is_same_account);
        if before == state {
            return;
        }
        if let SessionState::SignedIn(_) = state {
            self.has_ended.set(false);
            if let SessionState::Ended(_) = before {
                self.renewals.update(|renewals| *renewals += 1);
            }
        }
        let changes_hands = before != SessionState::Unknown && id_of(&before) != id_of(&state);
        self.state.set(state);
        if changes_hands {
            self.announce();
        }
    }

    /// Makes every other tab ask for the session, because it changed in this tab.
    pub fn announce(self) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                let _ = channel.post_message(&JsValue::NULL);
            }
        });
    }

    /// Asks for the session again whenever it changed in another tab.
    pub fn follow_other_tabs(self, client: Client) {
        let heard = Closure::<dyn Fn()>::new(move || self.refresh(client));
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            }
        });
        // It lives as long as the document.
        heard.forget();
    }

    /// Ends the session. Its page stays only if a part of it asks the user to sign in again.
    pub fn end(self) {
        match self.state.get_untracked() {
            SessionState::SignedIn(account) => {
                self.has_ended.set(true);
                match self.askers.get_value() {
                    0 => self.set(SessionInfo::default()),
                    _ => self.state.set(SessionState::Ended(account)),
                }
            }
            SessionState::Ended(_) => {}
            _ => self.set(SessionInfo::default()),
        }
    }

    /// Registers a component that asks the user to sign in again, while it is shown.
    pub fn ask_again(self) {
        self.askers.update_value(|askers| *askers += 1);
        on_cleanup(move || {
            self.askers.update_value(|askers| *askers -= 1);
            self.leave_ended();
        });
    }

    /// Removes the page of an ended session, because the user does not sign in again.
    pub fn leave_ended(self) {
        if let SessionState::Ended(_) = self.state.get_untracked() {
            self.set(SessionInfo::default());
        }
    }

    /// Whether the page is hidden until the user signs in again.
    pub fn is_ended(self) -> bool {
        matches!(self.state.get(), SessionState::Ended(_))
    }

    /// Whether the last session ended without signing out. The sign-in page says so.
    pub fn has_ended(self) -> bool {
        self.has_ended.get()
    }

    /// Changes when data that needs a session can be fetched again.
    pub fn renewals(self) -> u32 {
        self.renewals.get()
    }

    pub fn state(self) -> SessionState {
        self.state.get()
    }

    /// The account whose pages are shown.
    pub fn account(self) -> Option<AccountView> {
        match self.state.get() {
            SessionState::SignedIn(account) | SessionState::Ended(account) => Some(account),
            _ => None,
        }
    }

    /// The same account, without following changes.
    pub fn account_untracked(self) -> Option<AccountView> {
        untrack(|| self.account())
    }

    /// The developer account whose pages are shown: the one that the user chose, or the first.
    pub fn developer_account(self) -> Option<DeveloperAccountSummary> {
        let chosen = self.chosen.get();
        self.memberships.all.with(|all| {
            let wanted = all.iter().find(|known| Some(known.id) == chosen);
            wanted.or(all.first()).cloned()
        })
    }

    /// Its id. For somebody who has none, such as an operator, an id that belongs to nobody.
    pub fn developer_account_id(self) -> DeveloperAccountId {
        self.developer_account().map_or_else(|| DeveloperAccountId::from_random([0; 8]), |known| known.id)
    }

    /// Shows the pages of a developer account from here on. Asks for the session again if it does not list it yet.
    pub fn show_developer_account(self, id: DeveloperAccountId, client: Client) {
        self.choose_developer_account(id);
        if untrack(|| self.membership(id)).is_none() {
            self.check_memberships(client);
        }
    }

    /// Shows the pages of another developer account from here on.
    pub fn choose_developer_account(self, id: DeveloperAccountId) {
        if self.chosen.get_untracked() != Some(id) {
            developer_account::store_choice(id);
            self.chosen.set(Some(id));
        }
    }

    /// What the user may do as an operator.
    pub fn operator(self) -> Option<OperatorRole> {
        self.account().and_then(|account| account.operator)
    }

    /// Whether the user, as an operator, may call routes of this access.
    pub fn may(self, access: Access) -> bool {
        self.operator().is_some_and(|role| access.operator_roles().is_some_and(|roles| roles.contains(&role)))
    }

    /// Whether the user signed in with the secret in the settings: then they have no developer account.
    pub fn is_settings_operator(self) -> bool {
        self.account().is_some_and(|account| account.role == Role::Operator)
    }
}
