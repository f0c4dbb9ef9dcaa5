use super::frame::Frame;
use crate::state::effect;
use crate::ui::{CopyButton, Monogram};
use gatehouse_shared::api::ConsentApp;
use leptos::prelude::*;

/// On the way to the App. The link is for a browser that does not open the App's own kind of address by itself.
#[component]
pub fn Leaving(url: String, replace: bool) -> impl IntoView {
    let target = url.clone();
    effect(move || {
        let location = window().location();
        // Fails only for what is no address; then the link is there.
        let _ = if replace { location.replace(&target) } else { location.assign(&target) };
    });
    view! {
        <Frame title="Taking you back to the App…">
            <p class="consent-text">"If nothing happens, " <a href=url rel="external" data-testid="consent-return">"go on to the App"</a> "."</p>
        </Frame>
    }
}

/// For an App without a place to send people back to.
#[component]
pub fn Pin(pin: String, app: ConsentApp) -> impl IntoView {
    let title = format!("Your PIN for {}", app.name);
    let lead = format!("Type this PIN into {}. It works once, for 15 minutes.", app.name);
    view! {
        <Frame title lead sign=view! { <Monogram name=app.name/> }.into_any()>
            <p class="pin"><code data-testid="consent-pin">{pin.clone()}</code></p>
            <p class="consent-text"><CopyButton text=pin what="PIN" testid="copy-pin"/></p>
            <p class="consent-end">"Give it to nobody: whoever has it can act for you. After that you can close this window."</p>
        </Frame>
    }
}

#[component]
pub fn Denied(return_url: String, app: ConsentApp) -> impl IntoView {
    let title = format!("You gave {} nothing", app.name);
    let back = format!("Return to {}", app.name);
    let text = match return_url.is_empty() {
        true => "This request gives it no access. You can close this window.",
        false => "This request gives it no access.",
    };
    view! {
        <Frame title sign=view! { <Monogram name=app.name/> }.into_any()>
            <p class="consent-text" data-testid="consent-denied">{text}</p>
            {(!return_url.is_empty()).then(|| view! {
                <a class="button button-primary button-large" href=return_url rel="external" data-testid="consent-return">{back}</a>
            })}
        </Frame>
    }
}
