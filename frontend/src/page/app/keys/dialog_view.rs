//! The dialog for the credentials of an App. Chooses the form for the action.

use super::credential_dialog::{CredentialAction, CredentialDialog};
use super::form::{EndOverlapForm, ExpiryForm, RegenerateForm, RevokeForm};
use super::text;
use crate::ui::Dialog;
use leptos::prelude::*;

#[component]
pub fn CredentialDialogView(dialog: CredentialDialog) -> impl IntoView {
    let title = Signal::derive(move || {
        let (action, kind) = dialog.subject.get();
        let label = kind.label();
        match action {
            CredentialAction::Regenerate if dialog.current(kind).is_none() => format!("Generate {label}"),
            CredentialAction::Regenerate => format!("Regenerate {label}?"),
            CredentialAction::SetExpiry => text::expiry::title(label),
            CredentialAction::Revoke => format!("Revoke {label}?"),
            CredentialAction::EndOverlap => text::overlap::TITLE.to_owned(),
        }
    });
    view! {
        <Dialog open=dialog.is_open id="credential-dialog" title>
            {move || {
                let (action, kind) = dialog.subject.get_untracked();
                match action {
                    CredentialAction::Regenerate => view! { <RegenerateForm dialog kind/> }.into_any(),
                    CredentialAction::SetExpiry => view! { <ExpiryForm dialog kind/> }.into_any(),
                    CredentialAction::Revoke => view! { <RevokeForm dialog kind/> }.into_any(),
                    CredentialAction::EndOverlap => view! { <EndOverlapForm dialog kind/> }.into_any(),
                }
            }}
        </Dialog>
    }
}
