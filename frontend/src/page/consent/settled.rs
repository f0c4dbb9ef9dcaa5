//! Tells whether the page has been in front long enough for a press of its button to count.

use leptos::{ev, prelude::*};
use std::time::Duration;

/// How long the page has to be in front before a press of its button counts. Longer than a double-click.
const IN_FRONT_FOR: Duration = Duration::from_millis(600);

/// Whether the page has been in front for a moment. A page that comes up under the pointer must not take the second
/// click of a double-click on another window.
pub fn use_settled() -> Signal<bool> {
    let is_settled = RwSignal::new(false);
    let round = StoredValue::new(0_u32);
    let begin = move || {
        round.update_value(|round| *round += 1);
        let mine = round.get_value();
        is_settled.set(false);
        if document().hidden() || !document().has_focus().unwrap_or(true) {
            return;
        }
        set_timeout(
            move || {
                if round.try_get_value() == Some(mine) {
                    let _ = is_settled.try_set(true);
                }
            },
            IN_FRONT_FOR,
        );
    };
    begin();
    let listeners = [
        window_event_listener(ev::focus, move |_| begin()),
        window_event_listener(ev::blur, move |_| begin()),
        window_event_listener(ev::visibilitychange, move |_| begin()),
    ];
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
    is_settled.into()
}
