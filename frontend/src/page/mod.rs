//! Shows the page of the present address. A page is a folder: it imports `api`, `form`, `layout`, `state`, `ui` and
//! `widget`, and never another page.

mod account;
mod app;
mod apply;
mod bundles;
mod consent;
mod dashboard;
mod docs;
mod invitation;
mod landing;
mod lazy_bundle;
mod members;
mod project;
mod review;
mod route;
mod sign_in;
mod text;

use crate::layout::{NotFoundPage, OperatorOnly, SignedInOnly};
use crate::state::use_session;
use crate::ui::effect;
use bundles::Bundles;
use gatehouse_shared::model::OperatorRole;
use landing::LandingPage;
use lazy_bundle::BundlePage;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    components::{FlatRoutes, Route},
    hooks::{use_location, use_navigate},
    path,
};
use route::PageRoute;

/// Whether the page at a path is shown without the navigation of the portal. The consent page is: it opens in a small
/// window of an App, for users who may not know the portal.
pub fn stands_alone(path: &str) -> bool {
    matches!(PageRoute::at(path), PageRoute::Consent(_))
}

/// The page at the present address.
#[component]
pub fn Pages() -> impl IntoView {
    let session = use_session();
    let bundles = Bundles::new();
    provide_context(bundles);
    // A user who has signed in needs this bundle next.
    effect(move || {
        if session.account().is_some() {
            bundles.developer.request();
        }
    });
    // The operator of the settings has no developer account, so their dashboard would stay empty.
    let path = use_location().pathname;
    let navigate = use_navigate();
    effect(move || {
        let page = path.with(|path| PageRoute::at(path));
        let lead = |target| navigate(target, NavigateOptions { replace: true, ..NavigateOptions::default() });
        if session.is_settings_operator() && page == PageRoute::Dashboard {
            lead("/review");
        }
        // An Auditor reviews nothing.
        if session.operator() == Some(OperatorRole::Auditor) && page == PageRoute::Review {
            lead("/review/audit");
        }
    });
    // One route for all pages: the router keeps the address and the history, and `PageRoute` finds the page. Pages read
    // the address from `use_location`, because the router does not update the parameters of a route that stays the
    // same.
    view! {
        <FlatRoutes fallback=CurrentPage>
            <Route path=path!("/*path") view=CurrentPage/>
        </FlatRoutes>
    }
}

#[component]
fn CurrentPage() -> impl IntoView {
    let path = use_location().pathname;
    let route = Memo::new(move |_| path.with(|path| PageRoute::at(path)));
    let bundles: Bundles = expect_context();
    move || page_of(route.get(), bundles)
}

fn page_of(route: PageRoute, bundles: Bundles) -> AnyView {
    match route {
        PageRoute::Landing => view! { <LandingPage/> }.into_any(),
        PageRoute::SignUp | PageRoute::SignIn => view! { <BundlePage bundle=bundles.sign_in route/> }.into_any(),
        PageRoute::Consent(_) => view! { <BundlePage bundle=bundles.consent route/> }.into_any(),
        PageRoute::NotFound => view! { <NotFoundPage/> }.into_any(),
        PageRoute::Docs | PageRoute::ErrorList | PageRoute::Error(_) => {
            view! { <BundlePage bundle=bundles.docs route/> }.into_any()
        }
        PageRoute::Review
        | PageRoute::ReviewAccounts
        | PageRoute::ReviewAccount(_)
        | PageRoute::ReviewDeveloperAccounts
        | PageRoute::ReviewDeveloperAccount(_)
        | PageRoute::ReviewApp(_)
        | PageRoute::ReviewSearch
        | PageRoute::ReviewAudit
        | PageRoute::ReviewOperators => {
            view! { <OperatorOnly><BundlePage bundle=bundles.review route/></OperatorOnly> }.into_any()
        }
        // This page itself asks the user to sign in, and says why.
        PageRoute::Invitation(_) => view! { <BundlePage bundle=bundles.developer route/> }.into_any(),
        PageRoute::Apply
        | PageRoute::Dashboard
        | PageRoute::NewProject
        | PageRoute::Project(_)
        | PageRoute::NewApp
        | PageRoute::App(_)
        | PageRoute::Account
        | PageRoute::ConnectedApps
        | PageRoute::Members(_) => {
            // Do not wait for the session: a user without a session signs in, and then needs the bundle.
            bundles.developer.request();
            view! { <SignedInOnly><BundlePage bundle=bundles.developer route/></SignedInOnly> }.into_any()
        }
    }
}
