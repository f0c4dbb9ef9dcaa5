//! Which pages load on demand, in which part.

use super::leaving::AskBeforeLeaving;
use super::part::{MakePage, Part};
use super::{account, app, apply, consent, dashboard, docs, entry, not_found, office, project, screen::Screen};
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

#[derive(Clone, Copy)]
pub struct Parts {
    pub docs: Part,
    pub entry: Part,
    pub consent: Part,
    pub developer: Part,
    pub office: Part,
}

impl Parts {
    pub fn new() -> Self {
        Self {
            docs: Part::new(|| Box::pin(fetch_docs())),
            entry: Part::new(|| Box::pin(fetch_entry())),
            consent: Part::new(|| Box::pin(fetch_consent())),
            developer: Part::new(|| Box::pin(fetch_developer())),
            office: Part::new(|| Box::pin(fetch_office())),
        }
    }
}

// The attribute makes each an async function that first fetches the part of that name. Only through these functions may
// anything outside reach the pages below: what is referenced elsewhere as well is in the program from the start. What the
// attribute writes is unsafe Rust, since it imports and exports symbols; the lint that forbids it here leaves the macros
// of other crates alone.

#[wasm_split(docs, fallible, wasm_split_path = leptos::wasm_split)]
fn fetch_docs() -> Result<MakePage, SplitLoaderError> {
    Ok(docs_page)
}

#[wasm_split(entry, fallible, wasm_split_path = leptos::wasm_split)]
fn fetch_entry() -> Result<MakePage, SplitLoaderError> {
    Ok(entry_page)
}

#[wasm_split(consent, fallible, wasm_split_path = leptos::wasm_split)]
fn fetch_consent() -> Result<MakePage, SplitLoaderError> {
    Ok(consent_page)
}

#[wasm_split(developer, fallible, wasm_split_path = leptos::wasm_split)]
fn fetch_developer() -> Result<MakePage, SplitLoaderError> {
    Ok(developer_page)
}

#[wasm_split(office, fallible, wasm_split_path = leptos::wasm_split)]
fn fetch_office() -> Result<MakePage, SplitLoaderError> {
    Ok(office_page)
}

fn docs_page(screen: Screen) -> AnyView {
    match screen {
        Screen::Docs => view! { <docs::DocsPage/> }.into_any(),
        Screen::ErrorList => view! { <docs::ErrorListPage/> }.into_any(),
        Screen::Error(code) => view! { <docs::ErrorPage code/> }.into_any(),
        _ => view! { <not_found::NotFoundPage/> }.into_any(),
    }
}

fn entry_page(screen: Screen) -> AnyView {
    match screen {
        Screen::SignUp => view! { <entry::SignUpPage/> }.into_any(),
        Screen::SignIn => view! { <entry::SignInPage/> }.into_any(),
        _ => view! { <not_found::NotFoundPage/> }.into_any(),
    }
}

fn consent_page(screen: Screen) -> AnyView {
    match screen {
        Screen::Consent(flow) => view! { <consent::ConsentPage flow/> }.into_any(),
        _ => view! { <not_found::NotFoundPage/> }.into_any(),
    }
}

fn developer_page(screen: Screen) -> AnyView {
    view! { <AskBeforeLeaving>{developer_screen(screen)}</AskBeforeLeaving> <entry::SignInAgain/> }.into_any()
}

fn developer_screen(screen: Screen) -> AnyView {
    match screen {
        Screen::Apply => view! { <apply::ApplyPage/> }.into_any(),
        Screen::Dashboard => view! { <dashboard::DashboardPage/> }.into_any(),
        Screen::NewProject => view! { <project::NewProjectPage/> }.into_any(),
        Screen::Project(id) => view! { <project::ProjectPage id/> }.into_any(),
        Screen::NewApp => view! { <app::NewAppPage/> }.into_any(),
        Screen::App(id) => view! { <app::AppPage id/> }.into_any(),
        Screen::Account => view! { <account::AccountPage/> }.into_any(),
        Screen::ConnectedApps => view! { <account::ConnectedAppsPage/> }.into_any(),
        _ => view! { <not_found::NotFoundPage/> }.into_any(),
    }
}

fn office_page(screen: Screen) -> AnyView {
    view! { <AskBeforeLeaving>{office_screen(screen)}</AskBeforeLeaving> <entry::SignInAgain/> }.into_any()
}

fn office_screen(screen: Screen) -> AnyView {
    match screen {
        Screen::Office => view! { <office::OfficePage/> }.into_any(),
        Screen::OfficeAccounts => view! { <office::OfficeAccountsPage/> }.into_any(),
        Screen::OfficeAccount(id) => view! { <office::OfficeAccountPage id/> }.into_any(),
        _ => view! { <not_found::NotFoundPage/> }.into_any(),
    }
}
