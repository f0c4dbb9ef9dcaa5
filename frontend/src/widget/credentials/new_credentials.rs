//! Shows the credentials of a new App until the developer opens the page of the App.

use super::{CredentialsGone, CredentialsPanel, text};
use crate::state::use_new_app;
use gatehouse_shared::api::{AppView, IssuedCredentials};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The credentials of a new App, until the developer opens the page of the App.
#[component]
pub fn NewCredentials(app: AppView, issued: RwSignal<Option<IssuedCredentials>>, lead: String) -> impl IntoView {
    let navigate = use_navigate();
    let target = format!("/apps/{}", app.id);
    let keys = format!("{target}/keys");
    let (new_app, created) = (use_new_app(), app.clone());
    let done = Callback::new(move |()| {
        new_app.put(created.clone());
        navigate(&target, NavigateOptions::default());
    });
    let are_shown = Memo::new(move |_| issued.with(Option::is_some));
    view! {
        <div class="stack">
            <p class="lead">{lead}</p>
            {move || {
                let (app, keys) = (app.clone(), keys.clone());
                if are_shown.get() {
                    view! {
                        <CredentialsPanel issued app_name=app.settings.name app_id=app.id.to_string() in_project=app.project.is_some()
                            done=text::SAVED on_done=done/>
                    }.into_any()
                } else {
                    view! { <CredentialsGone keys/> }.into_any()
                }
            }}
        </div>
    }
}
