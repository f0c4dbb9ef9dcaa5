//! Limits that are never exceeded, at the cost of far less than one call a
//! request: an isolate leases a number of admissions from the App's object and
//! spends them by itself. What it asks for follows its traffic, so that a
//! lease lasts for some seconds; what it does not need it gives back.

mod rate;
mod tries;

pub use rate::Rate;
pub use tries::Tries;

use gatehouse_shared::description::RouteClass;
use gatehouse_shared::model::{
    AccountId, AppId, DAY_SECONDS, DeveloperAccountId, Limit, ProjectId, UnixSeconds, month_of,
};
use serde::{Deserialize, Serialize};

/// What is counted together: requests of one App, for one user or for itself,
/// to one class of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Counter {
    pub app_id: AppId,
    pub class: RouteClass,
    pub user: Option<AccountId>,
}

/// How many requests pass in how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub limit: u32,
    /// Divides a day.
    pub seconds: u32,
}

impl Window {
    /// The window that a limit gives an App by itself, or one of its users.
    pub fn of(limit: Limit, is_user: bool) -> Option<Self> {
        let count = if is_user { limit.user } else { limit.app };
        count.map(|count| Self { limit: count, seconds: limit.window_seconds })
    }

    /// When the window that is open now ends.
    pub fn ends_at(self, now: UnixSeconds) -> UnixSeconds {
        end_of(u64::from(self.seconds.max(1)), now)
    }
}

fn end_of(seconds: u64, now: UnixSeconds) -> UnixSeconds {
    UnixSeconds((now.0 / seconds + 1) * seconds)
}

/// The day that a lease belongs to, counted from 1970-01-01.
pub fn day_of_lease(ends_at: UnixSeconds) -> u64 {
    ends_at.0.saturating_sub(1) / DAY_SECONDS
}

/// The number of the month that a lease belongs to.
pub fn month_of_lease(ends_at: UnixSeconds) -> u64 {
    month_of(UnixSeconds(ends_at.0.saturating_sub(1))).number
}

/// Whose month a request counts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub project: ProjectId,
    pub monthly_cap: u64,
}

/// What all of a developer's Projects may use of a month together. The
/// developer account's own object counts it: what deleted Projects used stays counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceiling {
    pub developer: DeveloperAccountId,
    pub monthly_cap: u64,
}

/// Asks an App's object for admissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseRequest {
    pub app_id: AppId,
    /// The name of the class of routes.
    pub class: String,
    /// `None` where the App acts for itself.
    pub user: Option<AccountId>,
    /// `None` where any number may pass.
    pub window: Option<Window>,
    /// `None` for a standalone App, which has no month.
    pub share: Option<Share>,
    /// The owner's, where there is a share.
    pub ceiling: Option<Ceiling>,
    /// How many, at least one.
    pub want: u32,
}

impl LeaseRequest {
    /// When a lease that is given now ends: with its window, and never later
    /// than the day, so that each belongs to one window, day and month.
    pub fn ends_at(&self, now: UnixSeconds) -> UnixSeconds {
        self.window.map_or_else(|| end_of(DAY_SECONDS, now), |window| window.ends_at(now))
    }
}

/// What an App's object gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leased {
    Lease(Lease),
    Exhausted(Exhausted),
}

/// Admissions, to be spent until they end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// At least one.
    pub admissions: u32,
    /// What the window has left for others.
    pub left_for_others: u32,
    pub ends_at: UnixSeconds,
}

/// What is used up, and when there is more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Exhausted {
    Window { ends_at: UnixSeconds },
    Month { ends_at: UnixSeconds },
}

/// Admissions of a lease that were not spent and never will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    pub class: String,
    pub user: Option<AccountId>,
    pub project: Option<ProjectId>,
    /// When the lease ended or would have.
    pub ends_at: UnixSeconds,
    pub unspent: u32,
}
