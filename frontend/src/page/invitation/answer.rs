//! Shows what an invitation offers, and takes the answer.

use super::text;
use crate::api::use_client;
use crate::state::{Task, use_session};
use crate::ui::{Moment, use_toasts};
use crate::widget::invitation_answer::{self, ACCEPT, DECLINE};
use gatehouse_shared::api::ReceivedInvitation;
use gatehouse_shared::model::DeveloperAccountId;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

#[component]
pub fn Answer(id: DeveloperAccountId, code: String, invitation: Memo<ReceivedInvitation>) -> impl IntoView {
    let (client, session, toasts, navigate) = (use_client(), use_session(), use_toasts(), use_navigate());
    let task = Task::new();
    let answer = move |accepts: bool| {
        let (code, navigate) = (code.clone(), navigate.clone());
        let name = invitation.with_untracked(|known| known.name.clone());
        task.run(async move {
            session.answer_invitation(client, id, &code, accepts).await?;
            toasts.success(invitation_answer::done(&name, accepts));
            navigate("/dashboard", NavigateOptions { replace: true, ..NavigateOptions::default() });
            Ok(())
        });
    };
    let decline = answer.clone();
    view! {
        <section class="card stack" aria-label=text::TITLE>
            {move || {
                let ReceivedInvitation { invited_by, role, expires_at, .. } = invitation.get();
                view! {
                    <dl class="facts">
                        <dt>{text::INVITED_BY}</dt><dd>{invited_by}</dd>
                        <dt>{text::ROLE}</dt><dd><strong>{role.label()}</strong> <p class="hint">{role.summary()}</p></dd>
                        <dt>{text::EXPIRES}</dt><dd><Moment at=expires_at/></dd>
                        <dt>{text::YOU}</dt><dd>{session.account().map(|account| account.username)}</dd>
                    </dl>
                }
            }}
            <div class="form-actions">
                <button type="button" class="button button-primary" data-testid="accept" disabled=move || task.is_pending()
                    on:click=move |_| answer(true)>{ACCEPT}</button>
                <button type="button" class="button" data-testid="decline" disabled=move || task.is_pending()
                    on:click=move |_| decline(false)>{DECLINE}</button>
            </div>
        </section>
    }
}
