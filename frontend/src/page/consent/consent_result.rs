use super::consent_card::ConsentCard;
use super::text;
use crate::ui::{CopyButton, Monogram, effect};
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
        <ConsentCard title=text::LEAVING>
            <p class="consent-text">{text::IF_NOTHING_HAPPENS} <a href=url rel="external" data-testid="consent-return">{text::CONTINUE}</a> "."</p>
        </ConsentCard>
    }
}

/// For an App without a place to send people back to.
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

/// Where the user is too late, came twice, or has only a part of the link.
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
