//! Messages to the objects of the audit log: one for each month, and the index of the months.

use crate::audit::{Head, NewAuditEntry};
use gatehouse_shared::model::{AccountId, MonthNumber, UnixSeconds};
use serde::{Deserialize, Serialize};

/// A message to the log of one month.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuditMonthRequest {
    pub month: MonthNumber,
    pub call: AuditMonthCall,
}

/// What the log of a month can be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum AuditMonthCall {
    /// Appends an entry, once however often it is asked. Answers [`Appended`].
    Append(Box<NewAuditEntry>),
    /// Takes no more entries from here on. Answers the [`Head`].
    Seal,
    /// Answers [`MonthState`].
    Describe,
    /// Answers with a [`MonthPage`], newest first.
    List(AuditFilter),
    /// Answers with a [`MonthPage`] of the entries after the first `skip`, oldest first.
    Export { skip: u64, limit: u64 },
    /// Erases the personal data of entries by or about an account. Answers how many entries had some.
    Erase { account: AccountId },
}

/// What came of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Appended {
    /// It is in this month's log, maybe since an earlier try.
    Here,
    /// It is not, and never will be: the month is over.
    Over,
}

/// How much the log of a month has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthState {
    pub entries: u64,
    pub head: Head,
}

/// Which entries are wanted; what is empty or `None` restricts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFilter {
    /// An account's id, or a kind of actor.
    pub actor: String,
    /// The id of an account, a developer account, a Project or an App, or of the request that did it.
    pub subject: String,
    pub operation: String,
    pub from: Option<UnixSeconds>,
    /// The first moment that is too late.
    pub until: Option<UnixSeconds>,
    /// Only entries before this one.
    pub before: Option<u64>,
    pub limit: u64,
}

/// Entries as they are kept: each the JSON of an [`AuditEntry`](gatehouse_shared::api::AuditEntry).
#[derive(Debug, Serialize, Deserialize)]
pub struct MonthPage {
    pub entries: Vec<Box<serde_json::value::RawValue>>,
    /// The number of the last of these, if there may be more.
    pub next: Option<u64>,
}

/// A message to the index of the months.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum AuditIndexCall {
    /// A month is about to take its first entry. Answers [`Opened`].
    Open { month: MonthNumber },
    /// A month was kept for long enough. Answers `null`.
    Forget { month: MonthNumber, head: Head },
    /// Answers with the months that are kept, oldest first.
    ListMonths,
}

/// Where the log of a month goes on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Opened {
    /// From the last entry of this month.
    After(MonthNumber),
    /// From here: the month that had this entry is not kept any more, or there was none.
    From(Head),
    /// Not at all: a later month has begun.
    Passed,
}
