//! The row for OAuth 2.0: the Client ID and the Client Secret.

use super::client_id::ClientId;
use super::credential_dialog::CredentialDialog;
use super::credential_row::CredentialRow;
use super::text;
use gatehouse_shared::api::{AppView, CredentialKind};
use gatehouse_shared::model::ClientType;
use leptos::prelude::*;

/// Shows that the App has no client type, its Client ID, or its Client ID and its Client Secret.
#[component]
pub fn ClientRow(dialog: CredentialDialog) -> impl IntoView {
    let client_type = Memo::new(move |_| dialog.app.with(|app| app.settings.client_type));
    move || match client_type.get() {
        Some(kind) if kind.is_confidential() => {
            view! { <CredentialRow dialog kind=CredentialKind::ClientSecret/> }.into_any()
        }
        Some(kind) => view! { <PublicClient app=dialog.app kind/> }.into_any(),
        None => view! { <NoClient dialog/> }.into_any(),
    }
}

#[component]
fn NoClient(dialog: CredentialDialog) -> impl IntoView {
    let set_up = format!("/apps/{}/permissions", dialog.id);
    view! {
        <li class="row" data-testid="no-client">
            <div class="row-main">
                <p class="row-title">"OAuth 2.0"</p>
                <p class="hint">
                    "This App has no Client ID yet."
                    {move || dialog.may_change().then(|| view! {
                        " To get one, choose a client type under " <a href=set_up.clone()>"Permissions and sign-in"</a> "."
                    })}
                </p>
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
