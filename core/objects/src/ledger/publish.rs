//! How the outbox is delivered: each target by itself and one version after
//! the other, so that what hangs holds up nothing else.

use super::Ledger;
use super::outbox::{FIRST_RETRY_SECONDS, Publication};
use futures_util::{StreamExt, stream};
use gatehouse_domain::format::decode;
use gatehouse_domain::metrics::{Backlog, DeliveryOutcome};
use gatehouse_domain::ports::{ObjectPorts, PortError, Row, SqlError};
use gatehouse_shared::model::{UnixMillis, UnixSeconds};
use std::cell::RefCell;
use std::collections::HashMap;

const SLOWEST_RETRY_SECONDS: u64 = 300;
/// How far apart two writes of one KV key are kept, in milliseconds. The
/// platform takes one a second.
const KV_APART_MILLIS: u64 = 1_100;
/// How late a delivery may still take effect that nobody saw succeed, in
/// milliseconds. What is delivered within that time is delivered once more
/// afterwards, in case the older one came over it.
const LATE_MILLIS: u64 = 60_000;
/// For how long KV may not show yet what was written, in milliseconds: what is
/// missing there for longer is lost.
const SHOWN_WITHIN_MILLIS: u64 = 120_000;
/// How many targets are delivered to at once: the platform opens six
/// connections, and the time limit runs for what waits for one.
const AT_ONCE: usize = 6;

/// What an instance knows of its deliveries.
#[derive(Default)]
pub(super) struct Deliveries(RefCell<HashMap<String, Delivery>>);

/// The latest to one target.
#[derive(Default)]
struct Delivery {
    is_running: bool,
    /// When it ended.
    ended_at: UnixMillis,
    has_failed: bool,
    /// The version that was taken last.
    taken: Option<u64>,
    /// Until then an earlier one may come over it.
    late_until: UnixMillis,
}

impl Deliveries {
    /// Begins a delivery, unless one to that target is running: that one looks
    /// again when it ends.
    fn begin(&self, target: &str) -> Option<Turn<'_>> {
        let mut all = self.0.borrow_mut();
        let delivery = all.entry(target.to_owned()).or_default();
        if std::mem::replace(&mut delivery.is_running, true) {
            return None;
        }
        Some(Turn { all: self, target: target.to_owned() })
    }

    /// When a version may be delivered.
    fn due(&self, target: &str, version: u64) -> UnixMillis {
        let all = self.0.borrow();
        let Some(delivery) = all.get(target) else { return UnixMillis(0) };
        let apart = if is_kv(target) { KV_APART_MILLIS } else { 0 };
        let due = UnixMillis(delivery.ended_at.0 + apart);
        if delivery.taken == Some(version) { due.max(delivery.late_until) } else { due }
    }

    /// When the alarm has to see to a version that is still waiting.
    fn next_try(&self, target: &str, version: u64, now: UnixMillis, retry_seconds: u64) -> UnixMillis {
        let (is_running, has_failed) = match self.0.borrow().get(target) {
            Some(delivery) => (delivery.is_running, delivery.has_failed),
            None => (false, false),
        };
        if has_failed && !is_running {
            return now.plus_seconds(retry_seconds);
        }
        let due = self.due(target, version);
        if is_running || due <= now { now.plus_seconds(FIRST_RETRY_SECONDS) } else { due }
    }

    /// Notes how a delivery ended that began at `began_at`; tells whether it is over with.
    fn end(&self, target: &str, version: u64, is_taken: bool, began_at: UnixMillis, now: UnixMillis) -> bool {
        let mut all = self.0.borrow_mut();
        let delivery = all.entry(target.to_owned()).or_default();
        delivery.ended_at = now;
        delivery.has_failed = !is_taken;
        if is_taken {
            delivery.taken = Some(version);
            began_at >= delivery.late_until
        } else {
            delivery.late_until = UnixMillis(now.0 + LATE_MILLIS);
            false
        }
    }

    /// Whether something was written under a key lately that KV may not show yet.
    fn is_on_its_way(&self, target: &str, now: UnixMillis) -> bool {
        let all = self.0.borrow();
        all.get(target).is_some_and(|delivery| now.0 <= delivery.ended_at.0 + SHOWN_WITHIN_MILLIS)
    }

    /// Notes that nobody knows what became of an earlier delivery.
    fn doubt(&self, target: &str, now: UnixMillis) {
        let mut all = self.0.borrow_mut();
        all.entry(target.to_owned()).or_default().late_until = UnixMillis(now.0 + LATE_MILLIS);
    }

    /// Forgets what says nothing any more.
    fn tidy(&self, now: UnixMillis) {
        let is_over =
            |delivery: &Delivery| now.0 > delivery.ended_at.0 + SHOWN_WITHIN_MILLIS && now > delivery.late_until;
        self.0.borrow_mut().retain(|_, delivery| delivery.is_running || !is_over(delivery));
    }
}

fn is_kv(target: &str) -> bool {
    target.starts_with("app/") || target.starts_with("grant/")
}

/// Ends when it is dropped.
struct Turn<'a> {
    all: &'a Deliveries,
    target: String,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(delivery) = self.all.0.borrow_mut().get_mut(&self.target) {
            delivery.is_running = false;
        }
    }
}

/// An entry of the outbox.
struct Waiting {
    version: u64,
    /// One that a newer Worker has written may be unreadable.
    publication: Result<Publication, PortError>,
}

fn port_error(error: SqlError) -> PortError {
    PortError(error.to_string())
}

