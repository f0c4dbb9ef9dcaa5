//! The form that sets the expiry of a credential.

use super::expiry_choice::{ExpiryChoice, ExpiryFields};
use super::{CredentialDialog, text};
use crate::api::{Failure, use_client};
use crate::form::{Form, FormState, submit};
use crate::ui::use_toasts;
use gatehouse_shared::api::{CredentialKind, UpdateCredentialRequest};
use leptos::prelude::*;

/// Sets or clears the expiry date of the current credential.
#[component]
pub fn ExpiryForm(dialog: CredentialDialog, kind: CredentialKind) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let expiry = ExpiryChoice::new(dialog.current(kind).and_then(|credential| credential.expires_at));
    let state = FormState::new(move || expiry.read().map(|_| ()));
    let send = submit(move || {
        let expires_at = untrack(|| expiry.read());
        async move {
            let request = UpdateCredentialRequest { expires_at: expires_at.map_err(Failure::Invalid)? };
            dialog.remote.set(client.update_credential(dialog.id, kind, &request).await?);
            dialog.close();
            toasts.success(text::expiry::SAVED);
            Ok(())
        }
    });
    view! {
        <Form state on_submit=send action="Save" testid="confirm" on_cancel=Callback::new(move |()| dialog.close())>
            <p>{text::expiry::WHAT_HAPPENS}</p>
            <ExpiryFields state expiry label="Expires"/>
        </Form>
    }
}
