use super::text;
use leptos::prelude::*;

/// How many applications wait for the operator, such as `3` or `50+`; empty while none does. The review desk asks, since
/// what it takes to ask is no part of the portal's first load.
#[derive(Clone, Copy)]
pub struct Waiting(pub RwSignal<String>);

#[component]
pub fn WaitingCount() -> impl IntoView {
    let Waiting(count) = expect_context();
    move || {
        let count = count.get();
        (!count.is_empty()).then(|| {
            view! {
                <span class="header-count" data-testid="waiting">{count}<span class="visually-hidden">" "{text::WAITING}</span></span>
            }
        })
    }
}
