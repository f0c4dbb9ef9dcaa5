//! The action of a button: it runs once at a time.

use crate::api::Failure;
use crate::ui::{Toasts, use_toasts};
use leptos::prelude::*;
use std::future::Future;
use wasm_bindgen_futures::spawn_local;

/// The action of a button. It runs once at a time, and shows a message if it fails.
#[derive(Clone, Copy)]
pub struct Task {
    pending: RwSignal<bool>,
    toasts: Toasts,
}

impl Task {
    pub fn new() -> Self {
        Self { pending: RwSignal::new(false), toasts: use_toasts() }
    }

    pub fn is_pending(self) -> bool {
        self.pending.get()
    }

    pub fn run(self, work: impl Future<Output = Result<(), Failure>> + 'static) {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        spawn_local(async move {
            if let Err(failure) = work.await
                && !failure.is_signed_out()
            {
                self.toasts.error(failure.message_with_reference());
            }
            let _ = self.pending.try_set(false);
        });
    }
}
