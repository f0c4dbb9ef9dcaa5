//! The field for a password.

use super::FormState;
use super::state::id_of;
use super::text::{described_by, error_of, touch_if_filled};
use crate::ui::Field;
use leptos::prelude::*;

/// A password field that can show its value.
#[component]
pub fn PasswordField(
    state: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: String,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
) -> impl IntoView {
    state.name_field(&name, &label);
    let id = id_of(&name);
    let error = error_of(state, &name);
    let shown = RwSignal::new(false);
    let (edited, left) = (name.clone(), name.clone());
    let has_hint = !hint.is_empty();
    let subject = label.to_lowercase();
    let toggle_label = move || format!("{} {subject}", if shown.get() { "Hide" } else { "Show" });
    view! {
        <Field id=id.clone() label hint error>
            <div class="input-group">
                <input
                    id=id.clone()
                    name=name
                    type=move || if shown.get() { "text" } else { "password" }
                    class="input"
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=move || described_by(&id, has_hint, error.get().is_some())
                    aria-invalid=move || error.get().is_some().to_string()
                    aria-required="true"
                    prop:value=move || value.get()
                    on:input:target=move |event| {
                        state.edit(&edited);
                        value.set(event.target().value());
                    }
                    on:blur=move |_| touch_if_filled(state, &left, value)
                />
                <button
                    type="button"
                    class="button"
                    aria-label=toggle_label
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {move || if shown.get() { "Hide" } else { "Show" }}
                </button>
            </div>
        </Field>
    }
}
