//! Changes the password of the user.

use super::text;
use crate::api::use_client;
use crate::form::{Checkbox, Form, FormState, PasswordField, submit};
use crate::state::{Remote, use_session};
use crate::ui::use_toasts;
use gatehouse_shared::api::{ChangePasswordRequest, SessionList};
use leptos::prelude::*;

#[component]
pub fn PasswordForm(sessions: Remote<SessionList>) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let revoke_apps = RwSignal::new(false);
    let request = move || {
        let (current_password, new_password) = (current.get(), new.get());
        ChangePasswordRequest { current_password, new_password, revoke_apps: revoke_apps.get() }.check()
    };
    let state = FormState::new(request);
    let send = submit(move || async move {
        let Ok(request) = untrack(request) else { return Ok(()) };
        client.update_password(&request).await?;
        current.set(String::new());
        new.set(String::new());
        revoke_apps.set(false);
        toasts.success(text::PASSWORD_CHANGED);
        sessions.reload();
        Ok(())
    });
    let username = use_session().account_untracked().map(|account| account.username).unwrap_or_default();
    view! {
        <section class="card" aria-labelledby="password-title">
            <h2 id="password-title" class="card-title">{text::PASSWORD}</h2>
            <Form state on_submit=send action=text::CHANGE_PASSWORD>
                // Tells a password manager the account of the password.
                <input type="text" name="username" autocomplete="username" hidden readonly prop:value=username/>
                <PasswordField state name="current_password" label=text::CURRENT_PASSWORD value=current autocomplete="current-password"/>
                <PasswordField state name="new_password" label=text::NEW_PASSWORD value=new autocomplete="new-password"
                    hint=text::NEW_PASSWORD_HINT/>
                <Checkbox state name="revoke_apps" label=text::CONNECTED_APPS_FIELD value=revoke_apps>
                    {text::ALSO_REVOKE_APPS}
                </Checkbox>
            </Form>
        </section>
    }
}
