use leptos::prelude::*;

/// Names and values below each other.
#[component]
pub fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}
