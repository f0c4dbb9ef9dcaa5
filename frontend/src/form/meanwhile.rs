//! Tells the user which fields somebody else has saved meanwhile.

use super::FormState;
use super::value::Meanwhile;
use crate::ui::{Notice, Tone};
use leptos::prelude::*;

/// Says which fields were changed elsewhere since the form was opened, and what saving does.
#[component]
pub fn ChangedMeanwhile(state: FormState) -> impl IntoView {
    view! {
        <div role="status">
            {move || {
                let changes = state.meanwhile();
                (!changes.is_empty()).then(|| view! {
                    <Notice tone=Tone::Warning title="Changed in the meantime" testid="changed-meanwhile">
                        <ul>{changes.into_iter().map(|change| view! { <li>{in_words(&change)}</li> }).collect_view()}</ul>
                    </Notice>
                })
            }}
        </div>
    }
}

fn in_words(change: &Meanwhile) -> String {
    let Meanwhile { label, theirs, is_edited } = change;
    let now = match theirs.as_str() {
        "" => "is now empty".to_owned(),
        text => format!("is now “{text}”"),
    };
    let effect = if *is_edited { "Saving replaces it with your value." } else { "This form now shows it." };
    format!("{label} {now}. {effect}")
}
