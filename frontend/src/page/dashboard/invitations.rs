//! The invitations that the user has not answered.

use super::text::invitation as text;
use crate::api::use_client;
use crate::layout::focus_heading;
use crate::state::{Task, use_session};
use crate::ui::{Date, Notice, Tone, use_toasts};
use crate::widget::invitation_answer::{self, ACCEPT, DECLINE};
use gatehouse_shared::api::ReceivedInvitation;
use leptos::prelude::*;

#[component]
pub fn ReceivedInvitations() -> impl IntoView {
    let session = use_session();
    move || session.invitations().into_iter().map(|invitation| view! { <Received invitation/> }).collect_view()
}

#[component]
fn Received(invitation: ReceivedInvitation) -> impl IntoView {
    let (client, session, toasts, task) = (use_client(), use_session(), use_toasts(), Task::new());
    let ReceivedInvitation { developer_account_id: id, name, invitation_code, role, invited_by, expires_at } =
        invitation;
    let title = text::title(&invited_by, &name);
    let (accept_label, decline_label) = (text::answer_to(ACCEPT, &name), text::answer_to(DECLINE, &name));
    let answer = move |accepts: bool| {
        let (code, name) = (invitation_code.clone(), name.clone());
        task.run(async move {
            session.answer_invitation(client, id, &code, accepts).await?;
            toasts.success(invitation_answer::done(&name, accepts));
            // The button with the focus is gone with its notice.
            focus_heading();
            Ok(())
        });
    };
    let decline = answer.clone();
    view! {
        <div data-testid=format!("invitation-{id}")>
            <Notice tone=Tone::Info title>
                <p>{text::role(role)} {role.summary()} " " {text::EXPIRES} <Date at=expires_at/> "."</p>
                <div class="button-row">
                    <button type="button" class="button button-small button-primary" data-testid="accept" aria-label=accept_label
                        disabled=move || task.is_pending() on:click=move |_| answer(true)>{ACCEPT}</button>
                    <button type="button" class="button button-small" data-testid="decline" aria-label=decline_label
                        disabled=move || task.is_pending() on:click=move |_| decline(false)>{DECLINE}</button>
                </div>
            </Notice>
        </div>
    }
}
