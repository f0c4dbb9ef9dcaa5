//! Shows how to sign a request with the new credentials.

use super::text;
use crate::state::use_description;
use crate::ui::CodeBlock;
use crate::widget::sample_call::{first_route, python};
use gatehouse_shared::model::CredentialForm;
use leptos::prelude::*;

/// Shows how to sign a request with the new credentials.
#[component]
pub fn SignIt(in_project: bool) -> impl IntoView {
    let description = use_description();
    move || {
        let route = description.with(|api| first_route(api, in_project, CredentialForm::OAuth1User)).flatten()?;
        Some(view! {
            <section class="card" aria-labelledby="sign-title">
                <h2 id="sign-title" class="card-title">"Sign a request"</h2>
                <p class="hint">{text::SIGN_HINT}</p>
                <CodeBlock code=python(&route.path) what="signed call in Python"/>
            </section>
        })
    }
}
