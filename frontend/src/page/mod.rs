//! The screens, and the address of each.

mod account;
mod app;
mod apply;
mod credentials;
mod dashboard;
mod docs;
mod entry;
mod landing;
mod not_found;
mod office;
mod project;

use crate::layout::{OperatorOnly, SignedInOnly};
use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route},
    path,
};

/// For whoever is signed in.
fn private<P: Fn() -> AnyView + Copy + Send + Sync + 'static>(
    page: P,
) -> impl Fn() -> AnyView + Copy + Send + Sync + 'static {
    move || view! { <SignedInOnly>{page()}</SignedInOnly> }.into_any()
}

/// For operators.
fn operator<P: Fn() -> AnyView + Copy + Send + Sync + 'static>(
    page: P,
) -> impl Fn() -> AnyView + Copy + Send + Sync + 'static {
    move || view! { <OperatorOnly>{page()}</OperatorOnly> }.into_any()
}

#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=not_found::NotFoundPage>
            <Route path=path!("/") view=|| view! { <landing::LandingPage/> }.into_any()/>
            <Route path=path!("/docs") view=|| view! { <docs::DocsPage/> }.into_any()/>
            <Route path=path!("/docs/errors") view=|| view! { <docs::ErrorListPage/> }.into_any()/>
            <Route path=path!("/docs/errors/:code") view=|| view! { <docs::ErrorPage/> }.into_any()/>
            <Route path=path!("/sign-up") view=|| view! { <entry::SignUpPage/> }.into_any()/>
            <Route path=path!("/sign-in") view=|| view! { <entry::SignInPage/> }.into_any()/>
            <Route path=path!("/apply") view=private(|| view! { <apply::ApplyPage/> }.into_any())/>
            <Route path=path!("/dashboard") view=private(|| view! { <dashboard::DashboardPage/> }.into_any())/>
            <Route path=path!("/projects/new") view=private(|| view! { <project::NewProjectPage/> }.into_any())/>
            <Route path=path!("/projects/:project_id") view=private(|| view! { <project::ProjectPage/> }.into_any())/>
            <Route path=path!("/apps/new") view=private(|| view! { <app::NewAppPage/> }.into_any())/>
            <Route path=path!("/apps/:app_id/:tab?") view=private(|| view! { <app::AppPage/> }.into_any())/>
            <Route path=path!("/account") view=private(|| view! { <account::AccountPage/> }.into_any())/>
            <Route path=path!("/office") view=operator(|| view! { <office::OfficePage/> }.into_any())/>
            <Route path=path!("/office/accounts") view=operator(|| view! { <office::OfficeAccountsPage/> }.into_any())/>
            <Route path=path!("/office/accounts/:account_id") view=operator(|| view! { <office::OfficeAccountPage/> }.into_any())/>
        </FlatRoutes>
    }
}
