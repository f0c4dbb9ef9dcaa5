//! Shows the credentials that were just issued.

use super::credential_dialog::CredentialDialog;
use crate::widget::{CredentialsGone, CredentialsPanel};
use leptos::prelude::*;

/// Shows new credentials until the developer confirms that they are saved.
#[component]
pub fn IssuedPanel(dialog: CredentialDialog) -> impl IntoView {
    let is_confirmed = StoredValue::new(true);
    // Runs again for each new credential.
    move || {
        if dialog.issued.with(Option::is_some) {
            is_confirmed.set_value(false);
            let app = dialog.app.get_untracked();
            let done = Callback::new(move |()| {
                is_confirmed.set_value(true);
                dialog.issued.set(None);
                dialog.focus_row();
            });
            view! {
                <CredentialsPanel issued=dialog.issued app_name=app.settings.name app_id=app.id.to_string()
                    in_project=app.project.is_some() done="Done" on_done=done/>
            }
            .into_any()
        } else if is_confirmed.get_value() {
            ().into_any()
        } else {
            view! { <CredentialsGone keys=format!("/apps/{}/keys", dialog.id)/> }.into_any()
        }
    }
}
