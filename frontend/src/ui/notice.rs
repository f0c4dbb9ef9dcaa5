//! A notice on a page, and the tones of notices and tags.

use super::{Icon, IconName};
use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Neutral,
    Info,
    Good,
    Warning,
    Danger,
}

impl Tone {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    fn icon(self) -> IconName {
        match self {
            Self::Neutral | Self::Info => IconName::Info,
            Self::Good => IconName::Check,
            Self::Warning | Self::Danger => IconName::Alert,
        }
    }
}

/// A notice about the page as a whole.
#[component]
pub fn Notice(
    tone: Tone,
    #[prop(optional, into)] title: String,
    #[prop(optional)] testid: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("notice notice-{}", tone.as_str()) data-testid=testid>
            <Icon name=tone.icon()/>
            <div>
                {(!title.is_empty()).then(|| view! { <p class="notice-title">{title}</p> })}
                {children()}
            </div>
        </div>
    }
}
