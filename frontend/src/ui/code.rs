//! A block of code.

use super::CopyButton;
use leptos::prelude::*;

/// A block of code with a copy button.
#[component]
pub fn CodeBlock(#[prop(into)] code: Signal<String>, #[prop(into)] what: String) -> impl IntoView {
    let label = format!("Code: {what}");
    view! {
        <div class="code-block">
            <pre tabindex="0" role="group" aria-label=label><code>{code}</code></pre>
            <CopyButton text=code what/>
        </div>
    }
}
