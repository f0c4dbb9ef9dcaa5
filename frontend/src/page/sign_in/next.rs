//! Leads the user on after signing in.

use crate::layout::{home, leading_back, use_next};
use crate::state::{SessionState, use_session};
use crate::ui::effect;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Sends the user on to where they wanted to be, as soon as they are signed in.
pub fn leave_when_signed_in() {
    let session = use_session();
    let next = use_next();
    let navigate = use_navigate();
    effect(move || {
        if let SessionState::SignedIn(account) = session.state() {
            let next = next.get_untracked();
            // The dashboard is the default, so an operator goes to the review page instead.
            let next = if next == "/dashboard" { home(&account) } else { &next };
            navigate(next, NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
}

/// The address of the other page, which leads to the same place afterwards.
pub fn keeping_next(path: &'static str) -> Signal<String> {
    let next = use_next();
    Signal::derive(move || leading_back(path, &next.get()))
}
