//! Placeholders for content that is loading.

use leptos::prelude::*;

/// The placeholder of a list of cards.
#[component]
pub fn CardSkeleton() -> impl IntoView {
    let card = || {
        view! {
            <div class="card skeleton-card" aria-hidden="true">
                <span class="skeleton skeleton-title"></span>
                <span class="skeleton"></span>
                <span class="skeleton skeleton-short"></span>
            </div>
        }
    };
    view! { <div class="stack">{card()} {card()}</div> }
}

/// The placeholder of a form.
#[component]
pub fn FormSkeleton() -> impl IntoView {
    let field = || {
        view! {
            <div class="field" aria-hidden="true">
                <span class="skeleton skeleton-short"></span>
                <span class="skeleton skeleton-input"></span>
            </div>
        }
    };
    view! { <div class="card"><div class="form">{field()} {field()} {field()}</div></div> }
}
