use super::row::CredentialRow;
use super::{Desk, text};
use crate::ui::CopyText;
use gatehouse_shared::api::{AppView, CredentialKind};
use gatehouse_shared::model::ClientType;
use leptos::prelude::*;

/// What the App has for OAuth 2.0: nothing yet, a Client ID, or that and a secret.
#[component]
pub fn ClientRow(desk: Desk) -> impl IntoView {
    let client_type = Memo::new(move |_| desk.app.with(|app| app.settings.client_type));
    move || match client_type.get() {
        Some(kind) if kind.is_confidential() => {
            view! { <CredentialRow desk kind=CredentialKind::ClientSecret/> }.into_any()
        }
        Some(kind) => view! { <PublicClient app=desk.app kind/> }.into_any(),
        None => view! { <NoClient set_up=format!("/apps/{}/permissions", desk.id)/> }.into_any(),
    }
}

#[component]
fn NoClient(set_up: String) -> impl IntoView {
    view! {
        <li class="row" data-testid="no-client">
            <div class="row-main">
                <p class="row-title">"OAuth 2.0"</p>
                <p class="hint">"This App has no Client ID yet. To get one, choose a client type under " <a href=set_up>"Permissions and sign-in"</a> "."</p>
            </div>
        </li>
    }
}

#[component]
fn PublicClient(app: Memo<AppView>, kind: ClientType) -> impl IntoView {
    view! {
        <li class="row" data-testid="public-client">
            <div class="row-main">
                <p class="row-title">"OAuth 2.0"</p>
                <ClientId app/>
                <p class="hint">{text::no_secret(kind.label())}</p>
            </div>
        </li>
    }
}

/// The App's name in OAuth 2.0, once it has one.
#[component]
pub fn ClientId(app: Memo<AppView>) -> impl IntoView {
    move || {
        let id = app.with(|app| app.client_id.clone())?;
        Some(view! {
            <p class="meta-item"><span class="row-label">"Client ID"</span> <CopyText text=id what="Client ID" testid="client-id"/></p>
        })
    }
}
