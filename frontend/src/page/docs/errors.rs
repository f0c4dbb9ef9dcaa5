//! The list of error codes, and the help page of each code.

use super::error_texts::help;
use super::marked::marked;
use super::text;
use crate::layout::{Heading, Page};
use gatehouse_shared::problem::Code;
use leptos::prelude::*;

/// Every error of the portal.
#[component]
pub fn ErrorListPage() -> impl IntoView {
    view! {
        <Page name="errors" title=text::ERROR_HELP narrow=true>
            <Heading title=text::ERROR_HELP lead=Signal::stored(text::ERROR_HELP_LEAD.to_owned())
                parents=Signal::stored(vec![(text::TITLE.to_owned(), "/docs".to_owned())])/>
            <div class="card card-list">
                <ul class="rows">
                    {Code::ALL.iter().map(|code| view! {
                        <li class="row">
                            <div class="row-main">
                                <p class="row-title"><a href=format!("/docs/errors/{}", code.slug())>{code.title()}</a></p>
                                <p class="hint"><code>{code.slug()}</code></p>
                            </div>
                        </li>
                    }).collect_view()}
                </ul>
            </div>
        </Page>
    }
}

/// The help page of an error. Its address is the `type` of the problem.
#[component]
pub fn ErrorPage(code: Code) -> impl IntoView {
    let (what, fix) = help(code);
    view! {
        <Page name="error" title=code.title() narrow=true>
            <Heading title=code.title() parents=Signal::stored(vec![(text::ERROR_HELP.to_owned(), "/docs/errors".to_owned())])/>
            <section class="card prose-card">
                <p class="hint">{text::CODE} <code>{code.slug()}</code></p>
                <h2>{text::WHAT_HAPPENED}</h2>
                <p>{marked(what)}</p>
                <h2>{text::HOW_TO_FIX}</h2>
                <p>{marked(fix)}</p>
            </section>
        </Page>
    }
}
