//! The consent page: asks a user whether an App may act for them. It stands alone, since it opens in a small window of
//! the App.

mod ask;
mod consent_card;
mod consent_flow;
mod consent_result;
mod problem;
mod protocol;
mod settled;
mod sign_in;
mod text;

use ask::Ask;
use consent_card::{Failed, Waiting};
use consent_flow::{ConsentFlow, Stage};
use consent_result::{Denied, Expired, Leaving, Pin};
use leptos::prelude::*;
use problem::Problem;
use protocol::Protocol;
use sign_in::SignIn;

/// Shows the present stage. Each stage is a page of its own, so that the focus and the title of the window follow it.
#[component]
pub fn ConsentPage(protocol: Protocol) -> impl IntoView {
    let flow = ConsentFlow::new(protocol);
    let stage = Memo::new(move |_| flow.stage());
    move || match stage.get() {
        Stage::Loading => view! { <Waiting/> }.into_any(),
        Stage::Failed(failure) => view! { <Failed failure flow/> }.into_any(),
        Stage::SignIn(request) => view! { <SignIn request flow/> }.into_any(),
        Stage::Ask(request, account) => view! { <Ask request account flow/> }.into_any(),
        Stage::Leaving { url, replace } => view! { <Leaving url replace/> }.into_any(),
        Stage::Pin { pin, app } => view! { <Pin pin app/> }.into_any(),
        Stage::Denied { return_url, app } => view! { <Denied return_url app/> }.into_any(),
        Stage::Expired => view! { <Expired/> }.into_any(),
        Stage::Problem(problem) => view! { <Problem problem/> }.into_any(),
    }
}
