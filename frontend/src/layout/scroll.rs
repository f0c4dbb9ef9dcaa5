//! Remembers the scroll position of each history entry, for Back and for a reload. The browser would restore it before
//! the page has its data, when the page is still too short.

use js_sys::{Object, Reflect};
use leptos::{ev, prelude::*};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};

/// The name in the state of the entry, beside the state of the router.
const KEY: &str = "scroll";
/// How long to wait after scrolling. Browsers refuse to write an entry at every step.
const REST: Duration = Duration::from_millis(100);

/// Starts to store the scroll position in the present entry, and restores it after Back and Forward within a page.
pub fn keep_scroll() {
    if let Ok(history) = window().history() {
        let _ = history.set_scroll_restoration(web_sys::ScrollRestoration::Manual);
    }
    let rest: StoredValue<Option<TimeoutHandle>> = StoredValue::new(None);
    window_event_listener(ev::scroll, move |_| {
        if let Some(rest) = rest.get_value() {
            rest.clear();
        }
        rest.set_value(set_timeout_with_handle(note, REST).ok());
    });
    window_event_listener(ev::popstate, |_| {
        request_animation_frame(|| {
            if let Some(kept) = kept_scroll() {
                scroll_to(kept);
            }
        });
    });
}

/// The stored scroll position of the present entry. A new entry has none.
pub fn kept_scroll() -> Option<f64> {
    Reflect::get(&window().history().ok()?.state().ok()?, &KEY.into()).ok()?.as_f64()
}

pub fn scroll_to(y: f64) {
    window().scroll_to_with_x_and_y(0.0, y);
}

fn note() {
    // A page that is still loading is too short, so keep the stored position.
    let is_there = document().query_selector("[data-page][data-ready]").is_ok_and(|page| page.is_some());
    let Ok(history) = window().history() else { return };
    if !is_there {
        return;
    }
    let before = history.state().unwrap_or(JsValue::NULL);
    // The state of the router is an object or nothing.
    let state = before.dyn_into::<Object>().unwrap_or_else(|_| Object::new());
    let _ = Reflect::set(&state, &KEY.into(), &window().scroll_y().unwrap_or_default().into());
    let _ = history.replace_state(&state, "");
}
