use super::{Desk, text};
use crate::api::use_client;
use crate::form::{Form, FormState, submit};
use crate::state::use_description;
use crate::ui::{LastUsed, use_toasts};
use gatehouse_shared::api::CredentialKind;
use leptos::prelude::*;

#[component]
pub fn RevokeForm(desk: Desk, kind: CredentialKind) -> impl IntoView {
    let (client, toasts, description) = (use_client(), use_toasts(), use_description());
    let send = submit(move || async move {
        desk.remote.set(client.revoke_credential(desk.id, kind).await?);
        desk.close();
        toasts.success(format!("{} revoked.", kind.label()));
        Ok(())
    });
    let previous = desk.previous(kind).map(|_| text::revoke::PREVIOUS_TOO);
    view! {
        <Form state=FormState::without_rules() on_submit=send action="Revoke" danger=true testid="confirm"
            on_cancel=Callback::new(move |()| desk.close())>
            <p>{text::revoke::consequence(kind)}{previous} " " {move || description.takes_effect()}</p>
        </Form>
    }
}

#[component]
pub fn EndOverlapForm(desk: Desk, kind: CredentialKind) -> impl IntoView {
    let (client, toasts, description) = (use_client(), use_toasts(), use_description());
    let send = submit(move || async move {
        desk.remote.set(client.revoke_previous_credential(desk.id, kind).await?);
        desk.close();
        toasts.success(text::overlap::DONE);
        Ok(())
    });
    let day = desk.previous(kind).and_then(|previous| previous.last_used_on);
    view! {
        <Form state=FormState::without_rules() on_submit=send action=text::overlap::ACTION danger=true testid="confirm"
            on_cancel=Callback::new(move |()| desk.close())>
            <p>{text::overlap::CONSEQUENCE} " " {move || description.takes_effect()}</p>
            <p>"Previous one: " <LastUsed day/></p>
        </Form>
    }
}
