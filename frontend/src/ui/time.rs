use gatehouse_shared::model::UnixSeconds;
use js_sys::{Date as JsDate, Object, Reflect};
use leptos::prelude::*;

/// A day, such as “24 Nov 2026”; the hour shows on hover.
#[component]
pub fn Date(at: UnixSeconds) -> impl IntoView {
    view! { <time datetime=machine(at) title=spoken(at, true)>{spoken(at, false)}</time> }
}

/// A day and a time, in the reader's zone.
#[component]
pub fn Moment(at: UnixSeconds) -> impl IntoView {
    view! { <time datetime=machine(at)>{spoken(at, true)}</time> }
}

fn date(at: UnixSeconds) -> JsDate {
    JsDate::new(&((at.0 as f64) * 1000.0).into())
}

fn machine(at: UnixSeconds) -> String {
    date(at).to_iso_string().into()
}

fn spoken(at: UnixSeconds, with_time: bool) -> String {
    let options = Object::new();
    // Setting a property of a fresh object can't fail.
    let _ = Reflect::set(&options, &"dateStyle".into(), &"medium".into());
    if with_time {
        let _ = Reflect::set(&options, &"timeStyle".into(), &"short".into());
    }
    date(at).to_locale_string("en-GB", &options).into()
}
