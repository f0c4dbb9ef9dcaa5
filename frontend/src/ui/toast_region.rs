//! Shows the toasts.

use super::{Icon, IconName};
use super::{Toasts, use_toasts};
use leptos::prelude::*;

/// The region where toasts appear and are announced.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts: Toasts = use_toasts();
    view! {
        <div class="toasts" role="status" aria-live="polite" aria-label="Messages">
            <For each=move || toasts.shown.get() key=|toast| toast.id children=move |toast| view! {
                <div class="toast" class:toast-error=toast.is_error data-testid="toast">
                    {if toast.is_error { view! { <Icon name=IconName::Alert/> } } else { view! { <Icon name=IconName::Check/> } }}
                    <p>{toast.text}</p>
                    <button type="button" class="button button-icon button-quiet" aria-label="Dismiss message" on:click=move |_| toasts.dismiss(toast.id)>
                        <Icon name=IconName::Close/>
                    </button>
                </div>
            }/>
        </div>
    }
}
