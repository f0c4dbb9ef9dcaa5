//! A row for each member, with the buttons that the user may press.

use super::managing::Managing;
use super::text;
use crate::ui::{Date, Tag, Tone};
use gatehouse_shared::api::MemberView;
use leptos::prelude::*;

#[component]
pub fn MemberRow(member: MemberView, managing: Managing) -> impl IntoView {
    let is_self = managing.is_self(member.account_id);
    let (name, role, since) = (member.username.clone(), member.role.label(), member.since);
    let testid = format!("member-{}", member.account_id);
    view! {
        <tr data-testid=testid>
            <td data-label=text::MEMBER>
                <span class="member-name">{name} {is_self.then(|| view! { <Tag tone=Tone::Good text=text::YOU/> })}</span>
            </td>
            <td data-label=text::ROLE>{role}</td>
            <td class="table-time" data-label=text::SINCE><Date at=since/></td>
            <td class="table-actions">
                {move || if is_self && managing.is_last_owner(&member) {
                    view! { <p class="hint" data-testid="last-owner">{text::LAST_OWNER}</p> }.into_any()
                } else {
                    view! { <Actions member=member.clone() is_self managing/> }.into_any()
                }}
            </td>
        </tr>
    }
}

#[component]
fn Actions(member: MemberView, is_self: bool, managing: Managing) -> impl IntoView {
    let remove = if is_self { text::LEAVE } else { text::REMOVE };
    let open = {
        let member = member.clone();
        move |dialog: RwSignal<bool>| {
            managing.subject.set(Some(member.clone()));
            dialog.set(true);
        }
    };
    let change_role = open.clone();
    let (role_label, remove_label) =
        (text::action_on(text::CHANGE_ROLE, &member.username), text::action_on(remove, &member.username));
    view! {
        <div class="button-row">
            {managing.may_change_role(&member).then(|| view! {
                <button type="button" class="button button-small" data-testid="change-role" aria-label=role_label
                    on:click=move |_| change_role(managing.changing_role)>{text::CHANGE_ROLE}</button>
            })}
            {managing.may_remove(&member).then(|| view! {
                <button type="button" class="button button-small button-danger-quiet" data-testid=if is_self { "leave" } else { "remove" }
                    aria-label=remove_label on:click=move |_| open(managing.removing)>{remove}</button>
            })}
        </div>
    }
}
