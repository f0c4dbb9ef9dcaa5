use leptos::{ev, prelude::*};
use std::time::Duration;

const INTERVAL: Duration = Duration::from_secs(30);

/// Runs `refresh` every 30 seconds while the page is in view, and as soon as it comes into view again, as long as
/// `is_wanted` says so. Ends with the component that asks for it.
pub fn refresh_while(is_wanted: impl Fn() -> bool + Copy + 'static, refresh: impl Fn() + Copy + 'static) {
    let run = move || {
        if !document().hidden() && untrack(is_wanted) {
            refresh();
        }
    };
    let interval = set_interval_with_handle(run, INTERVAL);
    let seen = window_event_listener(ev::visibilitychange, move |_| run());
    on_cleanup(move || {
        if let Ok(interval) = interval {
            interval.clear();
        }
        seen.remove();
    });
}
