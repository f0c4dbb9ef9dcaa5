//! The screens, and the address of each.

mod account;
mod app;
mod apply;
mod consent;
mod credentials;
mod dashboard;
mod docs;
mod entry;
mod landing;
mod not_found;
mod office;
mod project;
mod screen;

use crate::layout::{OperatorOnly, SignedInOnly};
use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route},
    hooks::use_location,
    path,
};
use screen::Screen;

/// Whether the page at a path is shown without the portal's navigation: it opens in a small window of an App, for
/// people who may not know the portal at all.
pub fn stands_alone(path: &str) -> bool {
    matches!(Screen::at(path), Screen::Consent(_))
}

/// The screen at the present address.
#[component]
pub fn Pages() -> impl IntoView {
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
    move || page_of(screen.get())
}

fn page_of(screen: Screen) -> AnyView {
    match screen {
        Screen::Landing => view! { <landing::LandingPage/> }.into_any(),
        Screen::Docs => view! { <docs::DocsPage/> }.into_any(),
        Screen::ErrorList => view! { <docs::ErrorListPage/> }.into_any(),
        Screen::Error(code) => view! { <docs::ErrorPage code/> }.into_any(),
        Screen::SignUp => view! { <entry::SignUpPage/> }.into_any(),
        Screen::SignIn => view! { <entry::SignInPage/> }.into_any(),
        Screen::Consent(flow) => view! { <consent::ConsentPage flow/> }.into_any(),
        Screen::NotFound => view! { <not_found::NotFoundPage/> }.into_any(),
        Screen::Office | Screen::OfficeAccounts | Screen::OfficeAccount(_) => {
            view! { <OperatorOnly>{inner_page(screen)}</OperatorOnly> }.into_any()
        }
        _ => view! { <SignedInOnly>{inner_page(screen)}</SignedInOnly> }.into_any(),
    }
}

/// The pages that need a session.
fn inner_page(screen: Screen) -> AnyView {
    match screen {
        Screen::Apply => view! { <apply::ApplyPage/> }.into_any(),
        Screen::Dashboard => view! { <dashboard::DashboardPage/> }.into_any(),
        Screen::NewProject => view! { <project::NewProjectPage/> }.into_any(),
        Screen::Project(id) => view! { <project::ProjectPage id/> }.into_any(),
        Screen::NewApp => view! { <app::NewAppPage/> }.into_any(),
        Screen::App(id) => view! { <app::AppPage id/> }.into_any(),
        Screen::Account => view! { <account::AccountPage/> }.into_any(),
        Screen::ConnectedApps => view! { <account::ConnectedAppsPage/> }.into_any(),
        Screen::Office => view! { <office::OfficePage/> }.into_any(),
        Screen::OfficeAccounts => view! { <office::OfficeAccountsPage/> }.into_any(),
        Screen::OfficeAccount(id) => view! { <office::OfficeAccountPage id/> }.into_any(),
        _ => view! { <not_found::NotFoundPage/> }.into_any(),
    }
}
