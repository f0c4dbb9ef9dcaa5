//! The screens, and the address of each.

mod account;
mod app;
mod apply;
mod consent;
mod dashboard;
mod docs;
mod entry;
mod landing;
mod leaving;
mod not_found;
mod office;
mod part;
mod parts;
mod project;
mod screen;
mod text;

use crate::layout::{OperatorOnly, SignedInOnly};
use crate::state::use_session;
use crate::ui::effect;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    components::{FlatRoutes, Route},
    hooks::{use_location, use_navigate},
    path,
};
use part::PartPage;
use parts::Parts;
use screen::Screen;

/// Whether the page at a path is shown without the portal's navigation: it opens in a small window of an App, for
/// people who may not know the portal at all.
pub fn stands_alone(path: &str) -> bool {
    matches!(Screen::at(path), Screen::Consent(_))
}

/// The screen at the present address.
#[component]
pub fn Pages() -> impl IntoView {
    let session = use_session();
    let parts = Parts::new();
    provide_context(parts);
    // Whoever signs in needs it next: it comes while they do.
    effect(move || {
        if session.account().is_some() {
            parts.developer.request();
        }
    });
    // An operator has no developer account, so their dashboard would be empty for ever.
    let path = use_location().pathname;
    let navigate = use_navigate();
    effect(move || {
        if session.is_operator() && path.with(|path| Screen::at(path) == Screen::Dashboard) {
            navigate("/office", NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
    // One route for all: the router keeps address and history, `Screen` knows what is where. Pages read the address
    // from `use_location`: the router does not renew what a route sees of it while the route stays the same.
    view! {
        <FlatRoutes fallback=CurrentScreen>
            <Route path=path!("/*path") view=CurrentScreen/>
        </FlatRoutes>
    }
}

#[component]
fn CurrentScreen() -> impl IntoView {
    let path = use_location().pathname;
    let screen = Memo::new(move |_| path.with(|path| Screen::at(path)));
    let parts: Parts = expect_context();
    move || page_of(screen.get(), parts)
}

fn page_of(screen: Screen, parts: Parts) -> AnyView {
    match screen {
        Screen::Landing => view! { <landing::LandingPage/> }.into_any(),
        Screen::SignUp | Screen::SignIn => view! { <PartPage part=parts.entry screen/> }.into_any(),
        Screen::Consent(_) => view! { <PartPage part=parts.consent screen/> }.into_any(),
        Screen::NotFound => view! { <not_found::NotFoundPage/> }.into_any(),
        Screen::Docs | Screen::ErrorList | Screen::Error(_) => view! { <PartPage part=parts.docs screen/> }.into_any(),
        Screen::Office | Screen::OfficeAccounts | Screen::OfficeAccount(_) => {
            view! { <OperatorOnly><PartPage part=parts.office screen/></OperatorOnly> }.into_any()
        }
        Screen::Apply
        | Screen::Dashboard
        | Screen::NewProject
        | Screen::Project(_)
        | Screen::NewApp
        | Screen::App(_)
        | Screen::Account
        | Screen::ConnectedApps => {
            // Without waiting for the session: whoever has none signs in, and needs it then.
            parts.developer.request();
            view! { <SignedInOnly><PartPage part=parts.developer screen/></SignedInOnly> }.into_any()
        }
    }
}
