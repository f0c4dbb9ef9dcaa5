//! The fields for text.

use super::FormState;
use super::state::id_of;
use super::value::Value;
use crate::ui::Field;
use leptos::prelude::*;

/// A line of text.
#[component]
pub fn TextField(
    state: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] optional: bool,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] placeholder: &'static str,
    /// The maximum number of characters, shown beside the counter.
    #[prop(optional)]
    most: Option<usize>,
    /// For names, addresses and the like: turns the spelling checker off.
    #[prop(optional)]
    literal: bool,
) -> impl IntoView {
    state.track(&name, &label, Value::Text(value));
    let id = id_of(&name);
    let error = error_of(state, &name);
    let count = most.map(|most| Signal::derive(move || count_up_to(&value.get(), most)));
    let (edited, left) = (name.clone(), name.clone());
    let has_hint = !hint.is_empty();
    view! {
        <Field id=id.clone() label hint optional error count>
            <input
                id=id.clone()
                name=name
                type=kind
                class="input"
                autocomplete=autocomplete
                placeholder=placeholder
                autocapitalize=literal.then_some("none")
                spellcheck=literal.then_some("false")
                aria-describedby=move || described_by(&id, has_hint, error.get().is_some())
                aria-invalid=move || error.get().is_some().to_string()
                aria-required=(!optional).then_some("true")
                prop:value=move || value.get()
                on:input:target=move |event| {
                    state.edit(&edited);
                    value.set(event.target().value());
                }
                on:blur=move |_| touch_if_filled(state, &left, value)
            />
        </Field>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    state: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] optional: bool,
    #[prop(default = 5)] rows: u32,
    /// The minimum number of characters. The counter says how many are missing.
    #[prop(optional, into)]
    least: Signal<usize>,
    most: usize,
) -> impl IntoView {
    state.track(&name, &label, Value::Text(value));
    let id = id_of(&name);
    let error = error_of(state, &name);
    let count = Some(Signal::derive(move || {
        let length = value.get().trim().chars().count();
        match least.get() {
            least if length < least => format!("{length} of at least {least} characters"),
            _ => count_up_to(&value.get(), most),
        }
    }));
    let (edited, left) = (name.clone(), name.clone());
    let has_hint = !hint.is_empty();
    view! {
        <Field id=id.clone() label hint optional error count>
            <textarea
                id=id.clone()
                name=name
                rows=rows
                class="input"
                aria-describedby=move || described_by(&id, has_hint, error.get().is_some())
                aria-invalid=move || error.get().is_some().to_string()
                aria-required=(!optional).then_some("true")
                prop:value=move || value.get()
                on:input:target=move |event| {
                    state.edit(&edited);
                    value.set(event.target().value());
                }
                on:blur=move |_| touch_if_filled(state, &left, value)
            ></textarea>
        </Field>
    }
}

pub(super) fn error_of(state: FormState, name: &str) -> Memo<Option<String>> {
    let name = name.to_owned();
    Memo::new(move |_| state.error(&name))
}

/// The ids of the texts that explain a field.
pub(super) fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{id}-error {id}-hint")),
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (false, false) => None,
    }
}

/// Marks a field as touched, unless it is empty: leaving an empty field is no mistake yet.
pub(super) fn touch_if_filled(state: FormState, name: &str, value: RwSignal<String>) {
    // A removed field loses the focus too, and has no value any more.
    if value.try_with_untracked(|value| !value.is_empty()) == Some(true) {
        state.touch(name.to_owned());
    }
}

fn count_up_to(text: &str, most: usize) -> String {
    format!("{} of {most} characters", text.trim().chars().count())
}
