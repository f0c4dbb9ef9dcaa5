//! The object behind one App's traffic: what must be counted or used once.
//!
//! It is asked only after a request's signature was verified, so nobody but
//! the App can make it work.

use crate::ports::{Clock, PortError, Sql, SqlError, Value, apply_migrations, has_table, in_transaction};
use gatehouse_shared::model::{UnixMillis, UnixSeconds};
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// Each list brings the database from its index to the next version.
const MIGRATIONS: &[&[&str]] = &[&[
    "CREATE TABLE nonce(digest TEXT PRIMARY KEY, keep_until INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX nonce_keep_until ON nonce(keep_until)",
]];

/// A message to an App's gate.
#[derive(Debug, Serialize, Deserialize)]
pub enum AppGateCall {
    /// Uses a nonce up. It is kept until `keep_until`, after which its
    /// timestamp alone has the request refused.
    SpendNonce { digest: String, keep_until: UnixSeconds },
}

/// Whether a nonce was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spent {
    First,
    Again,
}

pub struct AppGate<R> {
    runtime: R,
    /// Whether the tables are there.
    is_open: Cell<bool>,
}

impl<R: Sql + Clock> AppGate<R> {
    /// Opens the object. Its tables come with its first entry.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        let is_open = Cell::new(has_table(&runtime, "nonce")?);
        Ok(Self { runtime, is_open })
    }

    /// Answers one message.
    pub fn call(&self, message: &str) -> Result<String, PortError> {
        let call = serde_json::from_str(message).map_err(|error| PortError(format!("app gate: {error}")))?;
        let AppGateCall::SpendNonce { digest, keep_until } = call;
        let spent = self.spend_nonce(&digest, keep_until).map_err(|error| PortError(error.to_string()))?;
        serde_json::to_string(&spent).map_err(|error| PortError(format!("app gate: {error}")))
    }

    fn spend_nonce(&self, digest: &str, keep_until: UnixSeconds) -> Result<Spent, SqlError> {
        if !self.is_open.get() {
            apply_migrations(&self.runtime, MIGRATIONS)?;
            self.is_open.set(true);
        }
        in_transaction(&self.runtime, || {
            let statement = "INSERT INTO nonce(digest, keep_until) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1";
            if self.runtime.exec(statement, &[digest.into(), keep_until.0.into()])?.is_empty() {
                return Ok(Spent::Again);
            }
            if self.forget_nonces()? == 1 {
                // The first of its time: the alarm that it sets sees to those that follow.
                self.wake_at(keep_until)?;
            }
            Ok(Spent::First)
        })
    }

    /// Forgets the nonces whose time is over; tells how many are left, counting to two.
    fn forget_nonces(&self) -> Result<usize, SqlError> {
        self.runtime.exec("DELETE FROM nonce WHERE keep_until < ?", &[self.runtime.now().seconds().0.into()])?;
        Ok(self.runtime.exec("SELECT 1 FROM nonce LIMIT 2", &[])?.len())
    }

    fn wake_at(&self, keep_until: UnixSeconds) -> Result<(), SqlError> {
        self.runtime.set_alarm(Some(UnixMillis(keep_until.0.saturating_add(1) * 1000)))
    }

    /// Forgets what is over, and comes back for what is not.
    pub fn alarm(&self) -> Result<(), SqlError> {
        if !self.is_open.get() {
            return Ok(());
        }
        in_transaction(&self.runtime, || {
            self.forget_nonces()?;
            let rows = self.runtime.exec("SELECT max(keep_until) FROM nonce", &[])?;
            match rows.first().and_then(|row| row.0.first()) {
                Some(Value::Integer(latest)) => self.wake_at(UnixSeconds(*latest as u64)),
                _ => Ok(()),
            }
        })
    }
}
