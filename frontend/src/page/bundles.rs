//! Lists the bundles of pages that load on demand, and the pages of each bundle.

use super::lazy_bundle::{LazyBundle, MakePage};
use super::route::PageRoute;
use super::{account, app, apply, consent, dashboard, docs, invitation, members, project, review, sign_in};
use crate::layout::{DemotionDialog, LeaveGuard, NotFoundPage, SignInAgain};
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

#[derive(Clone, Copy)]
pub struct Bundles {
    pub docs: LazyBundle,
    pub sign_in: LazyBundle,
    pub consent: LazyBundle,
    pub developer: LazyBundle,
    pub review: LazyBundle,
}

impl Bundles {
    pub fn new() -> Self {
        Self {
            docs: LazyBundle::new(|| Box::pin(fetch_docs())),
            sign_in: LazyBundle::new(|| Box::pin(fetch_sign_in())),
            consent: LazyBundle::new(|| Box::pin(fetch_consent())),
            developer: LazyBundle::new(|| Box::pin(fetch_developer())),
            review: LazyBundle::new(|| Box::pin(fetch_review())),
        }
    }
}

// The attribute makes each function async and lets it fetch the bundle of that name first. Reach the pages below only
// through these functions: a page that is referenced elsewhere too is in the program from the start. The attribute
// writes unsafe Rust, since it imports and exports symbols. The lint that forbids unsafe code ignores macros of other
// crates.

#[wasm_split(docs, fallible, wasm_split_path = leptos::wasm_split)]
fn fetch_docs() -> Result<MakePage, SplitLoaderError> {
    Ok(docs_page)
}

#[wasm_split(sign_in, fallible, wasm_split_path = leptos::wasm_split)]
fn fetch_sign_in() -> Result<MakePage, SplitLoaderError> {
    Ok(sign_in_page)
}

#[wasm_split(consent, fallible, wasm_split_path = leptos::wasm_split)]
fn fetch_consent() -> Result<MakePage, SplitLoaderError> {
    Ok(consent_page)
}

#[wasm_split(developer, fallible, wasm_split_path = leptos::wasm_split)]
fn fetch_developer() -> Result<MakePage, SplitLoaderError> {
    Ok(developer_page)
}

#[wasm_split(review, fallible, wasm_split_path = leptos::wasm_split)]
fn fetch_review() -> Result<MakePage, SplitLoaderError> {
    Ok(review_page)
}

fn docs_page(route: PageRoute) -> AnyView {
    match route {
        PageRoute::Docs => view! { <docs::DocsPage/> }.into_any(),
        PageRoute::ErrorList => view! { <docs::ErrorListPage/> }.into_any(),
        PageRoute::Error(code) => view! { <docs::ErrorPage code/> }.into_any(),
        _ => view! { <NotFoundPage/> }.into_any(),
    }
}

fn sign_in_page(route: PageRoute) -> AnyView {
    match route {
        PageRoute::SignUp => view! { <sign_in::SignUpPage/> }.into_any(),
        PageRoute::SignIn => view! { <sign_in::SignInPage/> }.into_any(),
        _ => view! { <NotFoundPage/> }.into_any(),
    }
}

fn consent_page(route: PageRoute) -> AnyView {
    match route {
        PageRoute::Consent(protocol) => view! { <consent::ConsentPage protocol/> }.into_any(),
        _ => view! { <NotFoundPage/> }.into_any(),
    }
}

fn developer_page(route: PageRoute) -> AnyView {
    view! { <LeaveGuard>{developer_route(route)}</LeaveGuard> <SignInAgain/> <DemotionDialog/> }.into_any()
}

fn developer_route(route: PageRoute) -> AnyView {
    match route {
        PageRoute::Apply => view! { <apply::ApplyPage/> }.into_any(),
        PageRoute::Dashboard => view! { <dashboard::DashboardPage/> }.into_any(),
        PageRoute::NewProject => view! { <project::NewProjectPage/> }.into_any(),
        PageRoute::Project(id) => view! { <project::ProjectPage id/> }.into_any(),
        PageRoute::NewApp => view! { <app::NewAppPage/> }.into_any(),
        PageRoute::App(id) => view! { <app::AppPage id/> }.into_any(),
        PageRoute::Account => view! { <account::AccountPage/> }.into_any(),
        PageRoute::ConnectedApps => view! { <account::ConnectedAppsPage/> }.into_any(),
        PageRoute::Members(id) => view! { <members::MembersPage id/> }.into_any(),
        PageRoute::Invitation(id) => view! { <invitation::InvitationPage id/> }.into_any(),
        _ => view! { <NotFoundPage/> }.into_any(),
    }
}

fn review_page(route: PageRoute) -> AnyView {
    view! { <LeaveGuard>{review_route(route)}</LeaveGuard> <SignInAgain/> }.into_any()
}

fn review_route(route: PageRoute) -> AnyView {
    match route {
        PageRoute::Review => view! { <review::ReviewPage/> }.into_any(),
        PageRoute::ReviewSearch => view! { <review::ReviewSearchPage/> }.into_any(),
        PageRoute::ReviewAudit => view! { <review::ReviewAuditPage/> }.into_any(),
        PageRoute::ReviewOperators => view! { <review::ReviewOperatorsPage/> }.into_any(),
        PageRoute::ReviewAccounts => view! { <review::ReviewAccountsPage/> }.into_any(),
        PageRoute::ReviewAccount(id) => view! { <review::ReviewAccountPage id/> }.into_any(),
        PageRoute::ReviewDeveloperAccounts => view! { <review::ReviewDeveloperAccountsPage/> }.into_any(),
        PageRoute::ReviewApp(id) => view! { <review::ReviewAppPage id/> }.into_any(),
        PageRoute::ReviewDeveloperAccount(id) => view! { <review::ReviewDeveloperAccountPage id/> }.into_any(),
        _ => view! { <NotFoundPage/> }.into_any(),
    }
}
