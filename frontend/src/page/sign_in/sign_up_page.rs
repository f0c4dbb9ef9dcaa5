//! The page for signing up.

use super::next::{keeping_next, leave_when_signed_in};
use super::text;
use crate::api::use_client;
use crate::form::{Form, FormState, PasswordField, TextField, submit};
use crate::layout::{Heading, Page};
use crate::state::use_session;
use crate::ui::Logo;
use gatehouse_shared::api::SignUpRequest;
use leptos::prelude::*;

#[component]
pub fn SignUpPage() -> impl IntoView {
    leave_when_signed_in();
    let (client, session) = (use_client(), use_session());
    let username = RwSignal::new(String::new());
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let request =
        move || SignUpRequest { username: username.get(), email: email.get(), password: password.get() }.check();
    let state = FormState::new(request);
    let send = submit(move || async move {
        let Ok(request) = untrack(request) else { return Ok(()) };
        let info = client.create_account(&request).await?;
        session.set(info);
        Ok(())
    });
    let other = keeping_next("/sign-in");
    view! {
        <Page name="sign-up" title=text::SIGN_UP narrow=true>
            <div class="entry">
                <Logo/>
                <Heading title=text::SIGN_UP/>
                <div class="card">
                    <Form state on_submit=send action=text::CREATE>
                        <TextField state name="username" label=text::USERNAME value=username autocomplete="username" literal=true
                            hint=text::USERNAME_HINT/>
                        <TextField state name="email" label=text::EMAIL value=email kind="email" autocomplete="email" literal=true/>
                        <PasswordField state name="password" label=text::PASSWORD value=password autocomplete="new-password"
                            hint=text::PASSWORD_HINT/>
                    </Form>
                </div>
                <p class="entry-other">{text::HAVE_ACCOUNT} <a href=other>{text::SIGN_IN}</a></p>
            </div>
        </Page>
    }
}
