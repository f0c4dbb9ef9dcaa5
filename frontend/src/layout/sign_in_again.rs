//! Asks the user to sign in again over a page whose session has ended.

use super::{SignInForm, text};
use crate::state::{Leaving, SessionState, use_session};
use crate::ui::{Dialog, effect};
use leptos::prelude::*;

/// Asks the user to sign in again over a page whose session has ended, so that their input stays.
#[component]
pub fn SignInAgain() -> impl IntoView {
    let session = use_session();
    let leaving: Leaving = expect_context();
    let open = RwSignal::new(false);
    let login = RwSignal::new(String::new());
    session.ask_again();
    effect(move || {
        let state = session.state();
        if let SessionState::Ended(account) = &state {
            login.set(account.username.clone());
        }
        open.set(matches!(state, SessionState::Ended(_)));
    });
    let leave = Callback::new(move |()| leaving.then(move || session.leave_ended()));
    view! {
        <Dialog open id="sign-in-again" title=text::SIGN_IN_AGAIN stays=true>
            <p>{text::SIGN_IN_AGAIN_WHY}</p>
            <SignInForm login=login.get_untracked() on_leave=leave/>
        </Dialog>
    }
}
