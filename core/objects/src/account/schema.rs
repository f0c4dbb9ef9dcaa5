//! Creates the tables of an account.

use crate::ledger::{ACTIVITY_TABLE, COUNTER_TABLE, CREDENTIAL_USE_TABLE, NOTE_TABLE, OUTBOX_TABLE};
use gatehouse_domain::ports::Steps;

pub(super) const STEPS: &Steps = &[&[
    "CREATE TABLE account(id INTEGER PRIMARY KEY CHECK (id = 1), doc TEXT NOT NULL)",
    "CREATE TABLE session(hash TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, \
     last_seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, user_agent TEXT NOT NULL, \
     rests_on TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE storage_token(hash TEXT PRIMARY KEY, purpose TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID",
    // The document is NULL once the membership has ended: the version refuses an older word until `ended_at` is a day ago.
    "CREATE TABLE membership(developer TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT, \
     ended_at INTEGER) WITHOUT ROWID",
    // The same of invitations.
    "CREATE TABLE invitation(developer TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT, \
     ended_at INTEGER) WITHOUT ROWID",
    "CREATE TABLE grant_given(app_id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID",
    ACTIVITY_TABLE,
    OUTBOX_TABLE,
    NOTE_TABLE,
    COUNTER_TABLE,
    CREDENTIAL_USE_TABLE,
]];
