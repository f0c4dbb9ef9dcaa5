//! Surrounds the control of a form with its label, hint and error.

use super::{Icon, IconName};
use leptos::prelude::*;

/// The error of a field. The control refers to its id in `aria-describedby`.
#[component]
pub fn FieldError(id: String, text: String) -> impl IntoView {
    view! { <p class="field-error" id=id><Icon name=IconName::Alert/> <span>{text}</span></p> }
}

/// A control with its label, hint and error.
#[component]
pub fn Field(
    id: String,
    label: String,
    #[prop(optional)] hint: String,
    #[prop(optional)] optional: bool,
    error: Memo<Option<String>>,
    #[prop(optional_no_strip)] count: Option<Signal<String>>,
    children: Children,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    view! {
        <div class="field">
            <div class="field-head">
                <label class="label" for=id.clone()>
                    {label} {optional.then(|| view! { " " <span class="optional">"Optional"</span> })}
                </label>
                {count.map(|count| view! { <span class="field-count">{count}</span> })}
            </div>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
            {children()}
            <div class="field-end">
                {move || error.get().map(|text| view! { <FieldError id=error_id.clone() text/> })}
            </div>
        </div>
    }
}
