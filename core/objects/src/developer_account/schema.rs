//! Creates the tables of a developer account.

use crate::ledger::{ACTIVITY_TABLE, COUNTER_TABLE, CREDENTIAL_USE_TABLE, OUTBOX_TABLE};
use gatehouse_domain::ports::Steps;

pub(super) const STEPS: &Steps = &[&[
    "CREATE TABLE developer_account(id INTEGER PRIMARY KEY CHECK (id = 1), doc TEXT NOT NULL)",
    "CREATE TABLE member(account TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE invitation(id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE application_event(seq INTEGER PRIMARY KEY, doc TEXT NOT NULL)",
    "CREATE TABLE project(id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE app(id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID",
    ACTIVITY_TABLE,
    OUTBOX_TABLE,
    COUNTER_TABLE,
    CREDENTIAL_USE_TABLE,
]];
