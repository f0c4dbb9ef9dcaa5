//! Shows a call with the new Bearer Token.

use crate::state::use_description;
use crate::ui::CodeBlock;
use crate::widget::sample_call::{curl, first_route};
use gatehouse_shared::model::CredentialForm;
use leptos::prelude::*;

/// Shows a call with the new token.
#[component]
pub fn TryIt(token: String, in_project: bool) -> impl IntoView {
    let description = use_description();
    move || {
        let route = description.with(|api| first_route(api, in_project, CredentialForm::BearerToken)).flatten()?;
        let command = curl("GET", &route.path, &token);
        Some(view! {
            <section class="card" aria-labelledby="try-title">
                <h2 id="try-title" class="card-title">"Try it"</h2>
                <p class="hint">"Calls " <code>{route.path.clone()}</code> " with the new Bearer Token."</p>
                <CodeBlock code=command what="curl command"/>
            </section>
        })
    }
}
