//! An App's credentials: what is still shown of them, and what one does with them.

mod client;
mod desk;
mod ending;
mod expiry;
mod regenerate;
mod row;

pub use client::ClientId;
pub use desk::{Act, CredentialDialog, Desk, IssuedPanel};
pub use expiry::{ExpiryNotice, ExpiryTag};

use crate::page::credentials::origin;
use crate::state::Remote;
use crate::ui::CodeBlock;
use client::ClientRow;
use gatehouse_shared::api::{AppView, CredentialKind};
use gatehouse_shared::model::AppId;
use leptos::prelude::*;
use row::CredentialRow;

#[component]
pub fn KeysTab(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> impl IntoView {
    let desk = Desk::new(id, app, remote);
    let kinds = [CredentialKind::ApiKey, CredentialKind::AccessToken, CredentialKind::BearerToken];
    let rows = kinds.map(|kind| view! { <CredentialRow desk kind/> });
    view! {
        <IssuedPanel desk/>
        <section class="card card-list" aria-labelledby="keys-title">
            <div class="card-head">
                <div>
                    <h2 id="keys-title">"Keys and tokens"</h2>
                    <p class="hint">"Shown in full only once, when they are made. Here you see how they end."</p>
                </div>
            </div>
            <ul class="rows">{rows} <ClientRow desk/></ul>
        </section>
        <section class="card" aria-labelledby="use-title">
            <h2 id="use-title" class="card-title">"Get the Bearer Token with the API Key"</h2>
            <p class="hint">"The same token every time, until you regenerate or revoke it."</p>
            <CodeBlock what="token request" code=token_request()/>
        </section>
        <CredentialDialog desk/>
    }
}

fn token_request() -> String {
    format!(
        "curl -u \"$API_KEY:$API_KEY_SECRET\" \\\n  -d grant_type=client_credentials \\\n  {}/oauth2/token",
        origin()
    )
}
