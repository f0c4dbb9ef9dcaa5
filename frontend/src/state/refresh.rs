//! Repeats a call while the page is visible.

use leptos::{ev, prelude::*};
use std::time::Duration;

const INTERVAL: Duration = Duration::from_secs(30);

/// Runs `refresh` every 30 seconds while the page is visible, and when it becomes visible again, as long as `is_wanted`
/// returns true. Stops with the calling component.
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
