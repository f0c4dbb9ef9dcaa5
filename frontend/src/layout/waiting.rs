use super::text;
use crate::api::use_client;
use crate::state::refresh_while;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen_futures::spawn_local;

/// How many applications wait for the operator; nothing while none does.
#[component]
pub fn WaitingCount() -> impl IntoView {
    let client = use_client();
    let count: RwSignal<String> = RwSignal::new(String::new());
    let refresh = move || {
        spawn_local(async move {
            // What can't be had now keeps the number from before: the desk itself says what is wrong.
            if let Ok(queue) = client.list_applications("in-review", "").await {
                let more = if queue.next_cursor.is_some() { "+" } else { "" };
                let text = match queue.items.len() {
                    0 => String::new(),
                    waiting => format!("{waiting}{more}"),
                };
                let _ = count.try_set(text);
            }
        });
    };
    // A decision is made on a page of the desk, and the way from it leads to another.
    let path = use_location().pathname;
    crate::state::effect(move || {
        path.track();
        refresh();
    });
    refresh_while(|| true, refresh);
    move || {
        let count = count.get();
        (!count.is_empty()).then(|| {
            view! {
                <span class="header-count" data-testid="waiting">{count}<span class="visually-hidden">" "{text::WAITING}</span></span>
            }
        })
    }
}
