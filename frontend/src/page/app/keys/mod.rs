//! The credentials of an App: what the portal still shows of them, and the dialog that changes them.

mod client_id;
mod client_row;
mod credential_dialog;
mod credential_row;
mod dialog_view;
mod form;
mod issued_panel;
mod text;

pub use client_id::ClientId;
pub use credential_dialog::{CredentialAction, CredentialDialog};
pub use dialog_view::CredentialDialogView;
pub use issued_panel::IssuedPanel;

use crate::state::Remote;
use crate::ui::CodeBlock;
use crate::widget::sample_call::origin;
use client_row::ClientRow;
use credential_row::CredentialRow;
use gatehouse_shared::api::{AppView, CredentialKind};
use gatehouse_shared::model::AppId;
use leptos::prelude::*;

#[component]
pub fn KeysTab(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> impl IntoView {
    let dialog = CredentialDialog::new(id, app, remote);
    // An Access Token acts for whoever generates it, so who may not generate one has no use for its row.
    let may_change = Memo::new(move |_| dialog.may_change());
    let rows = move || {
        let kinds = [CredentialKind::ApiKey, CredentialKind::AccessToken, CredentialKind::BearerToken];
        let shown = kinds.into_iter().filter(move |kind| may_change.get() || *kind != CredentialKind::AccessToken);
        shown.map(|kind| view! { <CredentialRow dialog kind/> }).collect_view()
    };
    view! {
        <IssuedPanel dialog/>
        <section class="card card-list" aria-labelledby="keys-title">
            <div class="card-head">
                <div>
                    <h2 id="keys-title">{text::TITLE}</h2>
                    <p class="hint">{text::LEAD}</p>
                </div>
            </div>
            <ul class="rows">{rows} <ClientRow dialog/></ul>
        </section>
        <section class="card" aria-labelledby="use-title">
            <h2 id="use-title" class="card-title">{text::TOKEN_TITLE}</h2>
            <p class="hint">{text::TOKEN_LEAD}</p>
            <CodeBlock what="token request" code=token_request()/>
        </section>
        {move || may_change.get().then(|| view! { <CredentialDialogView dialog/> })}
    }
}

fn token_request() -> String {
    format!(
        "curl -u \"$API_KEY:$API_KEY_SECRET\" \\\n  -d grant_type=client_credentials \\\n  {}/oauth2/token",
        origin()
    )
}
