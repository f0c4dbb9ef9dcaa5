use super::{SignInForm, text};
use crate::state::{SessionState, effect, use_session};
use crate::ui::Dialog;
use leptos::prelude::*;

/// Signs in over the page, where a session ended while something was being written there.
#[component]
pub fn SignInAgain() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let login = RwSignal::new(String::new());
    effect(move || {
        let state = session.state();
        if let SessionState::Ended(account) = &state {
            login.set(account.username.clone());
        }
        open.set(matches!(state, SessionState::Ended(_)));
    });
    // Whoever closes it leaves the page, which nobody may see any more.
    let leave = move || {
        if matches!(untrack(|| session.state()), SessionState::Ended(_)) {
            session.set(None);
        }
    };
    effect(move || {
        if !open.get() {
            leave();
        }
    });
    on_cleanup(leave);
    view! {
        <Dialog open id="sign-in-again" title=text::SIGN_IN_AGAIN>
            <p>{text::SIGN_IN_AGAIN_WHY}</p>
            <SignInForm login=login.get_untracked()/>
        </Dialog>
    }
}
