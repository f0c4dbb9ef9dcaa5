use leptos::prelude::*;

/// A link to somebody else's site. It opens beside the portal, so that what one is doing here stays, and tells that
/// site nothing.
#[component]
pub fn OuterLink(#[prop(into)] href: String, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <a href=href target="_blank" rel="noopener noreferrer">{text}<span class="visually-hidden">" (opens a new tab)"</span></a>
    }
}
