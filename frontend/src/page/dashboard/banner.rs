use crate::ui::{Notice, Tone};
use gatehouse_shared::model::ApplicationState;
use leptos::prelude::*;

/// Says why nothing can be created yet, and what to do about it. Nothing once the account is approved.
#[component]
pub fn NotApproved(state: ApplicationState) -> impl IntoView {
    let (tone, title, text, link) = match state {
        ApplicationState::Approved => return ().into_any(),
        ApplicationState::None => (
            Tone::Info,
            "Apply for a developer account",
            "Before you create Projects and Apps, tell the people who run this API what you plan.",
            "Start your application",
        ),
        ApplicationState::InReview => (
            Tone::Info,
            "Your application is in review",
            "You can create Projects and Apps as soon as it is approved.",
            "See your application",
        ),
        ApplicationState::MoreInformationRequested => (
            Tone::Warning,
            "Your application needs more information",
            "The operator has a question. Answer it to go on.",
            "Read the question",
        ),
        ApplicationState::Declined => (
            Tone::Danger,
            "Your application was declined",
            "Read why, and apply again if things have changed.",
            "See the reason",
        ),
        ApplicationState::Suspended => (
            Tone::Danger,
            "Your developer account is suspended",
            "Your Apps’ credentials do not pass for now, and nothing can be changed.",
            "See the reason",
        ),
    };
    view! {
        <Notice tone title testid="approval-banner">
            <p>{text}</p>
            <p><a href="/apply" data-testid="to-apply">{link}</a></p>
        </Notice>
    }
    .into_any()
}
