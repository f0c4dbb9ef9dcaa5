//! Shows the request that was refused.

use super::MethodTag;
use crate::ui::{iso_moment, moment_text};
use gatehouse_shared::api::RefusalView;
use gatehouse_shared::model::UnixSeconds;
use leptos::prelude::*;

/// The request, its time, and the status of the refusal.
#[component]
pub fn RefusalCall(refusal: RefusalView) -> impl IntoView {
    view! {
        <p class="refusal-call">
            <span class="refusal-path"><MethodTag method=refusal.method/> <code>{refusal.path}</code></span>
            <span class="hint">"Status " {refusal.status}</span>
            <UtcMoment at=refusal.at/>
        </p>
    }
}

/// The time in UTC to the second, as in the logs of the developer's program.
#[component]
fn UtcMoment(at: UnixSeconds) -> impl IntoView {
    view! { <time class="hint" datetime=iso_moment(at)>{moment_text(at)}</time> }
}