impl<R: ObjectPorts> Ledger<R> {
    /// Delivers what waits for these targets. Every one gets its try, also
    /// after another one failed; one that was written less than a second ago is
    /// left to the alarm.
    pub(super) async fn publish(&self, targets: &[String]) -> Result<(), PortError> {
        let delivered = stream::iter(targets).map(|target| self.deliver_newest(target)).buffer_unordered(AT_ONCE);
        let outcome = delivered.fold(Ok(()), async |outcome: Result<(), PortError>, one| outcome.and(one)).await;
        self.deliveries.tidy(self.runtime.now());
        outcome
    }

    async fn deliver_newest(&self, target: &str) -> Result<(), PortError> {
        let Some(_turn) = self.deliveries.begin(target) else { return Ok(()) };
        // A newer one may take its place while one is on its way.
        while let Some(Waiting { version, publication }) = self.waiting_for(target).map_err(port_error)? {
            let began_at = self.runtime.now();
            if self.deliveries.due(target, version) > began_at {
                break;
            }
            let delivered = match publication {
                Ok(publication) => self.deliver(version, &publication).await,
                Err(unreadable) => Err(unreadable),
            };
            let outcome = if delivered.is_ok() { DeliveryOutcome::Delivered } else { DeliveryOutcome::Failed };
            self.runtime.metrics().deliveries.add(outcome);
            let is_over = self.deliveries.end(target, version, delivered.is_ok(), began_at, self.runtime.now());
            delivered?;
            if is_over {
                self.strike(target, version).map_err(port_error)?;
            }
        }
        Ok(())
    }

    /// Whether a record that KV does not have is to be published again: not
    /// where it was written only just now.
    pub fn may_publish_again(&self, target: &str) -> bool {
        !self.deliveries.is_on_its_way(target, self.runtime.now())
    }

    fn waiting_for(&self, target: &str) -> Result<Option<Waiting>, SqlError> {
        let rows = self.runtime.exec("SELECT doc, version FROM outbox WHERE target = ?", &[target.into()])?;
        rows.first()
            .map(|row| {
                let publication = decode("outbox", row.text(0)?).map_err(PortError);
                Ok(Waiting { version: row.number(1)?, publication })
            })
            .transpose()
    }

    /// Removes what was delivered, unless something newer took its place.
    fn strike(&self, target: &str, version: u64) -> Result<(), SqlError> {
        let statement = "DELETE FROM outbox WHERE target = ? AND version = ?";
        self.runtime.exec(statement, &[target.into(), version.into()]).map(|_| ())
    }

    /// The targets that something waits for, oldest first.
    pub(crate) fn targets_waiting(&self) -> Result<Vec<String>, SqlError> {
        let rows = self.runtime.exec("SELECT target FROM outbox ORDER BY version", &[])?;
        rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
    }

    /// When the next delivery is due; `None` where nothing waits.
    /// After an alarm that failed it comes each time twice as late, up to five
    /// minutes.
    pub(super) fn next_delivery(&self, has_failed: bool) -> Result<Option<UnixMillis>, SqlError> {
        let rows = self.runtime.exec("SELECT target, version, since FROM outbox", &[])?;
        self.note_backlog(&rows)?;
        if rows.is_empty() {
            self.runtime.exec("DELETE FROM counter WHERE name = 'retries'", &[])?;
            return Ok(None);
        }
        let retry_seconds = if has_failed { self.next_retry()? } else { FIRST_RETRY_SECONDS };
        let now = self.runtime.now();
        let mut next: Option<UnixMillis> = None;
        for row in &rows {
            let at = self.deliveries.next_try(row.text(0)?, row.number(1)?, now, retry_seconds);
            next = Some(next.map_or(at, |next| next.min(at)));
        }
        Ok(next)
    }

    /// Tells the metrics what waits, by rows of target, version and time.
    fn note_backlog(&self, rows: &[Row]) -> Result<(), SqlError> {
        let mut oldest: Option<u64> = None;
        for row in rows {
            let since = row.number(2)?;
            oldest = Some(oldest.map_or(since, |oldest| oldest.min(since)));
        }
        let backlog = oldest.map(|since| Backlog { count: rows.len() as u64, since: UnixSeconds(since) });
        let outboxes = &self.runtime.metrics().outboxes;
        // Usually nothing waits anywhere, and an object need not ask for its own identity.
        if backlog.is_some() || !outboxes.is_empty() {
            outboxes.note(&self.runtime.identity(), backlog);
        }
        Ok(())
    }

    pub(super) fn wake_at(&self, at: Option<UnixMillis>) -> Result<(), SqlError> {
        self.alarm_at.set(at);
        self.runtime.set_alarm(at)
    }

    fn next_retry(&self) -> Result<u64, SqlError> {
        let rows = self.runtime.exec(
            "INSERT INTO counter(name, value) VALUES ('retries', 1) ON CONFLICT DO UPDATE SET value = value + 1 \
             RETURNING value",
            &[],
        )?;
        let tries = rows.first().map_or(Ok(1), |row| row.number(0))?.clamp(1, 20);
        Ok((FIRST_RETRY_SECONDS << tries).min(SLOWEST_RETRY_SECONDS))
    }

    /// Sees to what an earlier instance left in the outbox, although the alarm
    /// may be lost: the platform gives up on one that failed six times. What
    /// became of its deliveries, nobody knows.
    pub(super) fn find_what_was_left(&self) -> Result<(), SqlError> {
        let rows = self.runtime.exec("SELECT target, version, since FROM outbox", &[])?;
        self.note_backlog(&rows)?;
        if rows.is_empty() {
            return Ok(());
        }
        let now = self.runtime.now();
        for row in &rows {
            self.deliveries.doubt(row.text(0)?, now);
        }
        self.runtime.set_alarm(Some(now.plus_seconds(FIRST_RETRY_SECONDS)))
    }
}
