use super::{keeping_next, leave_when_signed_in};
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
        session.set(info.account);
        Ok(())
    });
    let other = keeping_next("/sign-in");
    view! {
        <Page name="sign-up" title="Create an account" narrow=true>
            <div class="entry">
                <Logo/>
                <Heading title="Create an account"/>
                <div class="card">
                    <Form state on_submit=send action="Create account">
                        <TextField state name="username" label="Username" value=username autocomplete="username" literal=true
                            hint="3 to 20 letters, digits or underscores."/>
                        <TextField state name="email" label="E-mail address" value=email kind="email" autocomplete="email" literal=true/>
                        <PasswordField state name="password" label="Password" value=password autocomplete="new-password"
                            hint="At least 12 characters. A few random words do well."/>
                    </Form>
                </div>
                <p class="entry-other">"Have an account already? " <a href=other>"Sign in"</a></p>
            </div>
        </Page>
    }
}
