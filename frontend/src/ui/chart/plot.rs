use super::geometry::{self, Block};
use super::scale::{Scale, compact, labelled};
use super::stack::{FILLS, Stack};
use super::{Unit, count};
use crate::ui::day::{long_day, short_day};
use leptos::prelude::*;

/// The drawing, and an invisible slider over it with which the keyboard chooses a day.
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
    let scale = Scale::up_to(drawn.with_value(|drawn| drawn.busiest().map_or(0, |day| day.total())));
    let choose = move |text: String| chosen.set(text.parse().ok());
    // A finger leaves as soon as it is lifted; what it chose stays.
    let leave = move |event: leptos::ev::PointerEvent| {
        if event.pointer_type() == "mouse" {
            chosen.set(None);
        }
    };
    let spoken = move || {
        let index = chosen.get().unwrap_or(last);
        drawn.with_value(|drawn| {
            let day = drawn.days.get(index)?;
            let parts = drawn.names.iter().zip(&day.values).filter(|(_, value)| **value > 0);
            let parts: Vec<String> = parts.map(|(name, value)| format!("{name}: {value}")).collect();
            Some(format!("{}: {}. {}", long_day(day.day), count(day.total(), unit), parts.join(", ")))
        })
    };
    view! {
        <div class="chart-plot">
            <svg role="img" aria-labelledby=labelled_by aria-describedby=described_by height=geometry::HEIGHT.to_string()
                on:pointerleave=leave>
                <Patterns id/>
                {(0..days).map(|index| view! { <Column index days chosen/> }).collect_view()}
                {scale.ticks().map(|value| view! { <Line value scale/> }).collect_view()}
                {labelled(days).map(|index| {
                    let text = drawn.with_value(|drawn| drawn.days.get(index).map(|day| short_day(day.day)));
                    view! { <DayLabel index days text=text.unwrap_or_default()/> }
                }).collect_view()}
                {(0..days).map(|index| view! { <Bar id index days scale drawn/> }).collect_view()}
            </svg>
            <input type="range" class="chart-slider" aria-label="Day" min="0" max=last.to_string() step="1"
                prop:value=move || chosen.get().unwrap_or(last).to_string()
                aria-valuetext=spoken
                on:focus=move |_| chosen.set(Some(last))
                on:blur=move |_| chosen.set(None)
                on:input:target=move |event| choose(event.target().value())/>
        </div>
    }
}

/// The fills. Each has a texture of its own, so that they differ for those who see colours differently.
#[component]
fn Patterns(id: &'static str) -> impl IntoView {
    const TEXTURES: [&str; FILLS] = ["", "M0 6 6 0", "M0 0 6 6", "M0 3H6", "M3 0V6", ""];
    let pattern = move |(index, texture): (usize, &'static str)| {
        view! {
            <pattern id=fill_id(id, index) width="6" height="6" patternUnits="userSpaceOnUse">
                <rect width="6" height="6" class=format!("series-{}", index + 1)></rect>
                <path d=texture class="chart-texture"></path>
            </pattern>
        }
    };
    view! { <defs>{TEXTURES.into_iter().enumerate().map(pattern).collect_view()}</defs> }
}

fn fill_id(id: &str, index: usize) -> String {
    format!("{id}-fill-{index}")
}

/// The fill of a series, as an attribute's value.
pub fn fill(id: &str, index: usize) -> String {
    format!("url(#{})", fill_id(id, index))
}

/// Takes the pointer for its day.
#[component]
fn Column(index: usize, days: usize, chosen: RwSignal<Option<usize>>) -> impl IntoView {
    let Block { x, width, y, height } = geometry::column(index, days);
    view! {
        <rect class="chart-column" class:chart-column-chosen=move || chosen.get() == Some(index)
            x=percent(x) width=percent(width) y=y.to_string() height=height.to_string()
            on:pointerenter=move |_| chosen.set(Some(index))></rect>
    }
}

/// A line across, with its number before it.
#[component]
fn Line(value: u64, scale: Scale) -> impl IntoView {
    let y = geometry::line(value, scale);
    view! {
        <line class="chart-line" class:chart-foot=value == 0 x1="0" x2="100%" y1=y.to_string() y2=y.to_string()></line>
        <text class="chart-text" x="-8" y=(y + 4.0).to_string() text-anchor="end">{compact(value)}</text>
    }
}

#[component]
fn DayLabel(index: usize, days: usize, text: String) -> impl IntoView {
    let x = percent(geometry::middle(index, days));
    view! { <text class="chart-text" x=x y=(geometry::FOOT + 20.0).to_string() text-anchor="middle">{text}</text> }
}

#[component]
fn Bar(id: &'static str, index: usize, days: usize, scale: Scale, drawn: StoredValue<Stack>) -> impl IntoView {
    let blocks = drawn
        .with_value(|drawn| drawn.days.get(index).map(|day| geometry::blocks(index, days, &day.values, scale)))
        .unwrap_or_default();
    let parts = blocks.into_iter().enumerate().filter_map(|(series, block)| Some((series, block?)));
    parts
        .map(|(series, Block { x, width, y, height })| {
            view! {
                <rect class="chart-part" fill=fill(id, series)
                    x=percent(x) width=percent(width) y=y.to_string() height=height.to_string()></rect>
            }
        })
        .collect_view()
}

fn percent(value: f64) -> String {
    format!("{value:.3}%")
}
