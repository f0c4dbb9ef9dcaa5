//! Tells developers whose account is not approved why they can create nothing yet.

use crate::ui::{Notice, Tone};
use gatehouse_shared::model::ApplicationState;
use leptos::prelude::*;

/// Says why the developer cannot create Projects and Apps yet, and what to do. Shows nothing once the account is
/// approved.
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

/// For each state: the title, the text, and the label of the link to the application.
mod text {
    pub const NONE: [&str; 3] = [
        "Apply for a developer account",
        "Before you create Projects and Apps, tell us about your project.",
        "Start your application",
    ];
    pub const IN_REVIEW: [&str; 3] = [
        "Your application is in review",
        "You can create Projects and Apps once it is approved.",
        "View your application",
    ];
    pub const MORE_INFORMATION: [&str; 3] = [
        "Your application needs more information",
        "The operator has a question. Answer it to continue.",
        "Read the question",
    ];
    pub const DECLINED: [&str; 3] = [
        "Your application was declined",
        "Read the reason. You can change your application and apply again.",
        "View the reason",
    ];
    pub const SUSPENDED: [&str; 3] = [
        "Your developer account is suspended",
        "Requests with your Apps’ credentials are refused, and you can’t change anything.",
        "View the reason",
    ];
}
