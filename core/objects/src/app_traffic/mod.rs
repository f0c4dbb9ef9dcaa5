//! The object behind one App's traffic: what must be counted or used once.
//!
//! It keeps something only for whoever presented a credential that names the
//! App and was made here; looking something up leaves nothing.

mod column;
mod grantee;
mod lease;
mod nonce;
mod owner;
mod refusal;
mod request_token;
mod stored;
mod usage;

use crate::storage;
use gatehouse_domain::format::decode;
use gatehouse_domain::message::app_traffic::{AppTrafficCall, NonceOutcome, UsageRow, WindowRow};
use gatehouse_domain::message::storage::StorageMessage;
use gatehouse_domain::oauth1::{Redeemed, RequestToken};
use gatehouse_domain::ports::{Clock, Objects, PortError, Sql, SqlError, Steps, Value, in_transaction, migrate, open};
use gatehouse_shared::api::RefusalView;
use gatehouse_shared::model::{AccountId, DAY_SECONDS, UnixMillis, UnixSeconds};
use serde::Serialize;
use std::cell::Cell;

const STEPS: &Steps = &[&[
    "CREATE TABLE app(id INTEGER PRIMARY KEY CHECK (id = 1), app_id TEXT NOT NULL, owner TEXT NOT NULL, \
     version INTEGER NOT NULL, deleted_at INTEGER)",
    "CREATE TABLE nonce(minute INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY(minute, digest)) WITHOUT ROWID",
    "CREATE TABLE request_token(serial INTEGER PRIMARY KEY, keep_until INTEGER NOT NULL, doc TEXT NOT NULL)",
    "CREATE INDEX request_token_keep_until ON request_token(keep_until)",
    "CREATE TABLE grantee(user TEXT PRIMARY KEY, version INTEGER NOT NULL, granted INTEGER NOT NULL, \
     changed_at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE rate_window(class TEXT NOT NULL, user TEXT NOT NULL, ends_at INTEGER NOT NULL, \
     leased INTEGER NOT NULL, PRIMARY KEY(class, user, ends_at)) WITHOUT ROWID",
    "CREATE INDEX rate_window_ends_at ON rate_window(ends_at)",
    "CREATE TABLE usage(day INTEGER NOT NULL, project TEXT NOT NULL, class TEXT NOT NULL, \
     requests INTEGER NOT NULL, PRIMARY KEY(day, project, class)) WITHOUT ROWID",
    "CREATE TABLE month(project TEXT PRIMARY KEY, number INTEGER NOT NULL, reserved INTEGER NOT NULL, \
     leased INTEGER NOT NULL, leased_at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE refusal(seq INTEGER PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, proven INTEGER NOT NULL, \
     doc TEXT NOT NULL)",
]];

pub struct AppTraffic<R> {
    runtime: R,
    /// Whether the tables are there.
    is_open: Cell<bool>,
    /// The alarm that this instance has set.
    alarm_at: Cell<Option<UnixSeconds>>,
    /// Whether an alarm may be set that this instance does not know of.
    is_new: Cell<bool>,
    /// Whether the App was deleted, where that was read already.
    deleted: Cell<Option<bool>>,
}

/// An object that just began sets its first alarm so soon, in seconds: it may
/// write over an earlier one, and must not put that off.
const FIRST_ALARM: u64 = 5;
/// An alarm that is overdue by so much is taken for lost, in seconds.
const LOST_ALARM: u64 = 60;

fn write(answer: &impl Serialize) -> Result<String, SqlError> {
    serde_json::to_string(answer).map_err(|error| SqlError(error.to_string()))
}

fn port_error(error: SqlError) -> PortError {
    PortError(format!("app traffic: {error}"))
}

