use leptos::{ev, prelude::*};
use std::sync::Arc;

/// What would be lost if the page were left now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// What was typed and not saved.
    Changes,
    /// Credentials that are shown only once.
    Credentials,
}

type Watch = (u32, Arc<dyn Fn() -> Option<Loss> + Send + Sync>);

/// What on the page must not be lost without a question. Pages that ask provide it.
#[derive(Clone, Copy)]
pub struct Leaving(StoredValue<Vec<Watch>>);

impl Leaving {
    pub fn new() -> Self {
        Self(StoredValue::new(Vec::new()))
    }

    /// Asks a part of the page what it would lose, for as long as that part is shown.
    pub fn watch(self, loss: impl Fn() -> Option<Loss> + Send + Sync + 'static) {
        let id = self.0.with_value(|all| all.last().map_or(0, |(id, _)| id + 1));
        self.0.update_value(|all| all.push((id, Arc::new(loss))));
        on_cleanup(move || {
            self.0.try_update_value(|all| all.retain(|(known, _)| *known != id));
        });
    }

    /// The gravest loss of all parts.
    pub fn loss(self) -> Option<Loss> {
        let all = self.0.try_get_value().unwrap_or_default();
        untrack(|| all.iter().filter_map(|(_, loss)| loss()).max())
    }

    /// Lets everything go: the person has said so.
    pub fn forget(self) {
        self.0.set_value(Vec::new());
    }
}

/// Who is asked before the browser's Back takes effect. The router listens for the same event, and a browser calls the
/// listeners of its window in the order in which they were added: this one has to be there before the router is.
#[derive(Clone, Copy)]
pub struct BackButton(StoredValue<Option<Callback<(), bool>>>);

impl BackButton {
    /// Begins to listen, for as long as the document lives.
    pub fn new() -> Self {
        let back = Self(StoredValue::new(None));
        let listener = window_event_listener(ev::popstate, move |event| {
            let holds = back.0.get_value();
            if holds.is_some_and(|holds| holds.run(())) {
                event.stop_immediate_propagation();
            }
        });
        std::mem::forget(listener);
        back
    }

    /// Has `holds` asked, for as long as what calls this is shown: it tells whether the page stays.
    pub fn ask(self, holds: Callback<(), bool>) {
        self.0.set_value(Some(holds));
        on_cleanup(move || {
            // What comes next may have put its own here already.
            self.0.try_update_value(|now| now.take_if(|now| now.matches(&holds)));
        });
    }
}
