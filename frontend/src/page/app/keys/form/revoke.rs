//! The forms that revoke a credential, or the previous one before its overlap ends.

use super::{CredentialDialog, text};
use crate::api::use_client;
use crate::form::{Form, FormState, submit};
use crate::state::use_description;
use crate::ui::{LastUsed, use_toasts};
use gatehouse_shared::api::CredentialKind;
use leptos::prelude::*;

/// Revokes a credential, and the previous one too.
#[component]
pub fn RevokeForm(dialog: CredentialDialog, kind: CredentialKind) -> impl IntoView {
    let (client, toasts, description) = (use_client(), use_toasts(), use_description());
    let send = submit(move || async move {
        dialog.remote.set(client.revoke_credential(dialog.id, kind).await?);
        dialog.close();
        toasts.success(format!("{} revoked.", kind.label()));
        Ok(())
    });
    let previous = dialog.previous(kind).map(|_| text::revoke::PREVIOUS_TOO);
    view! {
        <Form state=FormState::without_rules() on_submit=send action="Revoke" danger=true testid="confirm"
            on_cancel=Callback::new(move |()| dialog.close())>
            <p>{text::revoke::consequence(kind)}{previous} " " {move || description.takes_effect()}</p>
        </Form>
    }
}

/// Revokes the previous credential before its overlap ends.
#[component]
pub fn EndOverlapForm(dialog: CredentialDialog, kind: CredentialKind) -> impl IntoView {
    let (client, toasts, description) = (use_client(), use_toasts(), use_description());
    let send = submit(move || async move {
        dialog.remote.set(client.revoke_previous_credential(dialog.id, kind).await?);
        dialog.close();
        toasts.success(text::overlap::DONE);
        Ok(())
    });
    let day = dialog.previous(kind).and_then(|previous| previous.last_used_on);
    view! {
        <Form state=FormState::without_rules() on_submit=send action=text::overlap::ACTION danger=true testid="confirm"
            on_cancel=Callback::new(move |()| dialog.close())>
            <p>{text::overlap::CONSEQUENCE} " " {move || description.takes_effect()}</p>
            <p>"Previous one: " <LastUsed day/></p>
        </Form>
    }
}
