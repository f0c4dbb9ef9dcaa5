//! The account index: the operator's list of accounts, and the review queue.
//!
//! It decides nothing. Ledgers tell it how an account stands, each time with a
//! version, and it keeps the newest.

mod master_keys;

use gatehouse_domain::format::decode;
use gatehouse_domain::message::account_index::{AccountEntry, AccountIndexCall};
use gatehouse_domain::ports::{PortError, Sql, SqlError, Steps, Value, in_transaction, migrate};
use gatehouse_shared::api::{AccountList, ApplicationQueue};
use gatehouse_shared::model::ApplicationState;

/// How many rows a page has.
const PAGE: usize = 50;

const STEPS: &Steps = &[&[
    "CREATE TABLE master_key(id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE account(id TEXT PRIMARY KEY, username_key TEXT NOT NULL, state TEXT NOT NULL, \
     since INTEGER NOT NULL, version INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX account_by_state ON account(state, since, id)",
    "CREATE INDEX account_by_username ON account(username_key)",
]];

/// The operator's object.
pub struct AccountIndex<R> {
    runtime: R,
}

impl<R: Sql> AccountIndex<R> {
    /// Opens the index.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        migrate(&runtime, STEPS)?;
        Ok(Self { runtime })
    }

    /// Answers one message.
    pub fn call(&self, message: &str) -> Result<String, PortError> {
        let failed = |error: &dyn std::fmt::Display| PortError(format!("account index: {error}"));
        let call: AccountIndexCall = decode("account index", message).map_err(PortError)?;
        let answer = match &call {
            AccountIndexCall::PutAccount { entry, version } => {
                self.put_account(entry, *version).map_err(|error| failed(&error))?;
                serde_json::to_string(&())
            }
            AccountIndexCall::CheckMasterKeys { fingerprints } => {
                let seen = in_transaction(&self.runtime, || self.check_master_keys(fingerprints));
                serde_json::to_string(&seen.map_err(|error: SqlError| failed(&error))?)
            }
            AccountIndexCall::ListApplications { state, cursor } => {
                let (items, next_cursor) =
                    self.list_applications(*state, cursor.as_deref()).map_err(|error| failed(&error))?;
                serde_json::to_string(&ApplicationQueue { items, next_cursor })
            }
            AccountIndexCall::ListAccounts { username, cursor } => {
                let (items, next_cursor) =
                    self.list_accounts(username, cursor.as_deref()).map_err(|error| failed(&error))?;
                serde_json::to_string(&AccountList { items, next_cursor })
            }
        };
        answer.map_err(|error| failed(&error))
    }

    fn put_account(&self, entry: &AccountEntry, version: u64) -> Result<(), SqlError> {
        let doc = serde_json::to_string(entry).map_err(|error| SqlError(error.to_string()))?;
        in_transaction(&self.runtime, || {
            self.runtime.exec(
                "INSERT INTO account(id, username_key, state, since, version, doc) VALUES (?, ?, ?, ?, ?, ?) \
                 ON CONFLICT(id) DO UPDATE SET username_key = excluded.username_key, state = excluded.state, \
                 since = excluded.since, version = excluded.version, doc = excluded.doc \
                 WHERE excluded.version >= account.version",
                &[
                    entry.id.to_string().into(),
                    entry.username.to_lowercase().into(),
                    entry.application_state.as_str().into(),
                    entry.since.0.into(),
                    version.into(),
                    doc.into(),
                ],
            )?;
            Ok(())
        })
    }

    fn list_applications(&self, state: ApplicationState, cursor: Option<&str>) -> Result<Page, SqlError> {
        let (since, id) = cursor.and_then(|cursor| cursor.split_once('.')).unwrap_or(("0", ""));
        let since: u64 = since.parse().unwrap_or(0);
        let rows = self.page(
            "SELECT doc FROM account WHERE state = ? AND (since, id) > (?, ?) ORDER BY since, id LIMIT ?",
            &[state.as_str().into(), since.into(), id.into(), (PAGE as u64 + 1).into()],
        )?;
        Ok(cut(rows, |last| format!("{}.{}", last.since.0, last.id)))
    }

    fn list_accounts(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, SqlError> {
        let prefix = prefix.trim().to_lowercase();
        // Usernames are ASCII: everything with the prefix sorts below this.
        let end = format!("{prefix}\u{7f}");
        let rows = self.page(
            "SELECT doc FROM account WHERE username_key >= ? AND username_key < ? AND username_key > ? \
             ORDER BY username_key LIMIT ?",
            &[prefix.into(), end.into(), cursor.unwrap_or_default().to_lowercase().into(), (PAGE as u64 + 1).into()],
        )?;
        Ok(cut(rows, |last| last.username.to_lowercase()))
    }

    fn page(&self, statement: &str, params: &[Value]) -> Result<Vec<AccountEntry>, SqlError> {
        let rows = self.runtime.exec(statement, params)?;
        rows.iter().map(|row| decode("account", row.text(0)?).map_err(SqlError)).collect()
    }
}

type Page = (Vec<AccountEntry>, Option<String>);

/// Cuts the one row too many off; it tells that there is a next page.
fn cut(mut rows: Vec<AccountEntry>, cursor: impl Fn(&AccountEntry) -> String) -> Page {
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(cursor);
    (rows, next)
}
