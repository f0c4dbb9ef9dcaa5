//! The page for signing in.

use super::next::{keeping_next, leave_when_signed_in};
use super::text;
use crate::layout::{Heading, Page, SignInForm};
use crate::state::use_session;
use crate::ui::{Logo, Notice, Tone};
use leptos::prelude::*;

#[component]
pub fn SignInPage() -> impl IntoView {
    leave_when_signed_in();
    let session = use_session();
    let other = keeping_next("/sign-up");
    view! {
        <Page name="sign-in" title=text::SIGN_IN narrow=true>
            <div class="entry">
                <Logo/>
                <Heading title=text::SIGN_IN/>
                {move || session.has_ended().then(|| view! {
                    <Notice tone=Tone::Info testid="session-ended"><p>{text::SESSION_ENDED}</p></Notice>
                })}
                <div class="card"><SignInForm/></div>
                <p class="entry-other">{text::NEW_HERE} <a href=other>{text::SIGN_UP}</a></p>
            </div>
        </Page>
    }
}
