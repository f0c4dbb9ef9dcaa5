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

/// “Last used” with the day, for what is known to the day.
#[component]
pub fn LastUsed(day: Option<UnixSeconds>) -> impl IntoView {
    let today = now().0 / DAY_SECONDS;
    let text = match day.map(|day| (day, today.saturating_sub(day.0 / DAY_SECONDS))) {
        None => "Never used".to_owned(),
        Some((_, 0)) => "Last used today".to_owned(),
        Some((_, 1)) => "Last used yesterday".to_owned(),
        Some((day, _)) => format!("Last used on {}", date_text(day)),
    };
    view! { <span class="hint">{text}</span> }
}

const DAY_SECONDS: u64 = 86_400;

/// By the reader's clock.
pub fn now() -> UnixSeconds {
    UnixSeconds((JsDate::now() / 1000.0) as u64)
}

/// A day as text, such as “24 Nov 2026”.
pub fn date_text(at: UnixSeconds) -> String {
    spoken(at, false)
}

/// The start of a `YYYY-MM-DD` day in the reader's zone.
pub fn start_of_day(date: &str) -> Option<UnixSeconds> {
    let millis = JsDate::parse(&format!("{date}T00:00:00"));
    (millis > 0.0).then_some(UnixSeconds((millis / 1000.0) as u64))
}

/// The `YYYY-MM-DD` of a moment in the reader's zone.
pub fn date_value(at: UnixSeconds) -> String {
    let date = date(at);
    format!("{:04}-{:02}-{:02}", date.get_full_year(), date.get_month() + 1, date.get_date())
}
