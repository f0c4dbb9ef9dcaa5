//! Lets the user sign in before the consent page asks.

use super::consent_card::ConsentCard;
use super::consent_flow::ConsentFlow;
use super::text;
use crate::layout::{SignInForm, here, leading_back};
use crate::state::use_description;
use crate::ui::Monogram;
use gatehouse_shared::api::ConsentRequest;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Lets the user sign in before the question.
#[component]
pub fn SignIn(request: ConsentRequest, flow: ConsentFlow) -> impl IntoView {
    let description = use_description();
    let title = text::sign_in_title(&untrack(|| description.name()));
    let lead = text::sign_in_lead(&request.app.name);
    let sign_up = leading_back("/sign-up", &here(&use_location()));
    let login = flow.login(&request);
    view! {
        <ConsentCard title lead sign=view! { <Monogram name=request.app.name/> }.into_any()>
            <SignInForm login on_done=Callback::new(move |()| flow.begin())/>
            <p class="entry-other">{text::NEW_HERE} <a href=sign_up>{text::CREATE_ACCOUNT}</a></p>
        </ConsentCard>
    }
}
