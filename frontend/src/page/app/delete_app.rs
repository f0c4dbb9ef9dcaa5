//! Deletes an App after the developer has typed its name.

use super::text::delete as text;
use crate::api::use_client;
use crate::form::{Form, FormState, TextField, submit};
use crate::state::use_description;
use crate::ui::{Dialog, use_toasts};
use gatehouse_shared::api::{AppView, ConfirmDeletionRequest};
use gatehouse_shared::model::AppId;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

#[component]
pub fn DeleteApp(id: AppId, app: Memo<AppView>) -> impl IntoView {
    let (client, toasts, navigate) = (use_client(), use_toasts(), use_navigate());
    let description = use_description();
    let open = RwSignal::new(false);
    let name = Memo::new(move |_| app.with(|app| app.settings.name.clone()));
    let typed = RwSignal::new(String::new());
    let state = FormState::without_rules();
    let send = StoredValue::new(submit(move || {
        let navigate = navigate.clone();
        async move {
            client.delete_app(id, &ConfirmDeletionRequest { confirm_name: typed.get_untracked() }).await?;
            toasts.success(format!("App {} deleted.", name.get_untracked()));
            navigate("/dashboard", NavigateOptions::default());
            Ok(())
        }
    }));
    let differs = Signal::derive(move || typed.get() != name.get());
    view! {
        <section class="card card-danger" aria-labelledby="danger-title">
            <div class="card-head">
                <div>
                    <h2 id="danger-title">"Delete this App"</h2>
                    <p class="hint">{text::LEAD} " " {move || description.takes_effect()}</p>
                </div>
                <button type="button" class="button button-danger-quiet" data-testid="delete-app"
                    on:click=move |_| { typed.set(String::new()); open.set(true); }>"Delete App"</button>
            </div>
        </section>
        <Dialog open id="delete-dialog" title="Delete this App?">
            <Form state on_submit=send.get_value() action="Delete App" danger=true testid="confirm" disabled=differs
                on_cancel=Callback::new(move |()| open.set(false))>
                <p>"You can’t undo this. Programs that use its credentials stop working. Type " <strong>{name}</strong> " to confirm."</p>
                <TextField state name="confirm_name" label="App name" value=typed literal=true/>
            </Form>
        </Dialog>
    }
}
