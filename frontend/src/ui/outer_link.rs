//! A link to another site.

use leptos::prelude::*;

/// A link to another site. It opens a new tab, so that the page stays as it is, and sends no referrer.
#[component]
pub fn OuterLink(#[prop(into)] href: String, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <a href=href target="_blank" rel="noopener noreferrer">{text}<span class="visually-hidden">" (opens a new tab)"</span></a>
    }
}
