//! What one process counts of its own work, and the Prometheus text format that it is told in.
//!
//! Every label has a fixed set of values, so no caller can add a series. To count is to add to a number: it allocates
//! nothing and reads no clock.

mod backlog;
mod counts;
mod decision;
mod exposition;
mod family;
mod histogram;
mod label;

pub use backlog::{Backlog, Backlogs};
pub use counts::Counts;
pub use decision::Decision;
pub use exposition::{CONTENT_TYPE, Exposition};
pub use family::{Family, Kind, Source};
pub use histogram::{BUCKETS, Histogram};
pub use label::{
    DeliveryOutcome, KvReadOutcome, KvWriteOutcome, Label, LeaseEvent, ObjectClass, ObjectOutcome, StatusClass,
    UpstreamFailureKind,
};

use std::cell::Cell;

/// An alarm that begins later than this after it was due is late, in milliseconds.
const LATE_ALARM_MILLIS: u64 = 10_000;

/// What one process has counted since it began.
#[derive(Default)]
pub struct Metrics {
    pub leases: Counts<LeaseEvent>,
    pub kv_reads: Counts<KvReadOutcome>,
    pub kv_writes: Counts<KvWriteOutcome>,
    pub deliveries: Counts<DeliveryOutcome>,
    pub upstream: Histogram,
    pub upstream_failures: Counts<UpstreamFailureKind>,
    pub portal_requests: Counts<StatusClass>,
    pub outboxes: Backlogs,
    /// By [`ObjectClass`].
    object_calls: [Counts<ObjectOutcome>; ObjectClass::COUNT],
    alarms: Cell<u64>,
    alarms_late: Cell<u64>,
}

impl Metrics {
    pub fn count_kv_read<T, E>(&self, read: &Result<Option<T>, E>) {
        self.kv_reads.add(match read {
            Ok(Some(_)) => KvReadOutcome::Found,
            Ok(None) => KvReadOutcome::Absent,
            Err(_) => KvReadOutcome::Failed,
        });
    }

    pub fn count_kv_write<T, E>(&self, written: &Result<T, E>) {
        self.kv_writes.add(if written.is_ok() { KvWriteOutcome::Written } else { KvWriteOutcome::Failed });
    }

    pub fn count_object_call<T, E>(&self, class: ObjectClass, answer: &Result<T, E>) {
        let outcome = if answer.is_ok() { ObjectOutcome::Answered } else { ObjectOutcome::Failed };
        if let Some(calls) = self.object_calls.get(class.place()) {
            calls.add(outcome);
        }
    }

    /// Counts an alarm that begins, and how long after it was due, in milliseconds; `None` where that is not known.
    pub fn count_alarm(&self, late_millis: Option<u64>) {
        self.alarms.set(self.alarms.get() + 1);
        if late_millis.is_some_and(|late| late > LATE_ALARM_MILLIS) {
            self.alarms_late.set(self.alarms_late.get() + 1);
        }
    }

    /// How many alarms have begun, and how many of them late.
    pub fn alarms(&self) -> (u64, u64) {
        (self.alarms.get(), self.alarms_late.get())
    }

    /// The calls of each class of objects.
    pub fn object_calls(&self) -> impl Iterator<Item = (&'static str, &Counts<ObjectOutcome>)> {
        ObjectClass::TEXTS.iter().copied().zip(&self.object_calls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_is_late_after_ten_seconds() {
        let metrics = Metrics::default();
        for late in [None, Some(0), Some(10_000), Some(10_001)] {
            metrics.count_alarm(late);
        }
        assert_eq!(metrics.alarms(), (4, 1));
    }

    #[test]
    fn calls_are_counted_by_class_and_outcome() {
        let metrics = Metrics::default();
        metrics.count_object_call(ObjectClass::AuditIndex, &Ok::<_, ()>(()));
        metrics.count_object_call(ObjectClass::AuditIndex, &Err::<(), _>(()));
        metrics.count_object_call(ObjectClass::Account, &Ok::<_, ()>(()));
        let counted: Vec<_> = metrics
            .object_calls()
            .flat_map(|(class, calls)| calls.all().map(move |(outcome, count)| (class, outcome, count)))
            .filter(|(.., count)| *count > 0)
            .collect();
        let expected = [("account", "answered", 1), ("audit-index", "answered", 1), ("audit-index", "failed", 1)];
        assert_eq!(counted, expected);
    }
}
