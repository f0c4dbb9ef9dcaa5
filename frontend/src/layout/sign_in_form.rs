//! The form with which a user signs in, on a page or over one.

use super::text;
use crate::api::use_client;
use crate::form::{Form, FormState, PasswordField, TextField, submit};
use crate::state::use_session;
use gatehouse_shared::api::SignInRequest;
use leptos::prelude::*;

/// Asks for name and password, and starts a session. The caller watches the session or sets `on_done`.
#[component]
pub fn SignInForm(
    /// The initial value of the name field.
    #[prop(optional)]
    login: String,
    /// Called after the session has started.
    #[prop(optional)]
    on_done: Option<Callback<()>>,
    /// Shows a second button, which leaves without signing in.
    #[prop(optional)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let (client, session) = (use_client(), use_session());
    let login = RwSignal::new(login);
    let password = RwSignal::new(String::new());
    let request = move || SignInRequest { login: login.get(), password: password.get() }.check();
    let state = FormState::new(request);
    let send = submit(move || async move {
        let Ok(request) = untrack(request) else { return Ok(()) };
        let info = client.create_session(&request).await?;
        session.set(info);
        if let Some(done) = on_done {
            done.run(());
        }
        Ok(())
    });
    view! {
        <Form state on_submit=send action=text::SIGN_IN on_cancel=on_leave cancel=text::LEAVE>
            <TextField state name="login" label=text::LOGIN value=login autocomplete="username" literal=true/>
            <PasswordField state name="password" label=text::PASSWORD value=password autocomplete="current-password"/>
        </Form>
    }
}
