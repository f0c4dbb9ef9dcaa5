//! How far each entry of the history is scrolled, so that Back and a reload show a page where it was left. The browser
//! itself would try before the page has its data, when there is nothing to scroll yet.

use js_sys::{Object, Reflect};
use leptos::{ev, prelude::*};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};

/// The name in the entry's state, beside what the router keeps there.
const KEY: &str = "scroll";
/// Browsers refuse to write an entry at every step of a scroll.
const REST: Duration = Duration::from_millis(100);

/// Begins to note in the present entry how far it is scrolled, and to follow Back and Forward within a page.
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

/// How far the present entry was scrolled when it was left; nothing for one that is new.
pub fn kept_scroll() -> Option<f64> {
    Reflect::get(&window().history().ok()?.state().ok()?, &KEY.into()).ok()?.as_f64()
}

pub fn scroll_to(y: f64) {
    window().scroll_to_with_x_and_y(0.0, y);
}

fn note() {
    // A page that is on its way is shorter than it will be: what its entry has from before is the better note.
    let is_there = document().query_selector("[data-page][data-ready]").is_ok_and(|page| page.is_some());
    let Ok(history) = window().history() else { return };
    if !is_there {
        return;
    }
    let before = history.state().unwrap_or(JsValue::NULL);
    // The router's own state is an object or nothing.
    let state = before.dyn_into::<Object>().unwrap_or_else(|_| Object::new());
    let _ = Reflect::set(&state, &KEY.into(), &window().scroll_y().unwrap_or_default().into());
    let _ = history.replace_state(&state, "");
}