impl<R: Sql + Clock + Objects> AppTraffic<R> {
    /// Opens the object. Its tables come with its first entry.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        let is_open = Cell::new(open(&runtime, STEPS)?);
        Ok(Self { is_open, runtime, alarm_at: Cell::new(None), is_new: Cell::new(true), deleted: Cell::new(None) })
    }

    /// Answers one message.
    pub async fn call(&self, message: &str) -> Result<String, PortError> {
        if StorageMessage::is_in(message) {
            return storage::answer(self, message);
        }
        let call = decode("app traffic", message).map_err(PortError)?;
        if !self.is_open.get() {
            // Asking must leave nothing behind: anybody can name an App.
            if let Some(answer) = answer_of_nothing(&call) {
                return answer.map_err(port_error);
            }
            migrate(&self.runtime, STEPS).map_err(port_error)?;
            self.is_open.set(true);
        }
        if self.is_deleted().map_err(port_error)?
            && let Some(answer) = owner::answer_of_deleted(&call)
        {
            return answer.map_err(port_error);
        }
        match &call {
            // The one call that may have to ask another object.
            AppTrafficCall::Lease(request) => write(&Some(self.lease(request).await?)).map_err(port_error),
            // The most frequent by far, and one statement: it is whole without a transaction.
            AppTrafficCall::SpendNonce { digest, signed_at } => {
                self.spend_nonce(digest, *signed_at).and_then(|spent| write(&spent)).map_err(port_error)
            }
            call => self.answer(call).map_err(port_error),
        }
    }

    fn answer(&self, call: &AppTrafficCall) -> Result<String, SqlError> {
        in_transaction(&self.runtime, || match call {
            AppTrafficCall::Lease(_) | AppTrafficCall::SpendNonce { .. } => {
                Err(SqlError("that is done elsewhere".into()))
            }
            AppTrafficCall::Return(all) => write(&self.take_back(all)?),
            AppTrafficCall::ReadUsage { since, project } => write(&self.usage(*since, *project)?),
            AppTrafficCall::ReadWindows { user } => write(&self.windows(*user)?),
            AppTrafficCall::PutRefusals(refusals) => write(&self.put_refusals(refusals)?),
            AppTrafficCall::ListRefusals { request_id } => write(&self.refusals(request_id.as_deref())?),
            AppTrafficCall::FindNonce { digest, signed_at } => write(&self.find_nonce(digest, *signed_at)?),
            AppTrafficCall::PutRequestToken(token) => write(&self.put_request_token(token)?),
            AppTrafficCall::FindRequestToken { serial } => write(&self.request_token(*serial)?),
            AppTrafficCall::ApproveRequestToken { serial, user, verifier } => {
                write(&self.approve_request_token(*serial, *user, verifier)?)
            }
            AppTrafficCall::DenyRequestToken { serial } => write(&self.delete_request_token(*serial)?),
            AppTrafficCall::RedeemRequestToken { serial, verifier } => {
                write(&self.redeem_request_token(*serial, verifier)?)
            }
            AppTrafficCall::PutGrantee { user, version, granted } => {
                write(&self.put_grantee(*user, *version, *granted)?)
            }
            AppTrafficCall::CountGrantees => write(&self.count_grantees()?),
            AppTrafficCall::PutOwner { app_id, owner, version, deleted } => {
                write(&self.put_owner(*app_id, *owner, *version, *deleted)?)
            }
            AppTrafficCall::FindOwner => write(&self.owner()?),
        })
    }

    /// Forgets what is over, gives back what nobody needs, and comes back for
    /// the rest; with the last row the object goes.
    pub async fn alarm(&self) -> Result<(), PortError> {
        if !self.is_open.get() {
            return Ok(());
        }
        self.alarm_at.set(None);
        self.is_new.set(false);
        in_transaction(&self.runtime, || {
            self.forget_nonces()?;
            self.runtime.exec("DELETE FROM request_token WHERE keep_until < ?", &[self.now()])?;
            self.runtime.exec("DELETE FROM rate_window WHERE ends_at <= ?", &[self.now()])?;
            self.forget_refusals()?;
            self.forget_usage()?;
            self.forget_months()?;
            self.forget_revoked_grantees()
        })
        .map_err(port_error)?;
        let given_back = self.give_back_idle().await;
        let ended = self.end_grants_of_deleted().await;
        if in_transaction(&self.runtime, || self.is_empty()).map_err(port_error)? {
            self.runtime.delete_all().map_err(port_error)?;
            self.is_open.set(false);
            self.is_new.set(true);
            self.deleted.set(None);
        } else {
            in_transaction(&self.runtime, || self.wake_for_the_rest()).map_err(port_error)?;
        }
        given_back.and(ended)
    }

    fn wake_for_the_rest(&self) -> Result<(), SqlError> {
        // The last of them: one alarm sees to all that end before.
        let rows = self.runtime.exec(
            "SELECT max(latest) FROM (SELECT max(keep_until) AS latest FROM request_token \
             UNION ALL SELECT max(ends_at) FROM rate_window)",
            &[],
        )?;
        if let Some(latest) = rows.first().and_then(|row| row.number(0).ok()) {
            self.wake_by(UnixSeconds(latest))?;
        }
        // What is kept for weeks goes once a day.
        let tomorrow = self.runtime.now().seconds().plus(DAY_SECONDS);
        let daily = [self.first_refusal_ends()?, self.first_usage_ends()?, self.month_ends()?, self.deletion_ends()?];
        let daily = daily.into_iter().chain([self.first_revoked_ends()?]).flatten().map(|at| at.max(tomorrow));
        let soon = [self.last_nonce_ends()?, self.next_idle()?, self.next_grant_to_end()?].into_iter().flatten();
        for at in daily.chain(soon) {
            self.wake_by(at)?;
        }
        Ok(())
    }

    fn is_empty(&self) -> Result<bool, SqlError> {
        // One by one: a compound SELECT has at most five terms on Workers.
        for table in ["app", "nonce", "request_token", "grantee", "rate_window", "usage", "month", "refusal"] {
            if !self.runtime.exec(&format!("SELECT 1 FROM {table} LIMIT 1"), &[])?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl<R: Sql + Clock> AppTraffic<R> {
    /// Sees to it that an alarm comes soon after `at`, or before.
    fn wake_by(&self, at: UnixSeconds) -> Result<(), SqlError> {
        let now = self.runtime.now().seconds();
        if self.alarm_at.get().is_some_and(|set| set <= at && now < set.plus(LOST_ALARM)) {
            return Ok(());
        }
        let at = if self.is_new.get() { at.min(now.plus(FIRST_ALARM)) } else { at };
        self.runtime.set_alarm(Some(UnixMillis(at.0.saturating_add(1) * 1000)))?;
        self.alarm_at.set(Some(at));
        self.is_new.set(false);
        Ok(())
    }

    fn now(&self) -> Value {
        self.runtime.now().seconds().0.into()
    }
}

/// What an object that never kept anything answers; `None` where it must
/// keep something now.
fn answer_of_nothing(call: &AppTrafficCall) -> Option<Result<String, SqlError>> {
    let answer = match call {
        AppTrafficCall::FindNonce { .. } => write(&NonceOutcome::First),
        AppTrafficCall::FindRequestToken { .. } => write(&None::<RequestToken>),
        AppTrafficCall::ApproveRequestToken { .. } => write(&false),
        AppTrafficCall::RedeemRequestToken { .. } => write(&Redeemed::Gone),
        AppTrafficCall::CountGrantees => write(&0),
        AppTrafficCall::FindOwner => write(&None::<AccountId>),
        AppTrafficCall::ReadUsage { .. } => write(&Vec::<UsageRow>::new()),
        AppTrafficCall::ReadWindows { .. } => write(&Vec::<WindowRow>::new()),
        AppTrafficCall::ListRefusals { .. } => write(&Vec::<RefusalView>::new()),
        AppTrafficCall::DenyRequestToken { .. } | AppTrafficCall::Return(_) => write(&()),
        AppTrafficCall::SpendNonce { .. }
        | AppTrafficCall::PutRequestToken(_)
        | AppTrafficCall::PutGrantee { .. }
        | AppTrafficCall::PutOwner { .. }
        | AppTrafficCall::Lease(_)
        | AppTrafficCall::PutRefusals(_) => return None,
    };
    Some(answer)
}
