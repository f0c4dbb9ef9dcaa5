//! Counts the applications that wait for a review, for the header.

use crate::api::{Client, use_client};
use crate::layout::Waiting;
use crate::state::refresh_while;
use gatehouse_shared::model::ApplicationState;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Keeps the number of waiting applications in the header up to date, while the calling page is shown.
pub fn watch_waiting() {
    let client = use_client();
    let waiting: Waiting = expect_context();
    let refresh = move || count_waiting(client, waiting);
    refresh();
    refresh_while(|| true, refresh);
}

/// Counts the waiting applications again.
pub fn count_waiting(client: Client, Waiting(count): Waiting) {
    spawn_local(async move {
        // A failure keeps the old number. The page itself shows what is wrong.
        if let Ok(counts) = client.count_applications().await {
            let waiting = counts.states.iter().find(|counted| counted.state == ApplicationState::InReview);
            count.set(waiting.map_or_else(String::new, |counted| counted.count.to_string()));
        }
    });
}
