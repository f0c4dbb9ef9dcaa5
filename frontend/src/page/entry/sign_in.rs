use super::{SignInForm, keeping_next, leave_when_signed_in};
use crate::layout::{Heading, Page};
use crate::ui::Logo;
use leptos::prelude::*;

#[component]
pub fn SignInPage() -> impl IntoView {
    leave_when_signed_in();
    let other = keeping_next("/sign-up");
    view! {
        <Page name="sign-in" title="Sign in" narrow=true>
            <div class="entry">
                <Logo/>
                <Heading title="Sign in"/>
                <div class="card"><SignInForm/></div>
                <p class="entry-other">"New here? " <a href=other>"Create an account"</a></p>
            </div>
        </Page>
    }
}
