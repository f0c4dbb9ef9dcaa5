//! Copies a text to the clipboard.

use super::{Icon, IconName, use_toasts};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// A button that copies a text, and announces it.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    /// The name of the copied text, for users of screen readers.
    #[prop(into)]
    what: String,
    #[prop(optional, into)] testid: Option<String>,
    /// Shows only the icon.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let toasts = use_toasts();
    let copy = move |_| {
        let writing = window().navigator().clipboard().write_text(&text.get_untracked());
        spawn_local(async move {
            if JsFuture::from(writing).await.is_err() {
                toasts.error("Your browser blocked copying. Select the text and copy it manually.");
                return;
            }
            let _ = copied.try_set(true);
            set_timeout(
                move || {
                    let _ = copied.try_set(false);
                },
                Duration::from_secs(2),
            );
        });
    };
    let class = if compact { "button button-icon button-quiet" } else { "button button-small" };
    let subject = what.clone();
    let label = move || format!("{} {subject}", if copied.get() { "Copied" } else { "Copy" });
    view! {
        <button type="button" class=class aria-label=label data-testid=testid on:click=copy>
            {move || if copied.get() { view! { <Icon name=IconName::Check/> } } else { view! { <Icon name=IconName::Copy/> } }}
            {(!compact).then(|| view! { <span>{move || if copied.get() { "Copied" } else { "Copy" }}</span> })}
        </button>
        <span class="visually-hidden" role="status">{move || copied.get().then(|| format!("Copied {what}"))}</span>
    }
}

/// A short text to copy, such as an id, in monospace.
#[component]
pub fn CopyText(
    #[prop(into)] text: String,
    #[prop(into)] what: String,
    #[prop(optional)] testid: Option<&'static str>,
) -> impl IntoView {
    view! {
        <span class="copy-text">
            <code data-testid=testid>{text.clone()}</code>
            <CopyButton text what compact=true/>
        </span>
    }
}
