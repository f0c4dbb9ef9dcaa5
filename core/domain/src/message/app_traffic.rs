//! Messages to an App's object and its answers.

use crate::grant::Granted;
use crate::limit::{LeaseRequest, Returned};
use crate::oauth1::{RequestToken, Verifier};
use gatehouse_shared::api::RefusalView;
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId, ProjectId, UnixSeconds};
use serde::{Deserialize, Serialize};

/// A message to an App's object.
#[derive(Debug, Serialize, Deserialize)]
pub enum AppTrafficCall {
    /// Uses a nonce up. It is kept for longer than the longest window, after which its
    /// timestamp alone has the request refused. Answers [`NonceOutcome`].
    SpendNonce { digest: String, signed_at: UnixSeconds },
    /// Answers what [`Self::SpendNonce`] would, and uses nothing up.
    FindNonce { digest: String, signed_at: UnixSeconds },
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
    /// What a developer account says: the App is its, or was deleted.
    PutOwner { app_id: AppId, owner: DeveloperAccountId, version: u64, deleted: bool },
    /// Answers with the developer account that the App belongs to, or `null`.
    FindOwner,
    /// What a user's Account has for the App.
    PutGrantee { user: AccountId, version: u64, granted: Granted },
    /// Answers how many users let the App act for them.
    CountGrantees,
    /// Answers [`gatehouse_domain::limit::Leased`], or `null` where the App was deleted.
    Lease(LeaseRequest),
    /// Takes unspent admissions back. Answers `null`.
    Return(Vec<Returned>),
    /// Answers with [`UsageRow`]s since a day.
    ReadUsage { since: u64, project: Option<ProjectId> },
    /// Answers with [`WindowRow`]s.
    ReadWindows { user: Option<AccountId> },
    /// Keeps refused requests for the App's owner.
    PutRefusals(Vec<RefusalView>),
    /// Answers with the newest, or the one of a request.
    ListRefusals { request_id: Option<String> },
}

/// Whether a nonce was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NonceOutcome {
    First,
    Again,
    /// The App was deleted: it has no good nonce any more.
    Deleted,
}

/// Requests that passed on a day, of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRow {
    /// Days since 1970-01-01.
    pub day: u64,
    pub class: String,
    pub requests: u64,
}

/// How much of a window is leased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowRow {
    pub class: String,
    pub ends_at: UnixSeconds,
    pub leased: u32,
}

/// How many refused requests of proven callers an App's object keeps: some 500 kB
/// at the most.
pub const MOST_REFUSALS: u32 = 200;
