//! A chart of stacked bars, one for each day, and the same numbers as a table.

mod drawing;
#[cfg(test)]
mod fills;
mod geometry;
mod legend;
mod plot;
mod scale;
mod stack;
mod table;
mod unit;

pub use stack::Stack;

use super::number_text;
use super::time::{long_day, short_day};
use gatehouse_shared::model::UnixSeconds;
use legend::Legend;
use leptos::prelude::*;
use plot::Plot;
use table::NumberTable;
use unit::{Unit, count};

/// How a day is written, in short and in full.
#[derive(Clone, Copy)]
struct DayText {
    short: fn(UnixSeconds) -> String,
    long: fn(UnixSeconds) -> String,
}

const DAY_TEXT: DayText = DayText { short: short_day, long: long_day };

/// The chart of some days. While the pointer is on a day, or the arrow keys have chosen it, its numbers stand beside
/// the names.
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
            None => (span(drawn, DAY_TEXT), count(drawn.total(), unit)),
        })
    };
    view! {
        <figure class="chart" data-testid=id>
            <p class="visually-hidden" id=summary_id.clone()>{summary(&stack, unit, DAY_TEXT)}</p>
            <p class="chart-now" aria-hidden="true">
                {move || { let (when, how_many) = now(); view! { <strong>{how_many}</strong> " " <span>{when}</span> } }}
            </p>
            <Plot id labelled_by described_by=summary_id unit drawn chosen/>
            <Legend id drawn chosen/>
            <NumberTable id unit stack/>
        </figure>
    }
}

/// The first and the last day.
fn span(stack: &Stack, text: DayText) -> String {
    match (stack.days.first(), stack.days.last()) {
        (Some(first), Some(last)) => format!("{} to {}", (text.short)(first.day), (text.long)(last.day)),
        _ => String::new(),
    }
}

/// Summarizes the chart as text.
fn summary(stack: &Stack, unit: Unit, day_text: DayText) -> String {
    let mut text = format!("{} from {}, in UTC.", count(stack.total(), unit), span(stack, day_text));
    if let Some(busiest) = stack.busiest().filter(|day| day.total() > 0) {
        text += &format!(" Most on {}: {}.", (day_text.long)(busiest.day), number_text(busiest.total()));
    }
    for (name, total) in stack.names.iter().zip(stack.totals()) {
        text += &format!(" {name}: {}.", number_text(total));
    }
    text + " The table below has all numbers."
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_shared::model::DAY_SECONDS;

    #[test]
    fn the_summary_tells_what_the_picture_shows() {
        let day = |day: u64, parts: &[(&str, u64)]| {
            let parts = parts.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
            (UnixSeconds(day * DAY_SECONDS), parts)
        };
        let stack = Stack::new(vec![day(1, &[("GET /2/notes", 1_200)]), day(2, &[("POST /2/notes", 34)])]);
        // The browser writes dates; here a day is told by its number.
        let day_text = DayText {
            short: |at| format!("day {}", at.0 / DAY_SECONDS),
            long: |at| format!("day {} of 1970", at.0 / DAY_SECONDS),
        };
        assert_eq!(
            summary(&stack, ("request", "requests"), day_text),
            "1,234 requests from day 1 to day 2 of 1970, in UTC. Most on day 1 of 1970: 1,200. GET /2/notes: \
             1,200. POST /2/notes: 34. The table below has all numbers."
        );
        assert_eq!(count(1, ("request", "requests")), "1 request");
    }
}
