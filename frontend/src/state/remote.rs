use super::{Session, effect};
use crate::api::Failure;
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
        let remote = Self { state: RwSignal::new(Load::Loading), round: RwSignal::new(0) };
        let newest = StoredValue::new(0_u32);
        let session = use_context::<Session>();
        effect(move || {
            remote.round.track();
            if let Some(session) = session {
                session.track_renewals();
            }
            let mine = newest.get_value() + 1;
            newest.set_value(mine);
            let answer = fetch();
            spawn_local(async move {
                let answer = answer.await;
                // An answer to an older question, or for a page that is gone, is dropped.
                if newest.try_get_value() == Some(mine) {
                    let _ = remote.state.try_set(match answer {
                        Ok(data) => Load::Ready(data),
                        Err(failure) => Load::Failed(failure),
                    });
                }
            });
        });
        remote
    }

    /// Asks again; what is shown stays until the answer comes.
    pub fn reload(self) {
        self.round.update(|round| *round += 1);
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
