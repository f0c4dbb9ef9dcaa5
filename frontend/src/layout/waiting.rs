//! The number of applications that wait for a review.

use super::text;
use leptos::prelude::*;

/// How many applications wait for a review, such as `3` or `50+`, or an empty text for none. The pages of the operator
/// count them, because the first load of the portal does not include that code.
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
