//! The account index: the operator's lists of accounts and of developer
//! accounts, and the review queue.
//!
//! It decides nothing. Accounts and developer accounts tell it how they stand,
//! each time with a version, and it keeps the newest.

mod master_keys;
mod probe;

use crate::storage::{self, Stored, Tables};
use gatehouse_domain::format::decode;
use gatehouse_domain::message::account_index::{AccountEntry, AccountIndexCall, DeveloperAccountEntry, IndexCounts};
use gatehouse_domain::message::storage::StorageMessage;
use gatehouse_domain::ports::{PortError, Sql, SqlError, Steps, Value, in_transaction, migrate};
use gatehouse_shared::api::{
    AccountList, ApplicationCounts, ApplicationQueue, DeveloperAccountList, OperatorList, StateCount,
};
use gatehouse_shared::model::{ApplicationState, UnixSeconds};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How many rows a page has.
const PAGE: usize = 50;

const STEPS: &Steps = &[&[
    "CREATE TABLE master_key(id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE account(id TEXT PRIMARY KEY, name_key TEXT NOT NULL, version INTEGER NOT NULL, \
     is_operator INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX account_by_name ON account(name_key)",
    "CREATE INDEX account_by_operator ON account(is_operator) WHERE is_operator = 1",
    "CREATE TABLE developer_account(id TEXT PRIMARY KEY, name_key TEXT NOT NULL, state TEXT NOT NULL, \
     since INTEGER NOT NULL, version INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX developer_account_by_state ON developer_account(state, since, id)",
    "CREATE INDEX developer_account_by_name ON developer_account(name_key, id)",
    "CREATE TABLE probe(id INTEGER PRIMARY KEY CHECK (id = 1), writes INTEGER NOT NULL)",
]];

