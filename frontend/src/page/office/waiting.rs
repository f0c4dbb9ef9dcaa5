use crate::api::{Client, use_client};
use crate::layout::Waiting;
use crate::state::refresh_while;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Keeps the number of waiting applications in the header up to date, as long as the page is shown that calls this.
pub fn watch_waiting() {
    let client = use_client();
    let waiting: Waiting = expect_context();
    let refresh = move || count_waiting(client, waiting);
    refresh();
    refresh_while(|| true, refresh);
}

/// Counts the waiting applications anew.
pub fn count_waiting(client: Client, Waiting(count): Waiting) {
    spawn_local(async move {
        // What can't be had now keeps the number from before: the desk itself says what is wrong.
        if let Ok(queue) = client.list_applications("in-review", "").await {
            let more = if queue.next_cursor.is_some() { "+" } else { "" };
            count.set(match queue.items.len() {
                0 => String::new(),
                waiting => format!("{waiting}{more}"),
            });
        }
    });
}
