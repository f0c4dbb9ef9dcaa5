use leptos::{ev, prelude::*};
use std::sync::Arc;

/// What would be lost if the page were left now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// What was typed and not saved.
    Changes,
    /// Credentials that are shown only once, or are on their way.
    Credentials,
}

/// What the person wants that takes the page away.
#[derive(Clone)]
pub enum Departure {
    Link(String),
    /// To the entry of the browser's history before this one.
    Back,
    /// Something else, which is done once the person has agreed.
    Act(Callback<()>),
}

type Watch = Arc<dyn Fn() -> Option<Loss> + Send + Sync>;

/// What on the page must not be lost without a question, and who asks it.
#[derive(Clone, Copy)]
pub struct Leaving {
    watches: StoredValue<Vec<Watch>>,
    /// Tells whether the page stays for now; none where nobody asks.
    ask: StoredValue<Option<Callback<Departure, bool>>>,
}

impl Leaving {
    /// Begins to listen to the browser's Back, for as long as the document lives. The router listens to the same event,
    /// and a browser calls the listeners of its window in the order in which they were added: this one has to be there
    /// before the router is.
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

    /// Asks a part of the page what it would lose, for as long as that part is shown.
    pub fn watch(self, loss: impl Fn() -> Option<Loss> + Send + Sync + 'static) {
        let watch: Watch = Arc::new(loss);
        self.watches.update_value(|all| all.push(watch.clone()));
        on_cleanup(move || self.watches.update_value(|all| all.retain(|known| !Arc::ptr_eq(known, &watch))));
    }

    /// The gravest loss of all parts.
    pub fn loss(self) -> Option<Loss> {
        let all = self.watches.get_value();
        untrack(|| all.iter().filter_map(|loss| loss()).max())
    }

    /// Lets everything go: the person has said so.
    pub fn forget(self) {
        self.watches.set_value(Vec::new());
    }

    /// Has `ask` put the question, for as long as what calls this is shown: it tells whether the page stays for now.
    pub fn ask_by(self, ask: Callback<Departure, bool>) {
        self.ask.set_value(Some(ask));
        on_cleanup(move || {
            // What comes next may have put its own here already.
            self.ask.try_update_value(|now| now.take_if(|now| now.matches(&ask)));
        });
    }

    /// Does what takes the page away: at once, or after a question if something would be lost.
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
