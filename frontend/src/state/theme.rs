//! The chosen theme.

use leptos::prelude::*;

const KEY: &str = "gatehouse-theme";

/// The color theme. `theme.js` applies the stored choice before the first paint.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    pub fn stored() -> Self {
        let text = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        Self::ALL.into_iter().find(|theme| Some(theme.as_str()) == text.as_deref()).unwrap_or(Self::System)
    }

    /// Stores the choice and applies it.
    pub fn choose(self) {
        if let Some(storage) = storage() {
            // Without storage, the choice holds until the user leaves the page.
            let _ = storage.set_item(KEY, self.as_str());
        }
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-theme", self.as_str());
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
