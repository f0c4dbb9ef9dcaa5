//! Creates the tables of a Ledger.

use gatehouse_domain::ports::Steps;

pub(super) const STEPS: &Steps = &[&[
    "CREATE TABLE account(id INTEGER PRIMARY KEY CHECK (id = 1), doc TEXT NOT NULL)",
    "CREATE TABLE session(hash TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, \
     last_seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, user_agent TEXT NOT NULL, \
     rests_on TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE application_event(seq INTEGER PRIMARY KEY, doc TEXT NOT NULL)",
    "CREATE TABLE project(id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE app(id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE activity(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, \
     operation TEXT NOT NULL, app_id TEXT NOT NULL, doc TEXT NOT NULL)",
    "CREATE TABLE outbox(target TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE credential_use(app_id TEXT NOT NULL, serial INTEGER NOT NULL, day INTEGER NOT NULL, \
     PRIMARY KEY(app_id, serial)) WITHOUT ROWID",
    "CREATE TABLE grant_given(app_id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID",
]];
