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
            <p class="consent-text">"If nothing happens, " <a href=url rel="external" data-testid="consent-return">"continue to the App"</a> "."</p>
        </Frame>
    }
}

/// For an App without a place to send people back to.
#[component]
pub fn Pin(pin: String, app: ConsentApp) -> impl IntoView {
    let title = format!("Your PIN for {}", app.name);
    let lead = format!("Enter this PIN in {}. It works once, within 15 minutes.", app.name);
    view! {
        <Frame title lead sign=view! { <Monogram name=app.name/> }.into_any()>
            <p class="pin"><code data-testid="consent-pin">{pin.clone()}</code></p>
            <p class="consent-text"><CopyButton text=pin what="PIN" testid="copy-pin"/></p>
            <p class="consent-end">"Don’t share it: anyone who has it can act on your behalf. You can close this window once you’ve entered it."</p>
        </Frame>
    }
}

/// Where the user is too late, came twice, or has only a part of the link.
#[component]
pub fn Expired() -> impl IntoView {
    view! {
        <Frame title="This link has expired">
            <p class="consent-text" data-testid="consent-expired">"Nothing was shared. Go back to the App and start again."</p>
            <p class="consent-end">"A link works once, within 15 minutes."</p>
        </Frame>
    }
}

#[component]
pub fn Denied(return_url: String, app: ConsentApp) -> impl IntoView {
    let title = format!("You didn’t give {} access", app.name);
    let back = format!("Return to {}", app.name);
    let text = match return_url.is_empty() {
        true => "Nothing was shared. You can close this window.",
        false => "Nothing was shared.",
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
