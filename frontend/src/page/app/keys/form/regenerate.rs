//! The form that generates or regenerates a credential.

use super::CredentialDialog;
use super::expiry_choice::{ExpiryChoice, ExpiryFields};
use super::text::regenerate as text;
use crate::api::{Failure, use_client};
use crate::form::{Choice, Form, FormState, RadioCards, SelectField, submit};
use crate::state::use_description;
use crate::ui::{Moment, Notice, Tone, use_toasts};
use gatehouse_shared::api::{CredentialKind, RegenerateCredentialRequest, RegeneratedCredential};
use gatehouse_shared::problem::FieldError;
use leptos::prelude::*;

const REVOKE: &str = "revoke";
const OVERLAP: &str = "overlap";

/// Generates or regenerates a credential. Says first which requests that affects.
#[component]
pub fn RegenerateForm(dialog: CredentialDialog, kind: CredentialKind) -> impl IntoView {
    let (client, toasts, description) = (use_client(), use_toasts(), use_description());
    let is_new = dialog.current(kind).is_none();
    let running = dialog.previous(kind).and_then(|previous| previous.works_until);
    // The form keeps the current credential by default, so that nobody breaks their programs by accident.
    let may_overlap = !is_new && running.is_none();
    let how = RwSignal::new(if may_overlap { OVERLAP } else { REVOKE }.to_owned());
    let hours = RwSignal::new("24".to_owned());
    let expiry = ExpiryChoice::new(None);
    let state = FormState::new(move || expiry.read().map(|_| ()));
    let with_overlap = Signal::derive(move || how.with(|how| how == OVERLAP));
    let send = submit(move || {
        let overlap_hours = with_overlap.get_untracked().then(|| overlap_hours(&hours.get_untracked())).transpose();
        let expires_at = untrack(|| expiry.read());
        async move {
            let request = RegenerateCredentialRequest {
                overlap_hours: overlap_hours.map_err(Failure::Invalid)?,
                expires_at: expires_at.map_err(Failure::Invalid)?,
            };
            let RegeneratedCredential { credentials, app } =
                client.regenerate_credential(dialog.id, kind, &request).await?;
            dialog.close();
            dialog.show(credentials);
            dialog.remote.set(app);
            toasts.success(format!("{} {}.", kind.label(), if is_new { "generated" } else { "regenerated" }));
            Ok(())
        }
    });
    let action = if is_new { "Generate" } else { "Regenerate" };
    let choices = vec![
        Choice::new(OVERLAP, text::OVERLAP).hint(text::OVERLAP_HINT),
        Choice::new(REVOKE, text::REVOKE).hint(text::REVOKE_HINT),
    ];
    let overlaps = [("1", "1 hour"), ("24", "1 day"), ("168", "7 days"), ("720", "30 days")];
    let overlaps = Signal::stored(overlaps.map(|(value, label)| Choice::new(value, label)).to_vec());
    let level = dialog.app.with_untracked(|app| app.settings.permission.label());
    view! {
        <Form state on_submit=send action danger=Signal::derive(move || !is_new && !with_overlap.get()) testid="confirm"
            issues_credentials=true on_cancel=Callback::new(move |()| dialog.close())>
            {may_overlap.then(|| view! {
                <RadioCards state name="how" legend=text::CURRENT value=how choices=choices.clone() testid="how"/>
                <Show when=move || with_overlap.get()>
                    <SelectField state name="overlap" label=text::OVERLAP_FOR value=hours choices=overlaps/>
                </Show>
            })}
            {running.map(|until| view! {
                <Notice tone=Tone::Warning><p>"The previous one works until " <Moment at=until/> {text::RUNNING}</p></Notice>
            })}
            <p>
                {move || text::consequence(kind, is_new, level, with_overlap.get())}
                {move || (!is_new && !with_overlap.get()).then(|| format!(" {}", description.takes_effect()))}
            </p>
            <ExpiryFields state expiry label=text::EXPIRES/>
            <p class="hint">{text::ONCE}</p>
        </Form>
    }
}

/// Reads the chosen overlap. A value that cannot be read is an error, never another overlap.
fn overlap_hours(value: &str) -> Result<u32, Vec<FieldError>> {
    value.parse().map_err(|_| vec![FieldError::new("overlap", "required", text::OVERLAP_MISSING)])
}

#[cfg(test)]
mod tests {
    use super::overlap_hours;

    #[test]
    fn an_overlap_that_cannot_be_read_is_an_error() {
        assert_eq!(overlap_hours("168"), Ok(168));
        assert!(overlap_hours("").is_err_and(|errors| errors.iter().any(|error| error.field == "overlap")));
    }
}
