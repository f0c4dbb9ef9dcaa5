//! Computes where the parts of a chart stand.

use super::scale::Scale;
use crate::ui::number::whole;
use std::fmt;

/// A length in thousandths. Formatting floats would add 11 kB to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Milli(pub u64);

impl fmt::Display for Milli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

/// Heights are in CSS pixels, widths in per cent of the plot. So the chart adapts to the page without being measured, and
/// its text keeps its size.
pub const HEIGHT: Milli = Milli(208_000);
/// The room above the topmost line, for half of its number.
pub const HEAD: Milli = Milli(8_000);
/// The height at which the lines end. The days stand below.
pub const FOOT: Milli = Milli(180_000);
/// The width of the plot.
const WHOLE: u64 = 100_000;
const PIXEL: u64 = 1_000;

/// A rectangle: width in per cent, height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub x: Milli,
    pub width: Milli,
    pub y: Milli,
    pub height: Milli,
}

/// The column of a bar, from top to foot.
pub fn column(index: usize, bars: usize) -> Block {
    let edge = |index: usize| WHOLE * index as u64 / bars.max(1) as u64;
    let width = Milli(edge(index + 1) - edge(index));
    Block { x: Milli(edge(index)), width, y: HEAD, height: Milli(FOOT.0 - HEAD.0) }
}

/// The middle of a column.
pub fn middle(index: usize, bars: usize) -> Milli {
    let Block { x, width, .. } = column(index, bars);
    Milli(x.0 + width.0 / 2)
}

/// The column at a distance from the left edge of a plot of some width.
pub fn column_at(distance: f64, width: f64, bars: usize) -> Option<usize> {
    let index = usize::try_from(whole(distance / width * bars as f64)).unwrap_or(usize::MAX);
    Some(index.min(bars.checked_sub(1)?))
}

/// The height of the line of a value.
pub fn line(value: u64, scale: Scale) -> Milli {
    let full = FOOT.0 - HEAD.0;
    Milli(FOOT.0 - whole(full as f64 * scale.share(value)).min(full))
}

/// The parts of a bar, the first at the foot. Each part is at least a pixel high. A higher part ends a pixel early, so
/// that two fills never touch.
pub fn blocks(index: usize, bars: usize, values: &[u64], scale: Scale) -> Vec<Option<Block>> {
    let Block { x, width, .. } = column(index, bars);
    let gap = width.0 / 7;
    let (x, width) = (Milli(x.0 + gap), Milli(width.0 - 2 * gap));
    let mut below = 0_u64;
    values
        .iter()
        .map(|value| {
            let foot = line(below, scale);
            below = below.saturating_add(*value);
            let full = foot.0 - line(below, scale).0;
            let height = if full > 3 * PIXEL { full - PIXEL } else { full.max(PIXEL) };
            (*value > 0).then_some(Block { x, width, y: Milli(foot.0 - height), height: Milli(height) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_share_the_width_and_bars_stand_in_their_middle() {
        assert_eq!(column(0, 30).x, Milli(0));
        let last = column(29, 30);
        assert_eq!(last.x.0 + last.width.0, WHOLE);
        let block = blocks(7, 30, &[3], Scale::up_to(3))[0].unwrap();
        assert!((block.x.0 + block.width.0 / 2).abs_diff(middle(7, 30).0) <= 1);
        assert_eq!(column(0, 0).width, Milli(WHOLE));
        assert_eq!(Milli(3_045).to_string(), "3.045");
    }

    #[test]
    fn the_pointer_is_in_the_column_below_it() {
        for (distance, wanted) in [(0.0, 0), (9.9, 0), (10.0, 1), (299.9, 29), (300.0, 29), (-4.0, 0), (900.0, 29)] {
            assert_eq!(column_at(distance, 300.0, 30), Some(wanted), "{distance}");
        }
        assert_eq!(column_at(0.0, 0.0, 30), Some(0));
        assert_eq!(column_at(5.0, 300.0, 0), None);
    }

    #[test]
    fn parts_stand_on_each_other_between_foot_and_top() {
        let scale = Scale::up_to(100);
        let found = blocks(0, 30, &[50, 0, 30, 20], scale);
        assert_eq!(found[1], None);
        let [first, third, fourth] = [0, 2, 3].map(|index| found[index].unwrap());
        assert_eq!(first.y.0 + first.height.0, FOOT.0);
        assert_eq!(third.y.0 + third.height.0, line(50, scale).0);
        assert_eq!(fourth.y.0 + fourth.height.0, line(80, scale).0);
        assert_eq!(fourth.y.0, line(100, scale).0 + PIXEL);
        assert_eq!(line(scale.top, scale), HEAD);
    }

    #[test]
    fn one_request_among_very_many_is_seen() {
        let found = blocks(0, 30, &[1_000_000, 1], Scale::up_to(1_000_001));
        assert_eq!(found[1].unwrap().height, Milli(PIXEL));
    }
}
