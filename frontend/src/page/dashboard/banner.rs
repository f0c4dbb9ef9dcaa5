use super::text::application as text;
use crate::ui::{Notice, Tone};
use gatehouse_shared::model::ApplicationState;
use leptos::prelude::*;

/// Says why nothing can be created yet, and what to do about it. Nothing once the account is approved.
#[component]
pub fn NotApproved(state: ApplicationState) -> impl IntoView {
    let (tone, [title, text, link]) = match state {
        ApplicationState::Approved => return ().into_any(),
        ApplicationState::None => (Tone::Info, text::NONE),
        ApplicationState::InReview => (Tone::Info, text::IN_REVIEW),
        ApplicationState::MoreInformationRequested => (Tone::Warning, text::MORE_INFORMATION),
        ApplicationState::Declined => (Tone::Danger, text::DECLINED),
        ApplicationState::Suspended => (Tone::Danger, text::SUSPENDED),
    };
    view! {
        <Notice tone title testid="approval-banner">
            <p>{text}</p>
            <p><a href="/apply" data-testid="to-apply">{link}</a></p>
        </Notice>
    }
    .into_any()
}
