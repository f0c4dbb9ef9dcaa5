//! Draws the parts of a chart that do not change. One function makes each kind of shape and erases its type: a separate
//! view type for each shape would make the program many times larger.

use super::geometry::{self, Block, FOOT, Milli};
use super::scale::{Scale, compact, labelled};
use super::stack::{FILLS, Stack};
use crate::ui::time::short_day;
use leptos::prelude::*;

/// The texture of each fill, so that users who cannot tell the colors apart can tell the fills apart.
const TEXTURES: [&str; FILLS] = ["", "M0 6 6 0", "M0 0 6 6", "M0 3H6", "M3 0V6", ""];

pub fn drawing(id: &str, drawn: &Stack) -> Vec<AnyView> {
    let days = drawn.days.len();
    let scale = Scale::up_to(drawn.busiest().map_or(0, |day| day.total()));
    let patterns = TEXTURES.into_iter().enumerate().map(|(series, texture)| pattern(id, series, texture));
    let lines = scale.ticks().flat_map(|value| {
        let y = geometry::line(value, scale);
        let text_y = Milli(y.0 + 4_000);
        [line(y, value == 0), text("-8".into(), text_y, "end", compact(value))]
    });
    let labels = labelled(days).filter_map(|index| {
        let x = format!("{}%", geometry::middle(index, days));
        Some(text(x, Milli(FOOT.0 + 20_000), "middle", short_day(drawn.days.get(index)?.day)))
    });
    let bars = drawn.days.iter().enumerate().flat_map(|(index, day)| {
        let blocks = geometry::blocks(index, days, &day.values, scale).into_iter().enumerate();
        blocks.filter_map(|(series, block)| Some(part(id, series, block?)))
    });
    patterns.chain(lines).chain(labels).chain(bars).collect()
}

fn fill_id(id: &str, series: usize) -> String {
    format!("{id}-fill-{series}")
}

/// The fill of a series, as the value of an attribute.
pub fn fill(id: &str, series: usize) -> String {
    format!("url(#{})", fill_id(id, series))
}

fn pattern(id: &str, series: usize, texture: &'static str) -> AnyView {
    view! {
        <pattern id=fill_id(id, series) width="6" height="6" patternUnits="userSpaceOnUse">
            <rect width="6" height="6" class=format!("series-{}", series + 1)></rect>
            <path d=texture class="chart-texture"></path>
        </pattern>
    }
    .into_any()
}

fn line(y: Milli, is_foot: bool) -> AnyView {
    let class = if is_foot { "chart-line chart-foot" } else { "chart-line" };
    let y = y.to_string();
    view! { <line class=class x1="0" x2="100%" y1=y.clone() y2=y></line> }.into_any()
}

fn text(x: String, y: Milli, anchor: &'static str, text: String) -> AnyView {
    view! { <text class="chart-text" x=x y=y.to_string() text-anchor=anchor>{text}</text> }.into_any()
}

fn part(id: &str, series: usize, Block { x, width, y, height }: Block) -> AnyView {
    let [y, height] = [y, height].map(|length| length.to_string());
    view! { <rect fill=fill(id, series) x=format!("{x}%") width=format!("{width}%") y=y height=height></rect> }
        .into_any()
}
