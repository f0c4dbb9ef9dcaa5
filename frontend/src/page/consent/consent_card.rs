//! The card that every stage of the consent page uses.

use super::consent_flow::ConsentFlow;
use super::text;
use crate::api::Failure;
use crate::form::FailureNotice;
use crate::layout::{Heading, Page};
use leptos::prelude::*;

/// The card of every stage.
#[component]
pub fn ConsentCard(
    /// The heading of the page, and the title of the window.
    #[prop(into)]
    title: String,
    #[prop(optional, into)] lead: String,
    #[prop(default = true)] ready: bool,
    /// Stands over the heading.
    #[prop(optional)]
    sign: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let title = Signal::stored(title);
    let lead = (!lead.is_empty()).then(|| Signal::stored(lead));
    view! {
        <Page name="consent" title ready=ready narrow=true>
            <div class="card consent" aria-busy=(!ready).then_some("true")>
                {sign}
                {match lead {
                    Some(lead) => view! { <Heading title lead/> },
                    None => view! { <Heading title/> },
                }}
                {children()}
            </div>
        </Page>
    }
}

#[component]
pub fn Waiting() -> impl IntoView {
    view! {
        <ConsentCard title=text::LOADING ready=false>
            <div class="stack" aria-hidden="true">
                <span class="skeleton skeleton-title"></span>
                <span class="skeleton"></span>
                <span class="skeleton"></span>
                <span class="skeleton skeleton-input"></span>
                <span class="skeleton skeleton-input"></span>
            </div>
        </ConsentCard>
    }
}

#[component]
pub fn Failed(failure: Failure, flow: ConsentFlow) -> impl IntoView {
    view! {
        <ConsentCard title=text::CANT_LOAD>
            <div role="alert"><FailureNotice failure/></div>
            <button type="button" class="button" data-testid="consent-retry" on:click=move |_| flow.retry()>{text::TRY_AGAIN}</button>
        </ConsentCard>
    }
}
