//! Records what the user would lose by leaving the page.

use leptos::{ev, prelude::*};
use std::sync::Arc;

/// What the user would lose by leaving the page now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// Unsaved input.
    Changes,
    /// Credentials that are shown only once, or are being issued.
    Credentials,
}

/// How the user leaves the page.
#[derive(Clone)]
pub enum Departure {
    Link(String),
    /// To the previous entry of the history.
    Back,
    /// Another action, which runs once the user has agreed.
    Act(Callback<()>),
}

type Watch = Arc<dyn Fn() -> Option<Loss> + Send + Sync>;

/// Collects what the page must not lose without a question, and who asks the question.
#[derive(Clone, Copy)]
pub struct Leaving {
    watches: StoredValue<Vec<Watch>>,
    /// Returns whether the page stays. `None` if no guard is shown.
    ask: StoredValue<Option<Callback<Departure, bool>>>,
}

impl Leaving {
    /// Starts to listen to Back, for the lifetime of the document. Call it before the router exists: the router listens
    /// to the same event, and the browser calls the listeners in the order in which they were added.
    pub fn new() -> Self {
        let leaving = Self { watches: StoredValue::new(Vec::new()), ask: StoredValue::new(None) };
        let listener = window_event_listener(ev::popstate, move |event| {
            if leaving.stays(Departure::Back) {
                event.stop_immediate_propagation();
            }
        });
        std::mem::forget(listener);
        leaving
    }

    /// Watches what a part of the page would lose, while that part is shown.
    pub fn watch(self, loss: impl Fn() -> Option<Loss> + Send + Sync + 'static) {
        let watch: Watch = Arc::new(loss);
        self.watches.update_value(|all| all.push(watch.clone()));
        on_cleanup(move || self.watches.update_value(|all| all.retain(|known| !Arc::ptr_eq(known, &watch))));
    }

    /// The worst loss of all parts.
    pub fn loss(self) -> Option<Loss> {
        let all = self.watches.get_value();
        untrack(|| all.iter().filter_map(|loss| loss()).max())
    }

    /// Forgets all losses, because the user agreed to them.
    pub fn forget(self) {
        self.watches.set_value(Vec::new());
    }

    /// Makes `ask` put the question while the calling component is shown. It returns whether the page stays.
    pub fn ask_by(self, ask: Callback<Departure, bool>) {
        self.ask.set_value(Some(ask));
        on_cleanup(move || {
            // The next guard may be registered already.
            self.ask.try_update_value(|now| now.take_if(|now| now.matches(&ask)));
        });
    }

    /// Runs an action that leaves the page. Asks first if something would be lost.
    pub fn then(self, act: impl Fn() + Send + Sync + 'static) {
        let act = Callback::new(move |()| act());
        if !self.stays(Departure::Act(act)) {
            act.run(());
        }
    }

    fn stays(self, wanted: Departure) -> bool {
        self.ask.get_value().is_some_and(|ask| ask.run(wanted))
    }
}
