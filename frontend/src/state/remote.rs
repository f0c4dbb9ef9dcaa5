use super::Session;
use crate::api::Failure;
use crate::ui::{Toasts, effect};
use leptos::prelude::*;
use std::{future::Future, pin::Pin};
use wasm_bindgen_futures::spawn_local;

/// Where a piece of the server's data stands.
#[derive(Clone, PartialEq)]
pub enum Load<T> {
    Loading,
    Ready(T),
    Failed(Failure),
}

type Fetching<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// A piece of the server's data: fetched when first asked for, whenever what `fetch` reads changes, and on demand.
pub struct Remote<T: Send + Sync + 'static> {
    pub state: RwSignal<Load<T>>,
    round: RwSignal<u32>,
    /// Whether nobody waits for the answer that is asked for next.
    is_quiet: StoredValue<bool>,
}

impl<T: Send + Sync + 'static> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Remote<T> {}

impl<T: Clone + Send + Sync + 'static> Remote<T> {
    pub fn new<Fut>(fetch: impl Fn() -> Fut + 'static) -> Self
    where
        Fut: Future<Output = Result<T, Failure>> + 'static,
    {
        Self::erased(Box::new(move || Box::pin(fetch())))
    }

    /// Not generic over what fetches, so that it is in the program once for each kind of data.
    fn erased(fetch: Box<dyn Fn() -> Fetching<T>>) -> Self {
        let (state, round, is_quiet) = (RwSignal::new(Load::Loading), RwSignal::new(0), StoredValue::new(false));
        let newest = StoredValue::new(0_u32);
        let (session, toasts) = (use_context::<Session>(), use_context::<Toasts>());
        let asked = StoredValue::new(None);
        // Whether what is shown answers the question as it is asked now.
        let is_current = StoredValue::new(false);
        effect(move || {
            let again = (round.get(), session.map(Session::renewals));
            // Not asked for anew, so it is what `fetch` reads that has changed.
            if asked.get_value() == Some(again) {
                is_current.set_value(false);
            }
            asked.set_value(Some(again));
            let quiet = is_quiet.get_value();
            is_quiet.set_value(false);
            let mine = newest.get_value() + 1;
            newest.set_value(mine);
            let answer = fetch();
            spawn_local(async move {
                let answer = answer.await;
                // An answer to an older question, or for a page that is gone, is dropped.
                if newest.try_get_value() != Some(mine) {
                    return;
                }
                let is_shown = is_current.get_value() && state.with_untracked(|load| matches!(load, Load::Ready(_)));
                match answer {
                    Ok(data) => {
                        is_current.set_value(true);
                        state.set(Load::Ready(data));
                    }
                    // What is shown stays, with what is typed there and with credentials that nobody sees again.
                    Err(failure) if is_shown && !failure.is_not_found() => match toasts {
                        Some(toasts) if !quiet && !failure.is_signed_out() => {
                            toasts.error(failure.message_with_reference())
                        }
                        _ => {}
                    },
                    Err(failure) => state.set(Load::Failed(failure)),
                }
            });
        });
        Self { state, round, is_quiet }
    }

    /// Asks again; what is shown stays until the answer comes. If none comes, a message says so.
    pub fn reload(self) {
        self.round.update(|round| *round += 1);
    }

    /// As [`Remote::reload`], for what is asked for again soon: it says nothing if no answer comes.
    pub fn refresh(self) {
        self.is_quiet.set_value(true);
        self.reload();
    }

    /// Shows that nothing is known, then asks again.
    pub fn restart(self) {
        self.state.set(Load::Loading);
        self.reload();
    }

    /// Takes what another call brought.
    pub fn set(self, data: T) {
        self.state.set(Load::Ready(data));
    }

    pub fn get(self) -> Option<T> {
        match self.state.get() {
            Load::Ready(data) => Some(data),
            _ => None,
        }
    }

    /// Whether there is no such thing.
    pub fn is_missing(self) -> bool {
        self.state.with(|load| matches!(load, Load::Failed(failure) if failure.is_not_found()))
    }

    /// Whether there is something to show: data or an error.
    pub fn is_settled(self) -> bool {
        self.state.with(|load| !matches!(load, Load::Loading))
    }
}
