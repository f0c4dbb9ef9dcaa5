//! Writes the Prometheus text format, version 0.0.4.

use super::{Counts, Family, Histogram, Label};
use std::fmt::{Display, Write};

pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A text that grows by one family after the other.
#[derive(Default)]
pub struct Exposition(String);

impl Exposition {
    /// Begins a family; its samples follow.
    pub fn begin(&mut self, family: &Family) {
        let Family { name, kind, help, .. } = family;
        let _ = writeln!(self.0, "# HELP {name} {}\n# TYPE {name} {}", escape(help, false), kind.name());
    }

    /// A sample of the family that was begun.
    pub fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: u64) {
        self.line(name, labels, &value);
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: &dyn Display) {
        self.0.push_str(name);
        for (at, (label, text)) in labels.iter().enumerate() {
            let _ = write!(self.0, "{}{label}=\"{}\"", if at == 0 { '{' } else { ',' }, escape(text, true));
        }
        let end = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.0, "{end} {value}");
    }

    /// A whole family of one sample without labels.
    pub fn value(&mut self, family: &Family, value: u64) {
        self.begin(family);
        self.sample(family.name, &[], value);
    }

    /// A whole family of one label.
    pub fn counts<L: Label>(&mut self, family: &Family, label: &str, counts: &Counts<L>) {
        self.family(family, label, &mut counts.all());
    }

    fn family(&mut self, family: &Family, label: &str, counts: &mut dyn Iterator<Item = (&'static str, u64)>) {
        self.begin(family);
        for (text, count) in counts {
            self.sample(family.name, &[(label, text)], count);
        }
    }

    /// A whole family that is a histogram, in seconds.
    pub fn histogram(&mut self, family: &Family, histogram: &Histogram) {
        self.begin(family);
        let name = family.name;
        let (count, sum) = (histogram.count(), histogram.sum_millis());
        for (bound, below) in histogram.cumulative().chain([("+Inf", count)]) {
            self.sample(&format!("{name}_bucket"), &[("le", bound)], below);
        }
        self.line(&format!("{name}_sum"), &[], &format_args!("{}.{:03}", sum / 1000, sum % 1000));
        self.sample(&format!("{name}_count"), &[], count);
    }

    pub fn finish(self) -> String {
        self.0
    }
}

/// Escapes a text of a HELP line, or the value of a label, which is quoted.
fn escape(text: &str, is_quoted: bool) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n");
    if is_quoted { text.replace('"', "\\\"") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{Kind, LeaseEvent, Source};

    fn family(name: &'static str, kind: Kind, help: &'static str) -> Family {
        Family { name, kind, labels: &[], source: Source::Process, help }
    }

    #[test]
    fn labels_and_help_are_escaped() {
        let mut text = Exposition::default();
        let family = family("m", Kind::Gauge, "a \\ and\na \"line\"");
        text.begin(&family);
        text.sample("m", &[("a", "q\"b\\s\nl"), ("b", "")], 7);
        text.value(&family, 0);
        let help = "# HELP m a \\\\ and\\na \"line\"\n# TYPE m gauge\n";
        assert_eq!(text.finish(), format!("{help}m{{a=\"q\\\"b\\\\s\\nl\",b=\"\"}} 7\n{help}m 0\n"));
    }

    #[test]
    fn every_value_of_a_label_is_written_from_the_start() {
        let counts = Counts::default();
        counts.add_many(LeaseEvent::Returned, 2);
        let mut text = Exposition::default();
        text.counts(&family("l_total", Kind::Counter, "h"), "event", &counts);
        assert_eq!(
            text.finish(),
            "# HELP l_total h\n# TYPE l_total counter\nl_total{event=\"asked\"} 0\nl_total{event=\"refused\"} 0\n\
             l_total{event=\"failed\"} 0\nl_total{event=\"returned\"} 2\n"
        );
    }

    #[test]
    fn a_histogram_ends_with_all_their_sum_and_their_count() {
        let histogram = Histogram::default();
        histogram.observe(7);
        histogram.observe(70_001);
        let mut text = Exposition::default();
        text.histogram(&family("s", Kind::Histogram, "h"), &histogram);
        let text = text.finish();
        assert!(
            text.starts_with("# HELP s h\n# TYPE s histogram\ns_bucket{le=\"0.005\"} 0\ns_bucket{le=\"0.01\"} 1\n")
        );
        assert!(text.ends_with("s_bucket{le=\"60\"} 1\ns_bucket{le=\"+Inf\"} 2\ns_sum 70.008\ns_count 2\n"), "{text}");
    }
}
