use super::{Icon, IconName};
use leptos::prelude::*;

/// A label, a hint, a control and its error.
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
            <label class="label" for=id.clone()>
                {label} {optional.then(|| view! { " " <span class="optional">"Optional"</span> })}
            </label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
            {children()}
            <div class="field-end">
                {move || error.get().map(|text| view! {
                    <p class="field-error" id=error_id.clone()><Icon name=IconName::Alert/> {text}</p>
                })}
                {count.map(|count| view! { <span class="field-count">{count}</span> })}
            </div>
        </div>
    }
}
