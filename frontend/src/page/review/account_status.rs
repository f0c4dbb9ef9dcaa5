//! Suspends or reinstates an account.

use super::text;
use crate::api::use_client;
use crate::form::{Form, FormState, TextArea, submit};
use crate::state::{Remote, use_session};
use crate::ui::{Dialog, use_toasts};
use gatehouse_shared::api::{Access, AccountRecord, AccountView, SetAccountStatusRequest};
use gatehouse_shared::model::{AccountId, AccountStatus, Role};
use leptos::prelude::*;

/// Suspends or reinstates the account, in any state of its application. Only Administrators do; the account of the
/// operator of the settings has no such button.
#[component]
pub fn AccountStatusButton(account: AccountView, remote: Remote<AccountRecord>) -> impl IntoView {
    let session = use_session();
    if account.role == Role::Operator || untrack(|| !session.may(Access::Administrator)) {
        return ().into_any();
    }
    let open = RwSignal::new(false);
    let is_active = account.status == AccountStatus::Active;
    let (label, class) = if is_active {
        (text::SUSPEND_ACCOUNT, "button button-danger-quiet")
    } else {
        (text::REINSTATE_ACCOUNT, "button button-primary")
    };
    let id = account.id;
    view! {
        <div class="button-column">
            <button type="button" class=class data-testid="set-account-status" on:click=move |_| open.set(true)>{label}</button>
        </div>
        <Dialog open id="account-status-dialog" title=label>
            <StatusForm id is_active label open remote/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn StatusForm(
    id: AccountId,
    is_active: bool,
    label: &'static str,
    open: RwSignal<bool>,
    remote: Remote<AccountRecord>,
) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let reason = RwSignal::new(String::new());
    let status = if is_active { AccountStatus::Suspended } else { AccountStatus::Active };
    let request = move || SetAccountStatusRequest { status, reason: reason.get() }.check();
    let state = FormState::new(request);
    let send = submit(move || async move {
        let Ok(request) = untrack(request) else { return Ok(()) };
        client.update_account_status(id, &request).await?;
        open.set(false);
        toasts.success(if is_active { text::ACCOUNT_SUSPENDED } else { text::ACCOUNT_REINSTATED });
        remote.reload();
        Ok(())
    });
    let effect = if is_active { text::SUSPEND_EFFECT } else { text::REINSTATE_EFFECT };
    view! {
        <p class="hint">{effect}</p>
        <Form state on_submit=send action=label danger=is_active testid="confirm" on_cancel=Callback::new(move |()| open.set(false))>
            <TextArea state name="reason" label=text::REASON value=reason most=1000 rows=3 optional=!is_active
                hint=text::ACCOUNT_REASON_HINT/>
        </Form>
    }
}
