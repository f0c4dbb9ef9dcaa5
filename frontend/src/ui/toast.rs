//! Keeps the short messages that the portal shows about the last action.

use leptos::prelude::*;
use std::time::Duration;

const SHOWN_FOR: Duration = Duration::from_secs(5);

#[derive(Clone, PartialEq)]
pub struct Toast {
    pub id: u32,
    pub text: String,
    pub is_error: bool,
}

/// The messages that are shown now.
#[derive(Clone, Copy)]
pub struct Toasts {
    pub shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

pub fn use_toasts() -> Toasts {
    expect_context()
}

impl Toasts {
    pub fn new() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// Shows that an action worked. The message goes away by itself.
    pub fn success(self, text: impl Into<String>) {
        let id = self.push(text.into(), false);
        self.dismiss_later(id);
    }

    /// Waits while the pointer or the focus is on the messages, because the user reads them (WCAG 2.2 §2.2.1).
    fn dismiss_later(self, id: u32) {
        let end = move || {
            if document().query_selector(".toasts:is(:hover, :focus-within)").is_ok_and(|read| read.is_some()) {
                self.dismiss_later(id);
            } else {
                self.dismiss(id);
            }
        };
        set_timeout(end, SHOWN_FOR);
    }

    /// Shows that an action failed. The message stays until the user dismisses it.
    pub fn error(self, text: impl Into<String>) {
        self.push(text.into(), true);
    }

    pub fn dismiss(self, id: u32) {
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
    }

    fn push(self, text: String, is_error: bool) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.shown.update(|shown| {
            // Keep only the newest success, so that messages do not pile up over the page.
            shown.retain(|toast| toast.text != text && toast.is_error);
            shown.push(Toast { id, text, is_error });
        });
        id
    }
}
