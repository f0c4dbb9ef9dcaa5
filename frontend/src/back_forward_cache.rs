//! The browser keeps a page that is left in memory, and Back brings it up as it was: no script runs anew, and nobody asks
//! whether its reader is still signed in. So the portal does.

use crate::api::Client;
use crate::state::Session;
use leptos::{ev, prelude::*};
use wasm_bindgen_futures::spawn_local;

/// Hides the page as it is left, and shows it again once the server has said that the same person is still signed in.
/// Parts of a page that hold secrets drop them as it is left.
pub fn guard(session: Session, client: Client) {
    let left = window_event_listener(ev::pagehide, |_| hide(true));
    let shown = window_event_listener(ev::pageshow, move |event| {
        if !event.persisted() {
            return;
        }
        spawn_local(async move {
            match client.find_session().await {
                Ok(info) => {
                    session.set(info.account);
                    // Once the page shows whose it is now.
                    request_animation_frame(|| hide(false));
                }
                // Fails only in a document that is not shown.
                Err(_) => drop(window().location().reload()),
            }
        });
    });
    // For as long as the document lives.
    std::mem::forget((left, shown));
}

fn hide(is_hidden: bool) {
    if let Some(body) = document().body() {
        body.set_hidden(is_hidden);
    }
}
