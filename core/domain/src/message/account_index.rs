//! Messages to the operator's index of accounts.

use gatehouse_shared::api::{AccountListItem, ApplicationCounts, DeveloperAccountListItem};
use gatehouse_shared::model::ApplicationState;
use serde::{Deserialize, Serialize};

/// How an account stands, as it tells itself.
pub type AccountEntry = AccountListItem;
/// The same of a developer account.
pub type DeveloperAccountEntry = DeveloperAccountListItem;

/// A message to the account index.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum AccountIndexCall {
    PutAccount {
        entry: AccountEntry,
        version: u64,
    },
    PutDeveloperAccount {
        entry: DeveloperAccountEntry,
        version: u64,
    },
    ListApplications {
        state: ApplicationState,
        cursor: Option<String>,
    },
    ListAccounts {
        username: String,
        cursor: Option<String>,
    },
    ListOperators,
    CountApplications,
    /// Answers [`IndexCounts`].
    CountAll,
    /// Writes a row. Answers how often that was done, this time included.
    WriteProbe,
    /// Reads the row: how often it was written.
    ReadProbe,
    /// By name; by id with `by_id`, in an order that no renaming changes.
    ListDeveloperAccounts {
        by_id: bool,
        name: String,
        cursor: Option<String>,
    },
    /// Compares master keys, by id and fingerprint, with those that this
    /// storage was used with. Answers [`KeysSeen`].
    CheckMasterKeys {
        fingerprints: Vec<(char, String)>,
    },
}

/// How many there are of what the account index lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexCounts {
    pub accounts: u64,
    pub applications: ApplicationCounts,
}

/// How the master keys of an isolate compare with those that the storage was
/// used with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysSeen {
    /// Every id that was ever used, those of the isolate among them.
    pub known: Vec<char>,
    /// The ids under which another key was used.
    pub wrong: Vec<char>,
}
