//! Shows the Client ID of an App.

use crate::ui::CopyText;
use gatehouse_shared::api::AppView;
use leptos::prelude::*;

/// The Client ID of the App for OAuth 2.0, if the App has a client type.
#[component]
pub fn ClientId(app: Memo<AppView>) -> impl IntoView {
    move || {
        let id = app.with(|app| app.client_id.clone())?;
        Some(view! {
            <p class="meta-item"><span class="row-label">"Client ID"</span> <CopyText text=id what="Client ID" testid="client-id"/></p>
        })
    }
}
