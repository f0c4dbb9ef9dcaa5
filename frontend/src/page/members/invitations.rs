//! Lists the open invitations, and takes them back.

use super::managing::Managing;
use super::text::open as text;
use crate::api::use_client;
use crate::layout::focus_heading;
use crate::state::Task;
use crate::ui::{Date, Tag, use_toasts};
use gatehouse_shared::api::{InvitationView, MemberList};
use leptos::prelude::*;

#[component]
pub fn Invitations(list: Memo<MemberList>, managing: Managing) -> impl IntoView {
    view! {
        <section class="card card-list" aria-labelledby="invitations-title">
            <div class="card-head">
                <div>
                    <h2 id="invitations-title">{text::TITLE}</h2>
                    <p class="hint">{text::LEAD}</p>
                </div>
            </div>
            {move || {
                let invitations = list.get().invitations;
                if invitations.is_empty() {
                    return view! { <p class="card-empty hint">{text::NONE}</p> }.into_any();
                }
                let rows = invitations.into_iter().map(|invitation| view! { <InvitationRow invitation managing/> });
                view! { <ul class="rows" data-testid="invitations">{rows.collect_view()}</ul> }.into_any()
            }}
        </section>
    }
}

#[component]
fn InvitationRow(invitation: InvitationView, managing: Managing) -> impl IntoView {
    let (client, toasts, task) = (use_client(), use_toasts(), Task::new());
    let whom = invitation.username.unwrap_or_else(|| text::BY_LINK.to_owned());
    let label = super::text::action_on(text::TAKE_BACK, &whom);
    let (id, role) = (invitation.id, invitation.role);
    let take_back = move |_| {
        let id = id.clone();
        task.run(async move {
            client.delete_invitation(managing.id, &id).await?;
            toasts.success(text::TAKEN_BACK);
            // The button with the focus is gone with its row.
            focus_heading();
            managing.remote.reload();
            Ok(())
        });
    };
    view! {
        <li class="row">
            <div class="row-main">
                <p class="row-title"><span>{whom}</span> <Tag text=role.label()/></p>
                <p class="row-facts">
                    <span class="hint">{text::INVITED_BY} {invitation.invited_by}</span>
                    <span class="hint">{text::EXPIRES} <Date at=invitation.expires_at/></span>
                </p>
            </div>
            {managing.may_take_back(role).then(|| view! {
                <button type="button" class="button button-small" data-testid="take-back" aria-label=label
                    disabled=move || task.is_pending() on:click=take_back>{text::TAKE_BACK}</button>
            })}
        </li>
    }
}
