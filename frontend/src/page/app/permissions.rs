//! The permission of an App, and a warning about an Access Token with an older permission.

use super::facts::PermissionFacts;
use super::keys::{CredentialAction, CredentialDialog, CredentialDialogView, IssuedPanel};
use super::saving::Saving;
use super::sign_in::SignInSettings;
use super::text::permissions as text;
use crate::form::{ChangedMeanwhile, Form, RadioCards};
use crate::state::{Remote, use_description, use_session};
use crate::ui::{Notice, Tone};
use crate::widget::{permission_choices, permission_of};
use gatehouse_shared::api::{AppView, CredentialKind, UpdateAppRequest};
use gatehouse_shared::model::{AppId, MemberRole};
use leptos::prelude::*;

fn shown(app: &AppView) -> Vec<(&'static str, String)> {
    vec![("permission", app.settings.permission.as_str().to_owned())]
}

#[component]
pub fn PermissionsTab(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> impl IntoView {
    let session = use_session();
    let may_change =
        Memo::new(move |_| app.with(|app| session.has_role(app.developer_account_id, MemberRole::Developer)));
    move || match may_change.get() {
        true => view! { <Editable id app remote/> }.into_any(),
        false => view! { <PermissionFacts app/> }.into_any(),
    }
}

#[component]
fn Editable(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> impl IntoView {
    let description = use_description();
    let before = app.with_untracked(|app| app.settings.permission);
    let permission = RwSignal::new(before.as_str().to_owned());
    let request =
        move || UpdateAppRequest { permission: Some(permission_of(&permission.get())), ..UpdateAppRequest::default() };
    let (state, send) = Saving { id, app, remote, shown, done: text::SAVED }.form(request);
    let dialog = CredentialDialog::new(id, app, remote);
    view! {
        <IssuedPanel dialog/>
        <StaleToken dialog/>
        <section class="card" aria-labelledby="permissions-title">
            <h2 id="permissions-title" class="card-title">{text::TITLE}</h2>
            <Form state on_submit=send action="Save permission">
                <RadioCards state name="permission" legend="Permission level" value=permission choices=permission_choices(before) testid="permission"/>
                <Notice tone=Tone::Info>
                    <p>{text::NOTE} " " {move || description.takes_effect()}</p>
                </Notice>
                <ChangedMeanwhile state/>
            </Form>
        </section>
        <SignInSettings id app remote/>
        <CredentialDialogView dialog/>
    }
}

/// Warns of an Access Token with another permission, and offers to regenerate it.
#[component]
fn StaleToken(dialog: CredentialDialog) -> impl IntoView {
    let kind = CredentialKind::AccessToken;
    move || {
        let token = dialog.current(kind)?;
        let level = token.permission?;
        let wanted = dialog.app.with(|app| app.settings.permission);
        (level != wanted).then(|| {
            view! {
                <Notice tone=Tone::Warning title=text::STALE_TITLE testid="stale-token">
                    <p>{text::stale(&token.hint, level.label(), wanted.label())}</p>
                    <p>
                        <button type="button" class="button button-small" data-testid="regenerate-access-token"
                            on:click=move |_| dialog.open(CredentialAction::Regenerate, kind)>"Regenerate Access Token"</button>
                    </p>
                </Notice>
            }
        })
    }
}
