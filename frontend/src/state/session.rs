use crate::api::Client;
use gatehouse_shared::api::AccountView;
use gatehouse_shared::model::Role;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

#[derive(Clone, PartialEq)]
pub enum SessionState {
    /// The server has not answered yet.
    Unknown,
    SignedOut,
    SignedIn(AccountView),
}

/// Who is signed in, as far as the portal knows.
#[derive(Clone, Copy)]
pub struct Session(RwSignal<SessionState>);

pub fn use_session() -> Session {
    expect_context()
}

impl Session {
    pub fn new() -> Self {
        Self(RwSignal::new(SessionState::Unknown))
    }

    /// Asks the server who is signed in.
    pub fn refresh(self, client: Client) {
        spawn_local(async move {
            match client.find_session().await {
                Ok(info) => self.set(info.account),
                // Pages that need a session say what is wrong with their own calls.
                Err(_) if self.0.get_untracked() == SessionState::Unknown => self.set(None),
                Err(_) => {}
            }
        });
    }

    pub fn set(self, account: Option<AccountView>) {
        let state = account.map_or(SessionState::SignedOut, SessionState::SignedIn);
        if self.0.get_untracked() != state {
            self.0.set(state);
        }
    }

    pub fn state(self) -> SessionState {
        self.0.get()
    }

    pub fn account(self) -> Option<AccountView> {
        match self.0.get() {
            SessionState::SignedIn(account) => Some(account),
            _ => None,
        }
    }

    /// Who it is at this moment, for what does not follow changes.
    pub fn account_untracked(self) -> Option<AccountView> {
        untrack(|| self.account())
    }

    pub fn is_operator(self) -> bool {
        self.account().is_some_and(|account| account.role == Role::Operator)
    }
}
