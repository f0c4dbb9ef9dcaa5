use super::error_texts::help;
use crate::layout::{Heading, Page};
use gatehouse_shared::problem::Code;
use leptos::prelude::*;

/// Every error of the portal.
#[component]
pub fn ErrorListPage() -> impl IntoView {
    view! {
        <Page name="errors" title="Error help" narrow=true>
            <Heading title="Error help" lead="What the portal’s errors mean and how to fix them."
                parent=Signal::stored(("API reference".to_owned(), "/docs".to_owned()))/>
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

/// The help page of one error; its address is the `type` of the problem.
#[component]
pub fn ErrorPage(code: Code) -> impl IntoView {
    let (what, fix) = help(code);
    view! {
        <Page name="error" title=code.title() narrow=true>
            <Heading title=code.title() parent=Signal::stored(("Error help".to_owned(), "/docs/errors".to_owned()))/>
            <section class="card prose-card">
                <p class="hint">"Code " <code>{code.slug()}</code></p>
                <h2>"What happened"</h2>
                <p>{with_code(what)}</p>
                <h2>"How to fix it"</h2>
                <p>{with_code(fix)}</p>
            </section>
        </Page>
    }
}

/// Sets what stands between backquotes as code.
fn with_code(text: &'static str) -> impl IntoView {
    text.split('`')
        .enumerate()
        .map(|(index, part)| if index % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() })
        .collect_view()
}
