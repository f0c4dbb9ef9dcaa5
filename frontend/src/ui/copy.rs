use super::{Icon, IconName, use_toasts};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Copies a text, and says so.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    /// What is copied, for who can't see what stands beside the button.
    #[prop(into)]
    what: String,
    #[prop(optional, into)] testid: Option<String>,
    /// Only the icon.
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

/// A short text in monospace that is there to be copied, such as an id.
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
