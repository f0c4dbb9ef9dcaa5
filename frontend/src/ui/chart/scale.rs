//! The upright axis of a chart, and the labels of its days.

/// The upright axis: round values from 0 to a little above the largest value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    pub step: u64,
    pub top: u64,
}

/// The maximum number of steps of the axis.
const STEPS: u64 = 4;

impl Scale {
    /// The finest scale that reaches `largest` within the maximum number of steps.
    pub fn up_to(largest: u64) -> Self {
        let largest = largest.max(1);
        let mut decade = 1_u64;
        loop {
            for factor in [1, 2, 5] {
                let step = decade.saturating_mul(factor);
                if largest.div_ceil(step) <= STEPS {
                    return Self { step, top: step.saturating_mul(largest.div_ceil(step)) };
                }
            }
            decade = decade.saturating_mul(10);
        }
    }

    pub fn ticks(self) -> impl Iterator<Item = u64> {
        (0..=self.top / self.step).map(move |number| number * self.step)
    }

    /// The height of a value: 0 at the foot, 1 at the top.
    pub fn share(self, value: u64) -> f64 {
        value as f64 / self.top as f64
    }
}

/// Writes a round number in short, such as “2.5k”.
pub fn compact(value: u64) -> String {
    for (unit, name) in [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")] {
        if value >= unit {
            let tenths = value % unit * 10 / unit;
            let fraction = if tenths == 0 { String::new() } else { format!(".{tenths}") };
            return format!("{}{fraction}{name}", value / unit);
        }
    }
    value.to_string()
}

/// The bars with a label: today, and every seventh day before.
pub fn labelled(bars: usize) -> impl Iterator<Item = usize> {
    (0..bars).rev().step_by(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few_and_reach_the_largest() {
        for (largest, wanted) in [
            (0, vec![0, 1]),
            (1, vec![0, 1]),
            (3, vec![0, 1, 2, 3]),
            (5, vec![0, 2, 4, 6]),
            (17, vec![0, 5, 10, 15, 20]),
            (99, vec![0, 50, 100]),
            (1_234, vec![0, 500, 1_000, 1_500]),
            (8_001, vec![0, 5_000, 10_000]),
        ] {
            assert_eq!(Scale::up_to(largest).ticks().collect::<Vec<_>>(), wanted, "{largest}");
        }
        for largest in (0..64).map(|power| 1_u64 << power) {
            let scale = Scale::up_to(largest);
            assert!(scale.top >= largest && scale.top / scale.step <= STEPS, "{largest}: {scale:?}");
            assert!(scale.share(largest) <= 1.0);
        }
        Scale::up_to(u64::MAX);
    }

    #[test]
    fn numbers_on_the_axis_are_short() {
        for (value, wanted) in [
            (0, "0"),
            (500, "500"),
            (1_000, "1k"),
            (1_500, "1.5k"),
            (250_000, "250k"),
            (2_000_000, "2M"),
            (7_500_000_000, "7.5G"),
        ] {
            assert_eq!(compact(value), wanted);
        }
    }

    #[test]
    fn today_bears_a_label_and_each_week_before_it() {
        assert_eq!(labelled(30).collect::<Vec<_>>(), [29, 22, 15, 8, 1]);
        assert_eq!(labelled(3).collect::<Vec<_>>(), [2]);
        assert_eq!(labelled(0).count(), 0);
    }
}
