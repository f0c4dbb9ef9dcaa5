//! Charts the requests of an App.

use super::{UsageChart, text};
use gatehouse_shared::api::AppUsage;
use leptos::prelude::*;

/// The chart of an App's requests, by class of routes.
#[component]
pub fn AppUsageChart(usage: Memo<AppUsage>, #[prop(default = true)] is_own: bool) -> impl IntoView {
    let days = Signal::derive(move || {
        let mut days = usage.with(|usage| usage.days.clone());
        for part in days.iter_mut().flat_map(|day| &mut day.parts) {
            part.name = text::class_name(&part.name);
        }
        days
    });
    view! { <UsageChart days by=text::BY_CLASS is_own/> }
}
