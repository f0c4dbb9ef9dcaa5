//! The plot of a chart, and the slider that chooses a day.

use super::drawing::drawing;
use super::geometry::{self, FOOT, HEAD, HEIGHT, Milli};
use super::stack::Stack;
use super::unit::{Unit, count};
use crate::ui::time::long_day;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

/// The drawing, under an invisible slider with which the keyboard chooses a day.
#[component]
pub fn Plot(
    id: &'static str,
    labelled_by: &'static str,
    described_by: String,
    unit: Unit,
    drawn: StoredValue<Stack>,
    chosen: RwSignal<Option<usize>>,
) -> impl IntoView {
    let days = drawn.with_value(|drawn| drawn.days.len());
    let last = days.saturating_sub(1);
    let point = move |event: ev::PointerEvent| {
        let plot = event.current_target().and_then(|plot| plot.dyn_into::<web_sys::Element>().ok());
        let index = plot.and_then(|plot| {
            let plot = plot.get_bounding_client_rect();
            geometry::column_at(f64::from(event.client_x()) - plot.left(), plot.width(), days)
        });
        if chosen.get_untracked() != index {
            chosen.set(index);
        }
    };
    // A finger leaves as soon as it is lifted, but its day stays chosen.
    let leave = move |event: ev::PointerEvent| {
        if event.pointer_type() == "mouse" {
            chosen.set(None);
        }
    };
    // Where the column of the chosen day begins, and how wide it is.
    let column = move || chosen.get().map(|index| geometry::column(index, days));
    let x = move || column().map(|column| format!("{}%", column.x));
    let width = move || column().map_or("0".into(), |column| format!("{}%", column.width));
    view! {
        <div class="chart-plot" on:pointermove=point on:pointerdown=point on:pointerleave=leave>
            <svg role="img" aria-labelledby=labelled_by aria-describedby=described_by height=HEIGHT.to_string()>
                <rect class="chart-chosen" x=x width=width y=HEAD.to_string() height=Milli(FOOT.0 - HEAD.0).to_string()></rect>
                {drawn.with_value(|drawn| drawing(id, drawn))}
            </svg>
            <input type="range" class="chart-slider" aria-label="Day" min="0" max=last.to_string() step="1"
                prop:value=move || chosen.get().unwrap_or(last).to_string()
                aria-valuetext=move || drawn.with_value(|drawn| spoken(drawn, chosen.get().unwrap_or(last), unit))
                on:focus=move |_| chosen.set(Some(last))
                on:blur=move |_| chosen.set(None)
                on:input:target=move |event| chosen.set(event.target().value().parse().ok())/>
        </div>
    }
}

/// The numbers of a day as text.
fn spoken(drawn: &Stack, index: usize, unit: Unit) -> Option<String> {
    let day = drawn.days.get(index)?;
    let parts = drawn.names.iter().zip(&day.values).filter(|(_, value)| **value > 0);
    let parts: Vec<String> = parts.map(|(name, value)| format!("{name}: {value}")).collect();
    Some(format!("{}: {}. {}", long_day(day.day), count(day.total(), unit), parts.join(", ")))
}
