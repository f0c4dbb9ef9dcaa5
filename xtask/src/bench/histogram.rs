//! The latencies of a round, and the median of many rounds.

use hdrhistogram::Histogram;
use std::time::Duration;

/// The longest latency that is told from longer ones.
const LONGEST_MICROS: u64 = 60_000_000;

/// Latencies in microseconds, with three significant digits.
pub struct Latencies(Histogram<u64>);

impl Latencies {
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self(Histogram::new_with_bounds(1, LONGEST_MICROS, 3)?))
    }

    pub fn add(&mut self, latency: Duration) {
        self.0.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX));
    }

    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Returns the latency that this share of the requests did not exceed, in milliseconds.
    pub fn quantile(&self, share: f64) -> f64 {
        self.0.value_at_quantile(share) as f64 / 1000.0
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
    fn quantiles_are_milliseconds() {
        let mut latencies = Latencies::new().unwrap();
        assert_eq!(latencies.quantile(0.5), 0.0);
        for micros in 1..=1000 {
            latencies.add(Duration::from_micros(micros));
        }
        assert_eq!(latencies.count(), 1000);
        assert_eq!(latencies.quantile(0.5), 0.5);
        assert_eq!(latencies.quantile(0.99), 0.99);
        latencies.add(Duration::from_secs(3600));
        assert!(latencies.quantile(1.0) >= 60_000.0);
    }

    #[test]
    fn a_median_is_the_middle_value() {
        assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median([4.0, 1.0, 3.0, 2.0]), 2.5);
        assert!(median([]).is_nan());
    }
}
