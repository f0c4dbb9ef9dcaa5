//! The numbers of a chart, by day and by name.

use gatehouse_shared::model::UnixSeconds;
use std::collections::BTreeMap;

/// The number of fills in `chart.css`. The last fill is for the sum of the small series.
pub const FILLS: usize = 6;
const REST: &str = "All others";

/// Numbers by day, in named parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// The largest first.
    pub names: Vec<String>,
    /// Oldest first.
    pub days: Vec<StackDay>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackDay {
    /// The first second of the day, in UTC.
    pub day: UnixSeconds,
    /// A number for each name.
    pub values: Vec<u64>,
}

impl StackDay {
    pub fn total(&self) -> u64 {
        self.values.iter().sum()
    }
}

impl Stack {
    /// Makes a stack from the parts of each day.
    pub fn new(days: Vec<(UnixSeconds, Vec<(String, u64)>)>) -> Self {
        let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
        for (name, value) in days.iter().flat_map(|(_, parts)| parts) {
            *totals.entry(name).or_default() += value;
        }
        // Insert the few names one by one: a sort would add 3 kB to the program. Equal totals are in order of name.
        let mut ranked: Vec<(&str, u64)> = Vec::new();
        for (name, total) in totals {
            let at = ranked.partition_point(|(_, other)| *other >= total);
            ranked.insert(at, (name, total));
        }
        let names: Vec<String> = ranked.into_iter().map(|(name, _)| name.to_owned()).collect();
        let of = |name: &str, parts: &[(String, u64)]| {
            parts.iter().filter(|(known, _)| known == name).map(|(_, value)| value).sum()
        };
        let days = days
            .iter()
            .map(|(day, parts)| StackDay { day: *day, values: names.iter().map(|name| of(name, parts)).collect() })
            .collect();
        Self { names, days }
    }

    /// The same numbers with no more names than fills. The last name stands for the sum of the small ones.
    pub fn drawn(&self) -> Self {
        if self.names.len() <= FILLS {
            return self.clone();
        }
        let kept = FILLS - 1;
        let names = self.names.iter().take(kept).cloned().chain([REST.to_owned()]).collect();
        let merge = |day: &StackDay| {
            let (large, small) = (day.values.iter().take(kept), day.values.iter().skip(kept));
            StackDay { day: day.day, values: large.copied().chain([small.sum()]).collect() }
        };
        Self { names, days: self.days.iter().map(merge).collect() }
    }

    pub fn total(&self) -> u64 {
        self.days.iter().map(StackDay::total).sum()
    }

    /// The total of each name over all days.
    pub fn totals(&self) -> Vec<u64> {
        let total = |index: usize| self.days.iter().filter_map(|day| day.values.get(index)).sum();
        (0..self.names.len()).map(total).collect()
    }

    /// The day with the largest total, or the latest of them.
    pub fn busiest(&self) -> Option<&StackDay> {
        self.days.iter().max_by_key(|day| day.total())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u64, parts: &[(&str, u64)]) -> (UnixSeconds, Vec<(String, u64)>) {
        (UnixSeconds(number), parts.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect())
    }

    #[test]
    fn names_are_ranked_and_each_day_has_a_number_for_each() {
        let stack = Stack::new(vec![day(1, &[("b", 1), ("c", 5)]), day(2, &[]), day(3, &[("a", 1), ("c", 2)])]);
        assert_eq!(stack.names, ["c", "a", "b"]);
        let values: Vec<_> = stack.days.iter().map(|day| day.values.as_slice()).collect();
        assert_eq!(values, [[5, 0, 1], [0, 0, 0], [2, 1, 0]]);
        assert_eq!((stack.total(), stack.totals()), (9, vec![7, 1, 1]));
        assert_eq!(stack.busiest().map(|day| day.day), Some(UnixSeconds(1)));
        assert_eq!(stack.drawn(), stack);
    }

    #[test]
    fn small_ones_are_drawn_as_one_and_nothing_is_lost() {
        let parts: Vec<(String, u64)> = (1..=9).map(|number| (format!("part {number}"), number)).collect();
        let stack = Stack::new(vec![(UnixSeconds(0), parts)]);
        let drawn = stack.drawn();
        assert_eq!(drawn.names, ["part 9", "part 8", "part 7", "part 6", "part 5", REST]);
        assert_eq!(drawn.days[0].values, [9, 8, 7, 6, 5, 10]);
        assert_eq!(drawn.total(), stack.total());
    }
}
