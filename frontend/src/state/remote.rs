//! Loads data from the server, and loads it again.

use super::Session;
use crate::api::Failure;
use crate::ui::{Toasts, effect};
use leptos::prelude::*;
use std::{future::Future, pin::Pin};
use wasm_bindgen_futures::spawn_local;

/// The state of data that the server sends.
#[derive(Clone, PartialEq)]
pub enum Load<T> {
    Loading,
    Ready(T),
    Failed(Failure),
}

type Fetching<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// Data from the server. It is fetched at first, whenever a signal that `fetch` reads changes, and on demand.
pub struct Remote<T: Send + Sync + 'static> {
    pub state: RwSignal<Load<T>>,
    round: RwSignal<u32>,
    /// Whether the next failure shows no message.
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
        Self::erased(None, Box::new(move || Box::pin(fetch())))
    }

    /// Like [`Remote::new`], but starts with the data that another call just returned, where there is some.
    pub fn starting_with<Fut>(data: Option<T>, fetch: impl Fn() -> Fut + 'static) -> Self
    where
        Fut: Future<Output = Result<T, Failure>> + 'static,
    {
        Self::erased(data, Box::new(move || Box::pin(fetch())))
    }

    /// Not generic over `fetch`, so that the program contains it once for each type of data.
    fn erased(data: Option<T>, fetch: Box<dyn Fn() -> Fetching<T>>) -> Self {
        let is_given = StoredValue::new(data.is_some());
        let state = RwSignal::new(data.map_or(Load::Loading, Load::Ready));
        let (round, is_quiet) = (RwSignal::new(0), StoredValue::new(false));
        let newest = StoredValue::new(0_u32);
        let (session, toasts) = (use_context::<Session>(), use_context::<Toasts>());
        let asked = StoredValue::new(None);
        // Whether the shown data answers the present question.
        let is_current = StoredValue::new(is_given.get_value());
        effect(move || {
            let again = (round.get(), session.map(Session::renewals));
            // Nobody asked again, so a signal that `fetch` reads has changed.
            if asked.get_value() == Some(again) {
                is_current.set_value(false);
            }
            asked.set_value(Some(again));
            if is_given.get_value() {
                is_given.set_value(false);
                return;
            }
            let quiet = is_quiet.get_value();
            is_quiet.set_value(false);
            let mine = newest.get_value() + 1;
            newest.set_value(mine);
            let answer = fetch();
            spawn_local(async move {
                let answer = answer.await;
                // Drop the answer to an older question, and the answer for a page that is gone.
                if newest.try_get_value() != Some(mine) {
                    return;
                }
                let is_shown = is_current.get_value() && state.with_untracked(|load| matches!(load, Load::Ready(_)));
                match answer {
                    Ok(data) => {
                        is_current.set_value(true);
                        state.set(Load::Ready(data));
                    }
                    // Keep the shown data, with the user's input and with credentials that are shown only once.
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

    /// Fetches again. The shown data stays until the answer comes. A failure shows a message.
    pub fn reload(self) {
        self.round.update(|round| *round += 1);
    }

    /// Like [`Remote::reload`], but a failure shows no message. For data that is fetched again soon.
    pub fn refresh(self) {
        self.is_quiet.set_value(true);
        self.reload();
    }

    /// Drops the shown data, then fetches again.
    pub fn restart(self) {
        self.state.set(Load::Loading);
        self.reload();
    }

    /// Takes the data that another call returned.
    pub fn set(self, data: T) {
        self.state.set(Load::Ready(data));
    }

    pub fn get(self) -> Option<T> {
        match self.state.get() {
            Load::Ready(data) => Some(data),
            _ => None,
        }
    }

    /// Whether the server said that the resource does not exist.
    pub fn is_missing(self) -> bool {
        self.state.with(|load| matches!(load, Load::Failed(failure) if failure.is_not_found()))
    }

    /// Whether there is data or an error to show.
    pub fn is_settled(self) -> bool {
        self.state.with(|load| !matches!(load, Load::Loading))
    }
}
