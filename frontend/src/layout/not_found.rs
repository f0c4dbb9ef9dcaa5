//! The page of an unknown address.

use super::{Heading, Page, text};
use leptos::prelude::*;

/// The page of an unknown address.
#[component]
pub fn NotFoundPage(
    /// Says what is missing.
    #[prop(default = text::NOT_FOUND_LEAD)]
    lead: &'static str,
) -> impl IntoView {
    view! {
        <Page name="not-found" title=text::NOT_FOUND narrow=true>
            <Heading title=text::NOT_FOUND lead=Signal::stored(lead.to_owned())/>
            <p class="button-row">
                <a class="button button-primary" href="/">{text::TO_START}</a>
                <a class="button" href="/docs">{text::READ_DOCS}</a>
            </p>
        </Page>
    }
}
