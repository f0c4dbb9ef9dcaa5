//! How long something took, in fixed buckets.

use std::cell::Cell;

/// The upper bounds of the buckets, in milliseconds and as the label `le` has them, in seconds.
pub const BUCKETS: [(u64, &str); 13] = [
    (5, "0.005"),
    (10, "0.01"),
    (25, "0.025"),
    (50, "0.05"),
    (100, "0.1"),
    (250, "0.25"),
    (500, "0.5"),
    (1_000, "1"),
    (2_500, "2.5"),
    (5_000, "5"),
    (10_000, "10"),
    (30_000, "30"),
    (60_000, "60"),
];

#[derive(Default)]
pub struct Histogram {
    /// Of each bucket alone.
    counts: [Cell<u64>; BUCKETS.len()],
    count: Cell<u64>,
    sum_millis: Cell<u64>,
}

impl Histogram {
    pub fn observe(&self, millis: u64) {
        self.count.set(self.count.get() + 1);
        self.sum_millis.set(self.sum_millis.get().saturating_add(millis));
        let bucket = BUCKETS.iter().position(|(most, _)| millis <= *most);
        if let Some(cell) = bucket.and_then(|at| self.counts.get(at)) {
            cell.set(cell.get() + 1);
        }
    }

    /// The upper bound of each bucket, with how many were not above it.
    pub fn cumulative(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let below = self.counts.iter().scan(0, |below, count| {
            *below += count.get();
            Some(*below)
        });
        BUCKETS.iter().map(|(_, bound)| *bound).zip(below)
    }

    pub fn count(&self) -> u64 {
        self.count.get()
    }

    pub fn sum_millis(&self) -> u64 {
        self.sum_millis.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_all_that_are_not_above_its_bound() {
        let histogram = Histogram::default();
        for millis in [0, 5, 6, 60_000, 60_001] {
            histogram.observe(millis);
        }
        let cumulative: Vec<_> = histogram.cumulative().collect();
        assert_eq!((cumulative[0], cumulative[1], cumulative[12]), (("0.005", 2), ("0.01", 3), ("60", 4)));
        assert_eq!((histogram.count(), histogram.sum_millis()), (5, 120_012));
    }

    #[test]
    fn the_labels_say_the_bounds_in_seconds() {
        for (millis, seconds) in BUCKETS {
            assert_eq!(seconds.parse::<f64>().map(|seconds| (seconds * 1000.0).round()), Ok(millis as f64));
        }
    }
}
