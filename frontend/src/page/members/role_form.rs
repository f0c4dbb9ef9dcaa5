//! Gives a member another role.

use super::managing::Managing;
use super::text::role as text;
use crate::api::use_client;
use crate::form::{Form, FormState, RadioCards, submit};
use crate::layout::focus_heading;
use crate::state::use_session;
use crate::ui::use_toasts;
use crate::widget::{role_choices, role_of};
use gatehouse_shared::api::{DeveloperAccountSummary, MemberView, UpdateMemberRequest};
use leptos::prelude::*;

#[component]
pub fn RoleForm(managing: Managing, member: MemberView) -> impl IntoView {
    let (client, session, toasts) = (use_client(), use_session(), use_toasts());
    let role = RwSignal::new(member.role.as_str().to_owned());
    let account = member.account_id;
    let send = submit(move || async move {
        let request = UpdateMemberRequest { role: role_of(&role.get_untracked()) };
        let member = client.update_member(managing.id, account, &request).await?;
        managing.changing_role.set(false);
        toasts.success(text::saved(&member.username, member.role));
        let own = untrack(|| session.membership(managing.id).filter(|_| managing.is_self(account)));
        if let Some(own) = own {
            session.put_membership(DeveloperAccountSummary { role: member.role, ..own });
        }
        // The button with the focus is gone with its row.
        focus_heading();
        managing.remote.reload();
        Ok(())
    });
    let state = FormState::without_rules();
    let is_same = Signal::derive(move || role.with(|role| role == member.role.as_str()));
    let choices = role_choices(untrack(|| managing.roles()));
    view! {
        <Form state on_submit=send action=text::SAVE testid="confirm" disabled=is_same
            on_cancel=Callback::new(move |()| managing.changing_role.set(false))>
            <RadioCards state name="role" legend=text::FIELD value=role choices testid="role"/>
            <p class="hint">{text::AT_ONCE}</p>
        </Form>
    }
}
