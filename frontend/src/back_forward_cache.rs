//! Checks the session when Back restores a page from the memory of the browser. Such a page runs no script again, so it
//! would show the data of a user who has signed out since.

use crate::api::Client;
use crate::state::Session;
use leptos::{ev, prelude::*};
use wasm_bindgen_futures::spawn_local;

/// Hides the page when the user leaves it, and shows it again once the server has confirmed the session. Parts of a
/// page that hold secrets drop them when the user leaves it.
pub fn guard(session: Session, client: Client) {
    let left = window_event_listener(ev::pagehide, |_| hide(true));
    let shown = window_event_listener(ev::pageshow, move |event| {
        if !event.persisted() {
            return;
        }
        spawn_local(async move {
            match client.find_session().await {
                Ok(info) => {
                    session.set(info);
                    // After the page has taken the new session.
                    request_animation_frame(|| hide(false));
                }
                // Fails only in a document that is not active.
                Err(_) => drop(window().location().reload()),
            }
        });
    });
    // Listen for the lifetime of the document.
    std::mem::forget((left, shown));
}

fn hide(is_hidden: bool) {
    if let Some(body) = document().body() {
        body.set_hidden(is_hidden);
    }
}
