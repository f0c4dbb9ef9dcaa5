//! Names the series of a chart.

use super::drawing::fill;
use super::stack::Stack;
use crate::ui::number_text;
use leptos::prelude::*;

/// The name and the number of each series, for the chosen day or for all days.
#[component]
pub fn Legend(id: &'static str, drawn: StoredValue<Stack>, chosen: RwSignal<Option<usize>>) -> impl IntoView {
    let value = move |series: usize| {
        let number = drawn.with_value(|drawn| match chosen.get().and_then(|index| drawn.days.get(index)) {
            Some(day) => day.values.get(series).copied(),
            None => drawn.totals().get(series).copied(),
        });
        number_text(number.unwrap_or_default())
    };
    let names = drawn.with_value(|drawn| drawn.names.clone());
    // The summary and the slider give screen readers the same.
    view! {
        <ul class="chart-legend" aria-hidden="true">
            {names.into_iter().enumerate().map(|(series, name)| view! {
                <li>
                    <svg class="chart-swatch"><rect width="100%" height="100%" rx="3" fill=fill(id, series)></rect></svg>
                    <span class="chart-name">{name}</span>
                    <span class="chart-value">{move || value(series)}</span>
                </li>
            }).collect_view()}
        </ul>
    }
}
