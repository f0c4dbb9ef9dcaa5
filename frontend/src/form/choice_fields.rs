//! The fields that offer a choice: a list, cards, and a checkbox.

use super::state::id_of;
use super::text::{described_by, error_of};
use super::value::Value;
use super::{Choice, FormState};
use crate::ui::{Field, FieldError};
use leptos::prelude::*;

/// A list that opens, to choose one of many values.
#[component]
pub fn SelectField(
    state: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: String,
    #[prop(into)] choices: Signal<Vec<Choice>>,
) -> impl IntoView {
    state.track(&name, &label, Value::Choice(value, choices));
    let id = id_of(&name);
    let error = error_of(state, &name);
    let edited = name.clone();
    let has_hint = !hint.is_empty();
    view! {
        <Field id=id.clone() label hint error>
            <div class="select">
                <select
                    id=id.clone()
                    name=name
                    class="input"
                    aria-describedby=move || described_by(&id, has_hint, error.get().is_some())
                    aria-invalid=move || error.get().is_some().to_string()
                    on:change:target=move |event| {
                        state.edit(&edited);
                        value.set(event.target().value());
                    }
                >
                    {move || choices.get().into_iter().map(|choice| {
                        let (is, now) = (choice.value.clone(), choice.value.clone());
                        view! {
                            // The attribute for the beginning; once somebody has chosen, only the property counts.
                            <option value=choice.value selected=move || value.with(|value| *value == is)
                                prop:selected=move || value.with(|value| *value == now)>
                                {choice.label}
                            </option>
                        }
                    }).collect_view()}
                </select>
            </div>
        </Field>
    }
}

/// Cards, to choose one of a few values.
#[component]
pub fn RadioCards(
    state: FormState,
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    value: RwSignal<String>,
    choices: Vec<Choice>,
    /// The test id of a card is this text followed by the value.
    #[prop(optional)]
    testid: &'static str,
    /// Puts the cards side by side if there is room.
    #[prop(optional)]
    row: bool,
) -> impl IntoView {
    state.track(&name, &legend, Value::Choice(value, Signal::stored(choices.clone())));
    let id = id_of(&name);
    let error = error_of(state, &name);
    let error_id = format!("{id}-error");
    let cards = choices
        .into_iter()
        .map(|choice| {
            let (is, chosen, edited) = (choice.value.clone(), choice.value.clone(), name.clone());
            let card_id = format!("{id}-{}", choice.value);
            let hint_id = format!("{card_id}-hint");
            view! {
                <label class="radio-card" for=card_id.clone()>
                    <input
                        type="radio"
                        id=card_id.clone()
                        name=name.clone()
                        value=choice.value.clone()
                        data-testid=(!testid.is_empty()).then(|| format!("{testid}-{}", choice.value))
                        aria-describedby=(!choice.hint.is_empty()).then(|| hint_id.clone())
                        prop:checked=move || value.with(|value| *value == is)
                        on:change=move |_| {
                            state.edit(&edited);
                            value.set(chosen.clone());
                        }
                    />
                    <span class="radio-card-text">
                        <span class="radio-card-label">{choice.label}</span>
                        {(!choice.hint.is_empty()).then(|| view! { <span class="hint" id=hint_id>{choice.hint}</span> })}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field fieldset" id=id aria-describedby=move || error.get().map(|_| error_id.clone())>
            <legend class="label">{legend}</legend>
            <div class="radio-cards" class:radio-cards-row=row>{cards}</div>
            <div class="field-end">
                {move || error.get().map(|text| view! { <FieldError id=format!("{}-error", id_of(&name)) text/> })}
            </div>
        </fieldset>
    }
}

/// A checkbox.
#[component]
pub fn Checkbox(
    state: FormState,
    #[prop(into)] name: String,
    /// The label above the checkbox and in the summary of errors.
    #[prop(into)]
    label: String,
    value: RwSignal<bool>,
    children: Children,
) -> impl IntoView {
    state.track(&name, &label, Value::Flag(value));
    let id = id_of(&name);
    let error = error_of(state, &name);
    let error_id = format!("{id}-error");
    let shown_id = error_id.clone();
    let edited = name.clone();
    view! {
        <fieldset class="field fieldset">
            <legend class="label">{label}</legend>
            <div class="checkbox">
                <input
                    type="checkbox"
                    id=id.clone()
                    name=name
                    prop:checked=move || value.get()
                    aria-invalid=move || error.get().is_some().to_string()
                    aria-describedby=move || error.get().map(|_| error_id.clone())
                    on:change:target=move |event| {
                        state.edit(&edited);
                        value.set(event.target().checked());
                    }
                />
                <label for=id>{children()}</label>
            </div>
            <div class="field-end">
                {move || error.get().map(|text| view! { <FieldError id=shown_id.clone() text/> })}
            </div>
        </fieldset>
    }
}
