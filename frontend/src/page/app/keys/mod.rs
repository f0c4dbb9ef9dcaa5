//! An App's credentials: what is still shown of them, and what one does with them.

mod client;
mod desk;
mod ending;
mod expiry;
mod regenerate;
mod row;
mod text;

pub use client::ClientId;
pub use desk::{Act, CredentialDialog, Desk, IssuedPanel};

use crate::state::Remote;
use crate::ui::CodeBlock;
use crate::widget::sample_call::origin;
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
                    <h2 id="keys-title">{text::TITLE}</h2>
                    <p class="hint">{text::LEAD}</p>
                </div>
            </div>
            <ul class="rows">{rows} <ClientRow desk/></ul>
        </section>
        <section class="card" aria-labelledby="use-title">
            <h2 id="use-title" class="card-title">{text::TOKEN_TITLE}</h2>
            <p class="hint">{text::TOKEN_LEAD}</p>
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
