//! Lists values with their names.

use leptos::prelude::*;

/// Lists values with their names. Leaves out empty values.
#[component]
pub fn Facts(rows: Vec<(&'static str, String)>) -> impl IntoView {
    let shown = rows.into_iter().filter(|(_, value)| !value.is_empty());
    view! {
        <dl class="facts">
            {shown.map(|(name, value)| view! { <dt>{name}</dt><dd class="prose">{value}</dd> }).collect_view()}
        </dl>
    }
}
