//! Creates the tables of a developer account.

use crate::ledger::{ACTIVITY_TABLE, COUNTER_TABLE, CREDENTIAL_USE_TABLE, NOTE_TABLE, OUTBOX_TABLE};
use gatehouse_domain::ports::Steps;

pub(super) const STEPS: &Steps = &[&[
    "CREATE TABLE developer_account(id INTEGER PRIMARY KEY CHECK (id = 1), doc TEXT NOT NULL)",
    "CREATE TABLE member(account TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE invitation(id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID",
    // The document is NULL once what was offered has gone: the receiver may ask for it again.
    "CREATE TABLE offer(id TEXT PRIMARY KEY, subject TEXT NOT NULL, doc TEXT) WITHOUT ROWID",
    // The document is NULL once the offer is over: the version refuses an older word until `ended_at` is a day ago, and for
    // ever where what was offered has come, which `ended_at` NULL tells.
    "CREATE TABLE received_transfer(id TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT, \
     ended_at INTEGER) WITHOUT ROWID",
    // Apps and Projects that were given away, to whom, and with which offer.
    "CREATE TABLE departed(id TEXT PRIMARY KEY, receiver TEXT NOT NULL, transfer TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE application_event(seq INTEGER PRIMARY KEY, doc TEXT NOT NULL)",
    "CREATE TABLE project(id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE app(id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID",
    ACTIVITY_TABLE,
    OUTBOX_TABLE,
    NOTE_TABLE,
    COUNTER_TABLE,
    CREDENTIAL_USE_TABLE,
]];
