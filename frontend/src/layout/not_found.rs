//! The page of an unknown address.

use super::{Heading, Page, text};
use leptos::prelude::*;

/// The page of an unknown address.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <Page name="not-found" title=text::NOT_FOUND narrow=true>
            <Heading title=text::NOT_FOUND lead=Signal::stored(text::NOT_FOUND_LEAD.to_owned())/>
            <p class="button-row">
                <a class="button button-primary" href="/">{text::TO_START}</a>
                <a class="button" href="/docs">{text::READ_DOCS}</a>
            </p>
        </Page>
    }
}
