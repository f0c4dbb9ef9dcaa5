//! Removes a member, or has the user leave. Says first what ends.

use super::managing::Managing;
use super::text::removal as text;
use crate::api::use_client;
use crate::form::{Form, FormState, submit};
use crate::layout::focus_heading;
use crate::state::{use_description, use_session};
use crate::ui::use_toasts;
use gatehouse_shared::api::MemberView;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

#[component]
pub fn RemovalForm(managing: Managing, member: MemberView) -> impl IntoView {
    let (client, session, toasts, navigate) = (use_client(), use_session(), use_toasts(), use_navigate());
    let description = use_description();
    let (name, username, account) = (untrack(|| managing.name()), member.username, member.account_id);
    let is_self = untrack(|| managing.is_self(account));
    let (loses, then, action) = if is_self {
        (text::leaver_loses(&name), text::COME_BACK, text::LEAVE)
    } else {
        (text::removed_loses(&username, &name), text::OTHER_CREDENTIALS, text::REMOVE)
    };
    let send = submit(move || {
        let (navigate, name, username) = (navigate.clone(), name.clone(), username.clone());
        async move {
            client.delete_member(managing.id, account).await?;
            managing.removing.set(false);
            if is_self {
                session.drop_membership(managing.id);
                toasts.success(text::left(&name));
                navigate("/dashboard", NavigateOptions::default());
            } else {
                toasts.success(text::removed(&username));
                // The button with the focus is gone with its row.
                focus_heading();
                managing.remote.reload();
            }
            Ok(())
        }
    });
    view! {
        <Form state=FormState::without_rules() on_submit=send action danger=true testid="confirm"
            on_cancel=Callback::new(move |()| managing.removing.set(false))>
            <p>{loses} " " {move || description.takes_effect()}</p>
            <p>{then}</p>
        </Form>
    }
}
