//! Makes an account an operator, or takes that back.

use super::text;
use crate::api::use_client;
use crate::form::{Choice, Form, FormState, RadioCards, submit};
use crate::state::{Remote, use_session};
use crate::ui::use_toasts;
use gatehouse_shared::api::{Access, AccountRecord, SetOperatorRoleRequest};
use gatehouse_shared::model::{AccountId, OperatorRole, Role};
use leptos::prelude::*;

/// The value of the choice for no role.
const NONE: &str = "none";

/// The account's role as an operator. Administrators can change it.
#[component]
pub fn OperatorRoleCard(record: Memo<AccountRecord>, remote: Remote<AccountRecord>) -> impl IntoView {
    let session = use_session();
    let standing =
        Memo::new(move |_| record.with(|record| (record.account.id, record.account.role, record.account.operator)));
    move || {
        let (id, role, operator) = standing.get();
        let inner = match role {
            Role::Operator => view! { <p>{text::SETTINGS_OPERATOR}</p> }.into_any(),
            Role::Developer if session.may(Access::Administrator) => {
                view! { <RoleForm id operator remote/> }.into_any()
            }
            Role::Developer => {
                let role = operator?;
                view! { <p><strong>{role.label()}</strong> " · " {role.abilities()}</p> }.into_any()
            }
        };
        Some(view! {
            <section class="card" aria-labelledby="operator-role-title" data-testid="operator-role">
                <h2 id="operator-role-title" class="card-title">{text::OPERATOR_ROLE}</h2>
                {inner}
            </section>
        })
    }
}

#[component]
fn RoleForm(id: AccountId, operator: Option<OperatorRole>, remote: Remote<AccountRecord>) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let now = operator.map_or(NONE, OperatorRole::as_str);
    let chosen = RwSignal::new(now.to_owned());
    let send = submit(move || async move {
        let wanted = chosen.get_untracked();
        let role = OperatorRole::ALL.into_iter().find(|role| role.as_str() == wanted);
        let account = match role {
            Some(role) => client.update_operator(id, &SetOperatorRoleRequest { role }).await?,
            None => client.delete_operator(id).await?,
        };
        toasts.success(text::role_saved(&account.username, account.operator));
        remote.reload();
        Ok(())
    });
    let state = FormState::without_rules();
    let is_same = Signal::derive(move || chosen.with(|chosen| chosen == now));
    let none = Choice::new(NONE, text::NO_OPERATOR).hint(text::NO_OPERATOR_HINT);
    let roles = OperatorRole::ALL.into_iter();
    let of_role = |role: OperatorRole| Choice::new(role.as_str(), role.label()).hint(role.abilities());
    let choices: Vec<Choice> = std::iter::once(none).chain(roles.map(of_role)).collect();
    view! {
        <Form state on_submit=send action=text::SAVE testid="save-role" disabled=is_same>
            <RadioCards state name="role" legend=text::OPERATOR_ROLE value=chosen choices testid="operator-role"/>
            <p class="hint">{text::OPERATOR_ROLE_HINT}</p>
        </Form>
    }
}
