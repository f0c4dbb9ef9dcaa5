use super::{keeping_next, leave_when_signed_in};
use crate::api::use_client;
use crate::form::{Form, FormState, PasswordField, TextField, submit};
use crate::layout::{Heading, Page};
use crate::state::use_session;
use crate::ui::Logo;
use gatehouse_shared::api::SignInRequest;
use leptos::prelude::*;

#[component]
pub fn SignInPage() -> impl IntoView {
    leave_when_signed_in();
    let (client, session) = (use_client(), use_session());
    let login = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let request = move || SignInRequest { login: login.get(), password: password.get() }.check();
    let state = FormState::new(request);
    let send = submit(move || async move {
        let Ok(request) = untrack(request) else { return Ok(()) };
        let info = client.create_session(&request).await?;
        session.set(info.account);
        Ok(())
    });
    let other = keeping_next("/sign-up");
    view! {
        <Page name="sign-in" title="Sign in" narrow=true>
            <div class="entry">
                <Logo/>
                <Heading title="Sign in"/>
                <div class="card">
                    <Form state on_submit=send action="Sign in">
                        <TextField state name="login" label="Username or e-mail address" value=login autocomplete="username" literal=true/>
                        <PasswordField state name="password" label="Password" value=password autocomplete="current-password"/>
                    </Form>
                </div>
                <p class="entry-other">"New here? " <a href=other>"Create an account"</a></p>
            </div>
        </Page>
    }
}
