use super::{permission_choices, permission_of};
use crate::api::use_client;
use crate::form::{Form, FormState, RadioCards, submit};
use crate::state::{Remote, use_toasts};
use crate::ui::{Notice, Tone};
use gatehouse_shared::api::{AppView, UpdateAppRequest};
use gatehouse_shared::model::AppId;
use leptos::prelude::*;

#[component]
pub fn PermissionsTab(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let permission = RwSignal::new(app.with_untracked(|app| app.settings.permission.as_str().to_owned()));
    let state = FormState::without_rules();
    let send = submit(move || async move {
        let request = UpdateAppRequest {
            permission: Some(permission_of(&permission.get_untracked())),
            ..UpdateAppRequest::default()
        };
        remote.set(client.update_app(id, &request).await?);
        toasts.success("Permission saved.");
        Ok(())
    });
    let same =
        Signal::derive(move || app.with(|app| permission.with(|chosen| app.settings.permission.as_str() == chosen)));
    view! {
        <section class="card" aria-labelledby="permissions-title">
            <h2 id="permissions-title" class="card-title">"What this App may do"</h2>
            <Form state on_submit=send action="Save permission" disabled=same>
                <RadioCards state name="permission" legend="Permission level" value=permission choices=permission_choices() testid="permission"/>
                <Notice tone=Tone::Info>
                    <p>"Ask for the lowest level that does the job. Tokens that people have granted keep the level that they were issued with."</p>
                </Notice>
            </Form>
        </section>
    }
}
