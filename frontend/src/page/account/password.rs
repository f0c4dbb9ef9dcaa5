use crate::api::use_client;
use crate::form::{Form, FormState, PasswordField, submit};
use crate::state::{Remote, use_toasts};
use gatehouse_shared::api::{ChangePasswordRequest, SessionList};
use leptos::prelude::*;

#[component]
pub fn PasswordForm(sessions: Remote<SessionList>) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let request = move || ChangePasswordRequest { current_password: current.get(), new_password: new.get() }.check();
    let state = FormState::new(request);
    let send = submit(move || async move {
        let Ok(request) = untrack(request) else { return Ok(()) };
        client.update_password(&request).await?;
        current.set(String::new());
        new.set(String::new());
        toasts.success("Password changed. Every other session has ended.");
        sessions.reload();
        Ok(())
    });
    view! {
        <section class="card" aria-labelledby="password-title">
            <h2 id="password-title" class="card-title">"Password"</h2>
            <Form state on_submit=send action="Change password">
                <PasswordField state name="current_password" label="Current password" value=current autocomplete="current-password"/>
                <PasswordField state name="new_password" label="New password" value=new autocomplete="new-password"
                    hint="At least 12 characters. Changing it ends every other session."/>
            </Form>
        </section>
    }
}
