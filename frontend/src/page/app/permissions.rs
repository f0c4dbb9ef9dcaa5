use super::keys::{Act, CredentialDialog, Desk, IssuedPanel};
use super::sign_in::SignInSettings;
use super::{permission_choices, permission_of};
use crate::api::use_client;
use crate::form::{Form, FormState, RadioCards, submit};
use crate::state::{Remote, use_toasts};
use crate::ui::{Notice, Tone};
use gatehouse_shared::api::{AppView, CredentialKind, UpdateAppRequest};
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
    let desk = Desk::new(id, app, remote);
    view! {
        <IssuedPanel desk/>
        <StaleToken desk/>
        <section class="card" aria-labelledby="permissions-title">
            <h2 id="permissions-title" class="card-title">"What this App may do"</h2>
            <Form state on_submit=send action="Save permission" disabled=same>
                <RadioCards state name="permission" legend="Permission level" value=permission choices=permission_choices() testid="permission"/>
                <Notice tone=Tone::Info>
                    <p>"Ask for the lowest level that does the job. A change holds for the Bearer Token at once. Access Tokens that exist keep the level they were made with, until they are regenerated."</p>
                </Notice>
            </Form>
        </section>
        <SignInSettings id app remote/>
        <CredentialDialog desk/>
    }
}

/// The Access Token that was made with another level, and the way to a new one.
#[component]
fn StaleToken(desk: Desk) -> impl IntoView {
    let kind = CredentialKind::AccessToken;
    move || {
        let token = desk.current(kind)?;
        let level = token.permission?;
        let wanted = desk.app.with(|app| app.settings.permission);
        (level != wanted).then(|| {
            view! {
                <Notice tone=Tone::Warning title="Your Access Token keeps its old permission" testid="stale-token">
                    <p>{format!("The one that ends in {} was made with “{}”, and the App now has “{}”. Regenerate it for the new level.", token.hint, level.label(), wanted.label())}</p>
                    <p>
                        <button type="button" class="button button-small" data-testid="regenerate-access-token"
                            on:click=move |_| desk.start(Act::Regenerate, kind)>"Regenerate the Access Token"</button>
                    </p>
                </Notice>
            }
        })
    }
}
