//! Shows data once it is loaded.

use crate::form::FailureNotice;
use crate::state::{Load, Remote};
use leptos::prelude::*;

/// Shows a skeleton while the data loads, then the data. If loading fails, shows why and a button to try again.
#[component]
pub fn Loaded<T>(
    remote: Remote<T>,
    skeleton: fn() -> AnyView,
    /// Called once when the data arrives. The memo follows later changes.
    children: Box<dyn Fn(Memo<T>) -> AnyView + Send + Sync>,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let stage = Memo::new(move |_| {
        remote.state.with(|load| match load {
            Load::Loading => 0_u8,
            Load::Ready(_) => 1,
            Load::Failed(_) => 2,
        })
    });
    move || {
        // Read it, do not only track it: a memo that was never read has no sources.
        stage.get();
        match remote.state.get_untracked() {
            Load::Loading => {
                view! { <div role="status"><span class="visually-hidden">"Loading…"</span></div> {skeleton()} }
                    .into_any()
            }
            Load::Ready(first) => children(Memo::new(move |last: Option<&T>| {
                remote.get().or_else(|| last.cloned()).unwrap_or_else(|| first.clone())
            })),
            Load::Failed(failure) => view! {
                <div class="stack" role="alert">
                    <FailureNotice failure/>
                    <p><button type="button" class="button" on:click=move |_| remote.restart()>"Try again"</button></p>
                </div>
            }
            .into_any(),
        }
    }
}
