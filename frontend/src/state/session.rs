use super::Leaving;
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
    /// The session ended while this account's page was open. The page is kept with what is typed there, but hidden, and
    /// the person is asked to sign in again.
    Ended(AccountView),
}

/// Who is signed in, as far as the portal knows.
#[derive(Clone, Copy)]
pub struct Session {
    state: RwSignal<SessionState>,
    /// To the portal's other tabs; none where the browser has no such thing.
    channel: StoredValue<Option<BroadcastChannel>, LocalStorage>,
    /// How often somebody signed in again after their session had ended: what could not be read then is read now.
    renewals: RwSignal<u32>,
    /// Whether the last session ended by itself.
    has_ended: RwSignal<bool>,
    /// How many parts of the page ask to sign in again.
    askers: StoredValue<u32>,
    leaving: Leaving,
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
    pub fn new(leaving: Leaving) -> Self {
        let channel = BroadcastChannel::new("gatehouse-session").ok();
        Self {
            state: RwSignal::new(SessionState::Unknown),
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
                // Somebody signed out in another tab. They were not asked about what is typed in this one.
                Ok(info) if info.account.is_none() && self.leaving.loss().is_some() => self.end(),
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

    /// The session is over. Its page is kept only where somebody asks to sign in again.
    pub fn end(self) {
        match self.state.get_untracked() {
            SessionState::SignedIn(account) => {
                self.has_ended.set(true);
                match self.askers.get_value() {
                    0 => self.set(None),
                    _ => self.state.set(SessionState::Ended(account)),
                }
            }
            SessionState::Ended(_) => {}
            _ => self.set(None),
        }
    }

    /// Says that what calls this asks to sign in again where a session ends, for as long as it is shown.
    pub fn ask_again(self) {
        self.askers.update_value(|askers| *askers += 1);
        on_cleanup(move || {
            self.askers.update_value(|askers| *askers -= 1);
            self.leave_ended();
        });
    }

    /// Nobody signs in again: the page goes, which nobody may see any more.
    pub fn leave_ended(self) {
        if let SessionState::Ended(_) = self.state.get_untracked() {
            self.set(None);
        }
    }

    /// Whether what is shown is hidden until somebody signs in again.
    pub fn is_ended(self) -> bool {
        matches!(self.state.get(), SessionState::Ended(_))
    }

    /// Whether the last session ended by itself, which is said where one signs in.
    pub fn has_ended(self) -> bool {
        self.has_ended.get()
    }

    /// Changes when what was refused for want of a session can be asked for again.
    pub fn renewals(self) -> u32 {
        self.renewals.get()
    }

    pub fn state(self) -> SessionState {
        self.state.get()
    }

    /// Whose pages are shown.
    pub fn account(self) -> Option<AccountView> {
        match self.state.get() {
            SessionState::SignedIn(account) | SessionState::Ended(account) => Some(account),
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
