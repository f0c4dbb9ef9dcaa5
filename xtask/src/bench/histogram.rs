//! Figures of a round, and what many rounds come to.

use std::time::Duration;

/// Latencies, in steps of 5 µs up to a second. Finer than the clock of the network, and small.
pub struct Histogram {
    steps: Vec<u32>,
    count: u64,
}

const STEP_MICROS: u128 = 5;
const STEPS: usize = 200_000;

impl Histogram {
    pub fn new() -> Self {
        Self { steps: vec![0; STEPS], count: 0 }
    }

    pub fn add(&mut self, latency: Duration) {
        let step = usize::try_from(latency.as_micros() / STEP_MICROS).unwrap_or(STEPS);
        self.steps[step.min(STEPS - 1)] += 1;
        self.count += 1;
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    /// The latency that this share of the requests did not exceed, in milliseconds.
    pub fn quantile(&self, share: f64) -> f64 {
        let wanted = (self.count as f64 * share).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (step, count) in self.steps.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= wanted {
                return (step as f64 + 1.0) * STEP_MICROS as f64 / 1000.0;
            }
        }
        0.0
    }
}

/// The value in the middle; of two, their mean. NaN where there is none.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => sorted[middle],
        _ => (sorted[middle - 1] + sorted[middle]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_the_upper_ends_of_their_steps() {
        let mut histogram = Histogram::new();
        assert_eq!(histogram.quantile(0.5), 0.0);
        for micros in 0..1000 {
            histogram.add(Duration::from_micros(micros));
        }
        histogram.add(Duration::from_secs(9));
        assert_eq!(histogram.count(), 1001);
        assert_eq!(histogram.quantile(0.5), 0.505);
        assert_eq!(histogram.quantile(0.99), 0.995);
        assert_eq!(histogram.quantile(1.0), 1000.0);
    }

    #[test]
    fn a_median_is_the_middle_value() {
        assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median([4.0, 1.0, 3.0, 2.0]), 2.5);
        assert!(median([]).is_nan());
    }
}
