//! A short label.

use super::Tone;
use leptos::prelude::*;

/// A word about a thing's state.
#[component]
pub fn Tag(#[prop(default = Tone::Neutral)] tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class=format!("tag tag-{}", tone.as_str())>{text}</span> }
}
