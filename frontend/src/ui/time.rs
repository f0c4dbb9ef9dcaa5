//! Writes times in the language of the browser. The days of a chart are days in UTC, because the server counts by UTC
//! day. All other times are in the time zone of the user.

use super::number::whole;
use gatehouse_shared::model::{DAY_SECONDS, UnixSeconds};
use js_sys::{Date as JsDate, Object, Reflect};
use leptos::prelude::*;

/// A day, such as “Nov 24, 2026”. Hovering shows the hour.
#[component]
pub fn Date(at: UnixSeconds) -> impl IntoView {
    view! { <time datetime=iso_moment(at) title=local(at, true)>{local(at, false)}</time> }
}

/// A day and a time, in the time zone of the user.
#[component]
pub fn Moment(at: UnixSeconds) -> impl IntoView {
    view! { <time datetime=iso_moment(at)>{local(at, true)}</time> }
}

/// “Last used” with the day, since uses are counted by day.
#[component]
pub fn LastUsed(day: Option<UnixSeconds>) -> impl IntoView {
    let last_used = |day| format!("Last used {}", day_in_words(day, day_text));
    view! { <span class="hint">{day.map_or("Never used".to_owned(), last_used)}</span> }
}

/// The day of a moment in the time zone of the user, such as “yesterday” or “on Nov 24, 2026”.
pub fn day_ago(at: UnixSeconds) -> String {
    day_in_words(at, date_text)
}

/// `day_of` writes the day of a moment in a time zone.
fn day_in_words(at: UnixSeconds, day_of: fn(UnixSeconds) -> String) -> String {
    match day_of(at) {
        day if day == day_of(now()) => "today".to_owned(),
        day if day == day_of(UnixSeconds(now().0.saturating_sub(DAY_SECONDS))) => "yesterday".to_owned(),
        day => format!("on {day}"),
    }
}

/// The present moment, by the clock of the browser.
#[expect(clippy::disallowed_methods, reason = "the one place where the portal looks at the clock")]
pub fn now() -> UnixSeconds {
    UnixSeconds(whole(JsDate::now() / 1000.0))
}

/// A day as text, such as “Nov 24, 2026”.
pub fn date_text(at: UnixSeconds) -> String {
    local(at, false)
}

/// A day in UTC without its year, such as “Nov 24”.
pub fn short_day(at: UnixSeconds) -> String {
    told(at, &[("timeZone", "UTC"), ("day", "numeric"), ("month", "short")])
}

/// A day in UTC, such as “Nov 24, 2026”.
pub fn day_text(at: UnixSeconds) -> String {
    told(at, &[("timeZone", "UTC"), ("dateStyle", "medium")])
}

/// A day in UTC, such as “November 24, 2026”.
pub fn long_day(at: UnixSeconds) -> String {
    told(at, &[("timeZone", "UTC"), ("dateStyle", "long")])
}

/// A moment in UTC to the second, such as “Nov 24, 2026, 9:05:07 AM UTC”.
pub fn moment_text(at: UnixSeconds) -> String {
    told(at, &[("timeZone", "UTC"), ("dateStyle", "medium"), ("timeStyle", "medium")]) + " UTC"
}

/// For machines, such as `2026-11-24T09:05:07.000Z`.
pub fn iso_moment(at: UnixSeconds) -> String {
    date(at).to_iso_string().into()
}

fn local(at: UnixSeconds, with_time: bool) -> String {
    let date = ("dateStyle", "medium");
    if with_time { told(at, &[date, ("timeStyle", "short")]) } else { told(at, &[date]) }
}

fn told(at: UnixSeconds, options: &[(&str, &str)]) -> String {
    let object = Object::new();
    for (name, value) in options {
        // Setting a property of a fresh object can't fail.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    // The language whose order and separators the date fields of the browser use.
    let language = window().navigator().language().unwrap_or_else(|| "en-US".into());
    date(at).to_locale_string(&language, &object).into()
}

fn date(at: UnixSeconds) -> JsDate {
    JsDate::new(&((at.0 as f64) * 1000.0).into())
}

/// The last second of a `YYYY-MM-DD` day in the time zone of the user.
pub fn end_of_day(date: &str) -> Option<UnixSeconds> {
    let millis = JsDate::parse(&format!("{date}T23:59:59"));
    (millis > 0.0).then_some(UnixSeconds(whole(millis / 1000.0)))
}

/// The `YYYY-MM-DD` day of a moment in the time zone of the user.
pub fn date_value(at: UnixSeconds) -> String {
    let date = date(at);
    format!("{:04}-{:02}-{:02}", date.get_full_year(), date.get_month() + 1, date.get_date())
}
