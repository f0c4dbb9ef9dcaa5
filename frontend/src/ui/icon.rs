//! The icons and the logo.

use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum IconName {
    Alert,
    Check,
    ChevronDown,
    ChevronRight,
    Clock,
    Copy,
    Download,
    Folder,
    Info,
    Key,
    Lock,
    Plus,
    Trash,
    User,
    Close,
    Box,
}

impl IconName {
    fn path(self) -> &'static str {
        match self {
            Self::Alert => "M8 1.8 15 14H1L8 1.8Zm0 4.4v3.6m0 2v.2",
            Self::Check => "m3 8.5 3.2 3.2L13 4.8",
            Self::ChevronDown => "m4 6 4 4 4-4",
            Self::ChevronRight => "m6 4 4 4-4 4",
            Self::Clock => "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 4.5V8l2.4 1.6",
            Self::Copy => "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
            Self::Download => "M8 2v8m0 0 3.2-3.2M8 10 4.8 6.8M2.5 13.5h11",
            Self::Folder => "M1.8 4v9h12.4V5.3H8L6.6 3.2H1.8V4Z",
            Self::Info => "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 7.4V11M8 5v.2",
            Self::Key => "M10.3 9.2a3.6 3.6 0 1 0-3-1.6L2 12.9V14h2.2v-1.6h1.6v-1.6l1.4-1.4M11 5v.1",
            Self::Lock => "M3.5 7.2h9v6.6h-9zM5.4 7V4.9a2.6 2.6 0 0 1 5.2 0V7",
            Self::Plus => "M8 2.8v10.4M2.8 8h10.4",
            Self::Trash => "M2.5 4.3h11M6 4V2.5h4V4m2.3.3-.7 9.2H4.4l-.7-9.2M6.6 7v4M9.4 7v4",
            Self::User => "M8 8.2a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6Zm-5.5 5.6c.4-2.6 2.6-4 5.5-4s5.1 1.4 5.5 4",
            Self::Close => "m4 4 8 8m0-8-8 8",
            Self::Box => "M8 1.7 14 5v6l-6 3.3L2 11V5l6-3.3ZM2.2 5.1 8 8.3m0 0 5.8-3.2M8 8.3v5.8",
        }
    }
}

/// An icon beside a text that says the same. Screen readers skip it.
#[component]
pub fn Icon(name: IconName) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=name.path()></path>
        </svg>
    }
}

/// The logo: a gate.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <rect width="24" height="24" rx="6" class="logo-ground"></rect>
            <path d="M6 19v-7.5a6 6 0 0 1 12 0V19h-3v-7.3a3 3 0 0 0-6 0V19Z" class="logo-arch"></path>
            <circle cx="12" cy="14.2" r="1.3" class="logo-arch"></circle>
        </svg>
    }
}
