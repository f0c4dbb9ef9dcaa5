//! Shows the result of a consent: the way back to the App, a PIN, a refusal, or an expired link.

use super::consent_card::ConsentCard;
use super::text;
use crate::ui::{CopyButton, Monogram, effect};
use gatehouse_shared::api::ConsentApp;
use leptos::prelude::*;

/// Sends the user to the App. The link is for a browser that does not open the address scheme of the App by itself.
#[component]
pub fn Leaving(url: String, replace: bool) -> impl IntoView {
    let target = url.clone();
    effect(move || {
        let location = window().location();
        // Fails only for an invalid address. Then the user has the link.
        let _ = if replace { location.replace(&target) } else { location.assign(&target) };
    });
    view! {
        <ConsentCard title=text::LEAVING>
            <p class="consent-text">{text::IF_NOTHING_HAPPENS} <a href=url rel="external" data-testid="consent-return">{text::CONTINUE}</a> "."</p>
        </ConsentCard>
    }
}

/// Shows the PIN, for an App without a callback URL.
#[component]
pub fn Pin(pin: String, app: ConsentApp) -> impl IntoView {
    let title = text::pin_title(&app.name);
    let lead = text::pin_lead(&app.name);
    view! {
        <ConsentCard title lead sign=view! { <Monogram name=app.name/> }.into_any()>
            <p class="pin"><code data-testid="consent-pin">{pin.clone()}</code></p>
            <p class="consent-text"><CopyButton text=pin what="PIN" testid="copy-pin"/></p>
            <p class="consent-end">{text::PIN_SECRET}</p>
        </ConsentCard>
    }
}

/// Shows that the link has expired, was used before, or is incomplete.
#[component]
pub fn Expired() -> impl IntoView {
    view! {
        <ConsentCard title=text::EXPIRED>
            <p class="consent-text" data-testid="consent-expired">{text::START_AGAIN}</p>
            <p class="consent-end">{text::LINK_LIFE}</p>
        </ConsentCard>
    }
}

#[component]
pub fn Denied(return_url: String, app: ConsentApp) -> impl IntoView {
    let title = text::denied_title(&app.name);
    let back = text::return_to(&app.name);
    let nothing = if return_url.is_empty() { text::DENIED_CLOSE } else { text::DENIED };
    view! {
        <ConsentCard title sign=view! { <Monogram name=app.name/> }.into_any()>
            <p class="consent-text" data-testid="consent-denied">{nothing}</p>
            {(!return_url.is_empty()).then(|| view! {
                <a class="button button-primary button-large" href=return_url rel="external" data-testid="consent-return">{back}</a>
            })}
        </ConsentCard>
    }
}
