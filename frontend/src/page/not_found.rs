use crate::layout::{Heading, Page};
use leptos::prelude::*;

/// For an address that leads nowhere.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <Page name="not-found" title="Page not found" narrow=true>
            <Heading title="Page not found" lead="There is nothing at this address. It may have been deleted, or the link has a mistake."/>
            <p class="button-row">
                <a class="button button-primary" href="/">"Go to the start page"</a>
                <a class="button" href="/docs">"Read the docs"</a>
            </p>
        </Page>
    }
}
