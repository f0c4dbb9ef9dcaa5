use crate::api::Client;
use gatehouse_shared::api::AccountView;
use gatehouse_shared::model::{AccountId, Role};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::BroadcastChannel;

#[derive(Clone, PartialEq)]
pub enum SessionState {
    /// The server has not answered yet.
    Unknown,
    SignedOut,
    SignedIn(AccountView),
}

/// Who is signed in, as far as the portal knows.
#[derive(Clone, Copy)]
pub struct Session {
    state: RwSignal<SessionState>,
    /// To the portal's other tabs; none where the browser has no such thing.
    channel: StoredValue<Option<BroadcastChannel>, LocalStorage>,
}

pub fn use_session() -> Session {
    expect_context()
}

/// Whose session it is.
fn id_of(state: &SessionState) -> Option<AccountId> {
    match state {
        SessionState::SignedIn(account) => Some(account.id),
        _ => None,
    }
}

impl Session {
    pub fn new() -> Self {
        let channel = BroadcastChannel::new("gatehouse-session").ok();
        Self { state: RwSignal::new(SessionState::Unknown), channel: StoredValue::new_local(channel) }
    }

    /// Asks the server who is signed in.
    pub fn refresh(self, client: Client) {
        spawn_local(async move {
            match client.find_session().await {
                Ok(info) => self.set(info.account),
                // Pages that need a session say what is wrong with their own calls.
                Err(_) if self.state.get_untracked() == SessionState::Unknown => self.set(None),
                Err(_) => {}
            }
        });
    }

    pub fn set(self, account: Option<AccountView>) {
        let state = account.map_or(SessionState::SignedOut, SessionState::SignedIn);
        let before = self.state.get_untracked();
        if before != state {
            let changes_hands = before != SessionState::Unknown && id_of(&before) != id_of(&state);
            self.state.set(state);
            if changes_hands {
                self.announce();
            }
        }
    }

    /// Has every other tab ask who is signed in: somebody signed in or out here, and they still show who it was.
    pub fn announce(self) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                let _ = channel.post_message(&JsValue::NULL);
            }
        });
    }

    /// Asks anew whenever another tab has something to announce.
    pub fn follow_other_tabs(self, client: Client) {
        let heard = Closure::<dyn Fn()>::new(move || self.refresh(client));
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            }
        });
        // It is needed as long as the page.
        heard.forget();
    }

    pub fn state(self) -> SessionState {
        self.state.get()
    }

    pub fn account(self) -> Option<AccountView> {
        match self.state.get() {
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
