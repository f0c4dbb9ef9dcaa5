//! Where a user lets an App act for them, or does not. A page by itself: it opens in a small window of the App.

mod ask;
mod ending;
mod flow;
mod frame;
mod problem;
mod settled;
mod sign_in;
mod text;
mod visit;

pub use flow::Flow;

use ask::Ask;
use ending::{Denied, Expired, Leaving, Pin};
use frame::{Failed, Waiting};
use leptos::prelude::*;
use problem::Problem;
use sign_in::SignIn;
use visit::{Stage, Visit};

/// Each stage is a page of its own, so that the focus and the window's title follow what happens.
#[component]
pub fn ConsentPage(flow: Flow) -> impl IntoView {
    let visit = Visit::new(flow);
    let stage = Memo::new(move |_| visit.stage());
    move || match stage.get() {
        Stage::Loading => view! { <Waiting/> }.into_any(),
        Stage::Failed(failure) => view! { <Failed failure visit/> }.into_any(),
        Stage::SignIn(request) => view! { <SignIn request visit/> }.into_any(),
        Stage::Ask(request, account) => view! { <Ask request account visit/> }.into_any(),
        Stage::Leaving { url, replace } => view! { <Leaving url replace/> }.into_any(),
        Stage::Pin { pin, app } => view! { <Pin pin app/> }.into_any(),
        Stage::Denied { return_url, app } => view! { <Denied return_url app/> }.into_any(),
        Stage::Expired => view! { <Expired/> }.into_any(),
        Stage::Problem(problem) => view! { <Problem problem/> }.into_any(),
    }
}
