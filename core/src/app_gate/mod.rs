//! The object behind one App's traffic: what must be counted or used once.
//!
//! It keeps something only after a request's signature was verified, or for a
//! user who holds a token that the App made; looking a token up leaves nothing.

mod grantee;
mod nonce;
mod request_token;

use crate::oauth1::{Redeemed, RequestToken, Verifier};
use crate::ports::{Clock, PortError, Sql, SqlError, Value, apply_migrations, has_table, in_transaction};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AccountId, UnixMillis, UnixSeconds};
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// Each list brings the database from its index to the next version.
const MIGRATIONS: &[&[&str]] = &[
    &[
        "CREATE TABLE nonce(digest TEXT PRIMARY KEY, keep_until INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE INDEX nonce_keep_until ON nonce(keep_until)",
    ],
    &[
        "CREATE TABLE request_token(serial INTEGER PRIMARY KEY, keep_until INTEGER NOT NULL, doc TEXT NOT NULL)",
        "CREATE INDEX request_token_keep_until ON request_token(keep_until)",
        "CREATE TABLE grantee(user TEXT PRIMARY KEY, version INTEGER NOT NULL, granted INTEGER NOT NULL) \
         WITHOUT ROWID",
    ],
];

/// A message to an App's gate.
#[derive(Debug, Serialize, Deserialize)]
pub enum AppGateCall {
    /// Uses a nonce up. It is kept until `keep_until`, after which its
    /// timestamp alone has the request refused. Answers [`Spent`].
    SpendNonce { digest: String, keep_until: UnixSeconds },
    /// Answers what [`Self::SpendNonce`] would, and uses nothing up.
    FindNonce { digest: String },
    /// Keeps a new request token for its time.
    PutRequestToken(RequestToken),
    /// Answers with the token, or `null`.
    FindRequestToken { serial: Serial },
    /// Answers whether the token could still be answered.
    ApproveRequestToken { serial: Serial, user: AccountId, verifier: Verifier },
    /// The user said no: the token is dead.
    DenyRequestToken { serial: Serial },
    /// Answers [`Redeemed`].
    RedeemRequestToken { serial: Serial, verifier: Verifier },
    /// Whether a user lets the App act for them.
    PutGrantee { user: AccountId, version: u64, granted: bool },
    /// Answers how many do.
    CountGrantees,
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

fn write(answer: &impl Serialize) -> Result<String, SqlError> {
    serde_json::to_string(answer).map_err(|error| SqlError(error.to_string()))
}

impl<R: Sql + Clock> AppGate<R> {
    /// Opens the object. Its tables come with its first entry.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        let gate = Self { is_open: Cell::new(has_table(&runtime, "migration")?), runtime };
        if gate.is_open.get() {
            apply_migrations(&gate.runtime, MIGRATIONS)?;
        }
        Ok(gate)
    }

    /// Answers one message.
    pub fn call(&self, message: &str) -> Result<String, PortError> {
        let call = serde_json::from_str(message).map_err(|error| PortError(format!("app gate: {error}")))?;
        self.answer(&call).map_err(|error| PortError(format!("app gate: {error}")))
    }

    fn answer(&self, call: &AppGateCall) -> Result<String, SqlError> {
        let writes = matches!(
            call,
            AppGateCall::SpendNonce { .. } | AppGateCall::PutRequestToken(_) | AppGateCall::PutGrantee { .. }
        );
        if !self.is_open.get() {
            // Asking must leave nothing behind: anybody can name an App.
            if !writes {
                return answer_of_nothing(call);
            }
            apply_migrations(&self.runtime, MIGRATIONS)?;
            self.is_open.set(true);
        }
        in_transaction(&self.runtime, || match call {
            AppGateCall::SpendNonce { digest, keep_until } => write(&self.spend_nonce(digest, *keep_until)?),
            AppGateCall::FindNonce { digest } => write(&self.find_nonce(digest)?),
            AppGateCall::PutRequestToken(token) => write(&self.put_request_token(token)?),
            AppGateCall::FindRequestToken { serial } => write(&self.request_token(*serial)?),
            AppGateCall::ApproveRequestToken { serial, user, verifier } => {
                write(&self.approve_request_token(*serial, *user, verifier)?)
            }
            AppGateCall::DenyRequestToken { serial } => write(&self.delete_request_token(*serial)?),
            AppGateCall::RedeemRequestToken { serial, verifier } => {
                write(&self.redeem_request_token(*serial, verifier)?)
            }
            AppGateCall::PutGrantee { user, version, granted } => write(&self.put_grantee(*user, *version, *granted)?),
            AppGateCall::CountGrantees => write(&self.count_grantees()?),
        })
    }

    /// Sees to it that what ends then is forgotten: the alarm that is set for
    /// the first entry of its time sees to those that follow.
    fn wake_for(&self, keep_until: UnixSeconds) -> Result<(), SqlError> {
        let entries = self
            .runtime
            .exec("SELECT 1 FROM (SELECT 1 FROM nonce UNION ALL SELECT 1 FROM request_token) LIMIT 2", &[])?;
        if entries.len() == 1 { self.wake_at(keep_until) } else { Ok(()) }
    }

    fn wake_at(&self, keep_until: UnixSeconds) -> Result<(), SqlError> {
        self.runtime.set_alarm(Some(UnixMillis(keep_until.0.saturating_add(1) * 1000)))
    }

    fn now(&self) -> Value {
        self.runtime.now().seconds().0.into()
    }

    /// Forgets what is over, and comes back for what is not.
    pub fn alarm(&self) -> Result<(), SqlError> {
        if !self.is_open.get() {
            return Ok(());
        }
        in_transaction(&self.runtime, || {
            self.runtime.exec("DELETE FROM nonce WHERE keep_until < ?", &[self.now()])?;
            self.runtime.exec("DELETE FROM request_token WHERE keep_until < ?", &[self.now()])?;
            let rows = self.runtime.exec(
                "SELECT max(latest) FROM (SELECT max(keep_until) AS latest FROM nonce \
                 UNION ALL SELECT max(keep_until) FROM request_token)",
                &[],
            )?;
            match rows.first().and_then(|row| row.0.first()) {
                Some(Value::Integer(latest)) => self.wake_at(UnixSeconds(*latest as u64)),
                _ => Ok(()),
            }
        })
    }
}

/// What an object that never kept anything answers.
fn answer_of_nothing(call: &AppGateCall) -> Result<String, SqlError> {
    match call {
        AppGateCall::FindNonce { .. } => write(&Spent::First),
        AppGateCall::FindRequestToken { .. } => write(&None::<RequestToken>),
        AppGateCall::ApproveRequestToken { .. } => write(&false),
        AppGateCall::RedeemRequestToken { .. } => write(&Redeemed::Gone),
        AppGateCall::CountGrantees => write(&0),
        AppGateCall::DenyRequestToken { .. }
        | AppGateCall::SpendNonce { .. }
        | AppGateCall::PutRequestToken(_)
        | AppGateCall::PutGrantee { .. } => write(&()),
    }
}
