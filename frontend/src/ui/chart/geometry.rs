use super::scale::Scale;

/// Heights in CSS pixels. Across, everything is in per cent of the plot, which is as wide as the page leaves it: so a
/// chart needs no measuring, and its text keeps its size.
pub const HEIGHT: f64 = 208.0;
/// Room above the topmost line, for half of its number.
pub const HEAD: f64 = 8.0;
/// Where the lines end and the days stand below.
pub const FOOT: f64 = 180.0;
/// The part of its column that a bar fills.
const FILLED: f64 = 0.72;

/// A rectangle: across in per cent, upright in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    pub x: f64,
    pub width: f64,
    pub y: f64,
    pub height: f64,
}

/// The whole column of a bar, from top to foot.
pub fn column(index: usize, bars: usize) -> Block {
    let width = 100.0 / bars.max(1) as f64;
    Block { x: width * index as f64, width, y: HEAD, height: FOOT - HEAD }
}

/// The middle of a column.
pub fn middle(index: usize, bars: usize) -> f64 {
    let Block { x, width, .. } = column(index, bars);
    x + width / 2.0
}

/// Where a value's line runs.
pub fn line(value: u64, scale: Scale) -> f64 {
    FOOT - (FOOT - HEAD) * scale.share(value)
}

/// The parts of a bar, the first at the foot. One that is too low to see is a pixel high all the same; a higher one
/// ends a pixel early, so that two fills never touch.
pub fn blocks(index: usize, bars: usize, values: &[u64], scale: Scale) -> Vec<Option<Block>> {
    let Block { x, width, .. } = column(index, bars);
    let (x, width) = (x + width * (1.0 - FILLED) / 2.0, width * FILLED);
    let mut below = 0_u64;
    values
        .iter()
        .map(|value| {
            let foot = line(below, scale);
            below = below.saturating_add(*value);
            let full = foot - line(below, scale);
            let height = if full > 3.0 { full - 1.0 } else { full.max(1.0) };
            (*value > 0).then_some(Block { x, width, y: foot - height, height })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_share_the_width_and_bars_stand_in_their_middle() {
        assert_eq!(column(0, 30).x, 0.0);
        let last = column(29, 30);
        assert!((last.x + last.width - 100.0).abs() < 1e-9);
        let block = blocks(7, 30, &[3], Scale::up_to(3))[0].unwrap();
        assert!((block.x + block.width / 2.0 - middle(7, 30)).abs() < 1e-9);
        assert!(column(0, 0).width.is_finite());
    }

    #[test]
    fn parts_stand_on_each_other_between_foot_and_top() {
        let scale = Scale::up_to(100);
        let found = blocks(0, 30, &[50, 0, 30, 20], scale);
        assert_eq!(found[1], None);
        let [first, third, fourth] = [0, 2, 3].map(|index| found[index].unwrap());
        assert_eq!(first.y + first.height, FOOT);
        assert_eq!(third.y + third.height, line(50, scale));
        assert_eq!(fourth.y + fourth.height, line(80, scale));
        assert_eq!(fourth.y, line(100, scale) + 1.0);
        assert_eq!(line(scale.top, scale), HEAD);
    }

    #[test]
    fn one_request_among_very_many_is_seen() {
        let found = blocks(0, 30, &[1_000_000, 1], Scale::up_to(1_000_001));
        assert_eq!(found[1].unwrap().height, 1.0);
    }
}