const OPERATORS: &str = "SELECT doc FROM account WHERE is_operator = 1 ORDER BY name_key";

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
        if StorageMessage::is_in(message) {
            return storage::answer(self, message);
        }
        let call: AccountIndexCall = decode("account index", message).map_err(PortError)?;
        self.answer(&call).map_err(|error| PortError(format!("account index: {error}")))
    }

    fn answer(&self, call: &AccountIndexCall) -> Result<String, SqlError> {
        match call {
            AccountIndexCall::PutAccount { entry, version } => write(&self.put_account(entry, *version)?),
            AccountIndexCall::PutDeveloperAccount { entry, version } => {
                write(&self.put_developer_account(entry, *version)?)
            }
            AccountIndexCall::CheckMasterKeys { fingerprints } => {
                write(&in_transaction(&self.runtime, || self.check_master_keys(fingerprints))?)
            }
            AccountIndexCall::ListApplications { state, cursor } => {
                let (items, next_cursor) = self.list_applications(*state, cursor.as_deref())?;
                write(&ApplicationQueue { items, next_cursor })
            }
            AccountIndexCall::ListAccounts { username, cursor } => {
                let (items, next_cursor) = self.list_accounts(username, cursor.as_deref())?;
                write(&AccountList { items, next_cursor })
            }
            AccountIndexCall::CountApplications => write(&self.count_applications()?),
            AccountIndexCall::CountAll => {
                write(&IndexCounts { accounts: self.count_accounts()?, applications: self.count_applications()? })
            }
            AccountIndexCall::WriteProbe => write(&self.write_probe()?),
            AccountIndexCall::ReadProbe => write(&self.read_probe()?),
            AccountIndexCall::ListOperators => write(&OperatorList { operators: self.page(OPERATORS, &[])? }),
            AccountIndexCall::ListDeveloperAccounts { by_id, name, cursor } => {
                let (items, next_cursor) = self.list_developer_accounts(*by_id, name, cursor.as_deref())?;
                write(&DeveloperAccountList { items, next_cursor })
            }
        }
    }

    fn put_account(&self, entry: &AccountEntry, version: u64) -> Result<(), SqlError> {
        self.runtime.exec(
            "INSERT INTO account(id, name_key, version, is_operator, doc) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT(id) DO UPDATE SET name_key = excluded.name_key, version = excluded.version, \
             is_operator = excluded.is_operator, doc = excluded.doc WHERE excluded.version >= account.version",
            &[
                entry.id.to_string().into(),
                key_of(&entry.username).into(),
                version.into(),
                u64::from(entry.operator.is_some()).into(),
                Value::Text(write(entry)?),
            ],
        )?;
        Ok(())
    }

    fn put_developer_account(&self, entry: &DeveloperAccountEntry, version: u64) -> Result<(), SqlError> {
        self.runtime.exec(
            "INSERT INTO developer_account(id, name_key, state, since, version, doc) VALUES (?, ?, ?, ?, ?, ?) \
             ON CONFLICT(id) DO UPDATE SET name_key = excluded.name_key, state = excluded.state, \
             since = excluded.since, version = excluded.version, doc = excluded.doc \
             WHERE excluded.version >= developer_account.version",
            &[
                entry.id.to_string().into(),
                key_of(&entry.name).into(),
                entry.application_state.as_str().into(),
                entry.since.0.into(),
                version.into(),
                Value::Text(write(entry)?),
            ],
        )?;
        Ok(())
    }

    fn list_applications(
        &self,
        state: ApplicationState,
        cursor: Option<&str>,
    ) -> Result<Page<DeveloperAccountEntry>, SqlError> {
        let (since, id) = cursor.and_then(|cursor| cursor.split_once('.')).unwrap_or(("0", ""));
        let since: u64 = since.parse().unwrap_or(0);
        let rows = self.page(
            "SELECT doc FROM developer_account WHERE state = ? AND (since, id) > (?, ?) ORDER BY since, id LIMIT ?",
            &[state.as_str().into(), since.into(), id.into(), (PAGE as u64 + 1).into()],
        )?;
        Ok(cut(rows, |last: &DeveloperAccountEntry| format!("{}.{}", last.since.0, last.id)))
    }

    fn count_applications(&self) -> Result<ApplicationCounts, SqlError> {
        let rows = self
            .runtime
            .exec("SELECT state, count(*), min(since) FROM developer_account GROUP BY state ORDER BY state", &[])?;
        let mut counts = ApplicationCounts::default();
        for row in &rows {
            let (name, count) = (row.text(0)?, row.number(1)?);
            let Some(state) = ApplicationState::ALL.into_iter().find(|state| state.as_str() == name) else { continue };
            counts.states.push(StateCount { state, count });
            if state == ApplicationState::InReview {
                counts.waiting_since = Some(UnixSeconds(row.number(2)?));
            }
        }
        Ok(counts)
    }

    fn count_accounts(&self) -> Result<u64, SqlError> {
        let rows = self.runtime.exec("SELECT count(*) FROM account", &[])?;
        rows.first().map_or(Ok(0), |row| row.number(0))
    }

    fn list_accounts(&self, prefix: &str, cursor: Option<&str>) -> Result<Page<AccountEntry>, SqlError> {
        let (prefix, end) = range_of(prefix);
        let rows = self.page(
            "SELECT doc FROM account WHERE name_key >= ? AND name_key < ? AND name_key > ? ORDER BY name_key LIMIT ?",
            &[prefix.into(), end.into(), key_of(cursor.unwrap_or_default()).into(), (PAGE as u64 + 1).into()],
        )?;
        Ok(cut(rows, |last: &AccountEntry| key_of(&last.username)))
    }

    /// Names of developer accounts are not unique: the cursor is the id of the last one.
    fn list_developer_accounts(
        &self,
        by_id: bool,
        prefix: &str,
        cursor: Option<&str>,
    ) -> Result<Page<DeveloperAccountEntry>, SqlError> {
        let (prefix, end) = range_of(prefix);
        let statement = if by_id {
            "SELECT doc FROM developer_account WHERE name_key >= ?1 AND name_key < ?2 AND id > ?3 ORDER BY id LIMIT ?4"
        } else {
            "SELECT doc FROM developer_account WHERE name_key >= ?1 AND name_key < ?2 AND (?3 = '' OR (name_key, id) > \
             (SELECT name_key, id FROM developer_account WHERE id = ?3)) ORDER BY name_key, id LIMIT ?4"
        };
        let rows = self.page(
            statement,
            &[prefix.into(), end.into(), cursor.unwrap_or_default().into(), (PAGE as u64 + 1).into()],
        )?;
        Ok(cut(rows, |last: &DeveloperAccountEntry| last.id.to_string()))
    }

    fn page<T: DeserializeOwned>(&self, statement: &str, params: &[Value]) -> Result<Vec<T>, SqlError> {
        let rows = self.runtime.exec(statement, params)?;
        rows.iter().map(|row| decode("entry", row.text(0)?).map_err(SqlError)).collect()
    }
}

impl<R: Sql> Stored for AccountIndex<R> {
    fn sql(&self) -> &dyn Sql {
        &self.runtime
    }

    // Accounts and developer accounts tell it of themselves again. What is left is which master keys were used.
    fn tables(&self) -> &'static Tables {
        &Tables { steps: STEPS, left_out: &["account", "developer_account"], long: &[] }
    }

    fn opened(&self) {}
}

type Page<T> = (Vec<T>, Option<String>);

fn write(answer: &impl Serialize) -> Result<String, SqlError> {
    serde_json::to_string(answer).map_err(|error| SqlError(error.to_string()))
}

/// What a name is sorted and looked up by.
fn key_of(name: &str) -> String {
    name.to_lowercase()
}

/// All keys with a prefix lie from the first text on and below the second one.
fn range_of(prefix: &str) -> (String, String) {
    let prefix = key_of(prefix.trim());
    let end = format!("{prefix}\u{10ffff}");
    (prefix, end)
}

/// Cuts the one row too many off; it tells that there is a next page.
fn cut<T>(mut rows: Vec<T>, cursor: impl Fn(&T) -> String) -> Page<T> {
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(cursor);
    (rows, next)
}
