//! Numbers by day as bars of stacked parts, and the same numbers as a table.

mod drawing;
#[cfg(test)]
mod fills;
mod geometry;
mod legend;
mod plot;
mod scale;
mod stack;
mod table;

pub use stack::Stack;

use super::day::{long_day, short_day};
use crate::words;
use legend::Legend;
use leptos::prelude::*;
use plot::Plot;
use table::NumberTable;

/// What is counted: one, and many.
pub type Unit = (&'static str, &'static str);

fn count(number: u64, (one, many): Unit) -> String {
    format!("{} {}", words::number(number), if number == 1 { one } else { many })
}

/// The chart of some days. What a day was made of shows beside the names while the pointer is on it, or when it is
/// chosen with the arrow keys.
#[component]
pub fn StackChart(
    /// Names the chart on the page.
    id: &'static str,
    /// The id of its heading.
    labelled_by: &'static str,
    unit: Unit,
    stack: Stack,
) -> impl IntoView {
    let drawn = StoredValue::new(stack.drawn());
    let chosen: RwSignal<Option<usize>> = RwSignal::new(None);
    let summary_id = format!("{id}-summary");
    let now = move || {
        drawn.with_value(|drawn| match chosen.get().and_then(|index| drawn.days.get(index)) {
            Some(day) => (long_day(day.day), count(day.total(), unit)),
            None => (span(drawn), count(drawn.total(), unit)),
        })
    };
    view! {
        <figure class="chart" data-testid=id>
            <p class="visually-hidden" id=summary_id.clone()>{summary(&stack, unit)}</p>
            <p class="chart-now" aria-hidden="true">
                {move || { let (when, how_many) = now(); view! { <strong>{how_many}</strong> " " <span>{when}</span> } }}
            </p>
            <Plot id labelled_by described_by=summary_id unit drawn chosen/>
            <Legend id drawn chosen/>
            <NumberTable id unit stack/>
        </figure>
    }
}

/// From which day to which.
fn span(stack: &Stack) -> String {
    match (stack.days.first(), stack.days.last()) {
        (Some(first), Some(last)) => format!("{} to {}", short_day(first.day), long_day(last.day)),
        _ => String::new(),
    }
}

/// What the picture shows at a glance, in words.
fn summary(stack: &Stack, unit: Unit) -> String {
    let mut text = format!("{} from {}, in UTC.", count(stack.total(), unit), span(stack));
    if let Some(busiest) = stack.busiest().filter(|day| day.total() > 0) {
        text += &format!(" Most on {}: {}.", long_day(busiest.day), words::number(busiest.total()));
    }
    for (name, total) in stack.names.iter().zip(stack.totals()) {
        text += &format!(" {name}: {}.", words::number(total));
    }
    text + " The table below has all numbers."
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_shared::model::UnixSeconds;

    #[test]
    fn the_summary_tells_what_the_picture_shows() {
        let day = |day: u64, parts: &[(&str, u64)]| {
            let parts = parts.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
            (UnixSeconds(1_796_083_200 + day * 86_400), parts)
        };
        let stack = Stack::new(vec![day(0, &[("GET /2/notes", 1_200)]), day(1, &[("POST /2/notes", 34)])]);
        assert_eq!(
            summary(&stack, ("request", "requests")),
            "1,234 requests from 1 Dec to 2 December 2026, in UTC. Most on 1 December 2026: 1,200. GET /2/notes: \
             1,200. POST /2/notes: 34. The table below has all numbers."
        );
        assert_eq!(count(1, ("request", "requests")), "1 request");
    }
}
