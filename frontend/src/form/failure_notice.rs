//! Shows why a call failed.

use crate::api::Failure;
use crate::ui::{Notice, Tone};
use leptos::prelude::*;

/// Shows why a call failed, the request number to quote, and a link to the help page of the error.
#[component]
pub fn FailureNotice(failure: Failure) -> impl IntoView {
    let help = failure.code().map(|code| format!("/docs/errors/{}", code.slug()));
    let request = failure.request_id().map(str::to_owned);
    view! {
        <Notice tone=Tone::Danger>
            <p data-testid="failure">{failure.message()}</p>
            {request.map(|id| view! { <p class="hint">"Request " <code>{id}</code></p> })}
            {help.map(|href| view! { <p><a href=href>"More about this error"</a></p> })}
        </Notice>
    }
}
