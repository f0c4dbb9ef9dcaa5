//! Declares the responses about usage and refusals.

use crate::model::{AppId, UnixSeconds};
use serde::{Deserialize, Serialize};

/// What a Project has used of its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MonthUsage {
    /// Requests that its Apps may make in a month together.
    pub cap: u64,
    pub used: u64,
    /// The first moment of the next month, in UTC.
    pub resets_at: UnixSeconds,
}

/// A part of a day's requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UsagePart {
    /// A class of routes such as `GET /2/notes/:id`, or an App's name.
    pub name: String,
    pub requests: u64,
}

/// The requests that passed on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DayUsage {
    /// The day's first moment, in UTC.
    pub day: UnixSeconds,
    /// Those with requests.
    pub parts: Vec<UsagePart>,
}

impl DayUsage {
    pub fn requests(&self) -> u64 {
        self.parts.iter().map(|part| part.requests).sum()
    }
}

/// The requests of an App that passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppUsage {
    /// The last 30 days, oldest first, today last; a day's parts are classes of routes.
    pub days: Vec<DayUsage>,
    /// That of the App's Project, if it is in one.
    pub month: Option<MonthUsage>,
}

/// The requests of a Project's Apps that passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProjectUsage {
    /// The last 30 days, oldest first, today last; a day's parts are Apps.
    pub days: Vec<DayUsage>,
    pub month: MonthUsage,
}

/// A request that was refused, as the App's owner reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefusalView {
    /// As in the answer's `x-gatehouse-request-id`.
    pub request_id: String,
    pub app_id: AppId,
    pub at: UnixSeconds,
    pub method: String,
    /// Without the query.
    pub path: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// What stood in the way, as a name that stays the same: `wrong-signature`.
    pub reason: String,
    /// The same as a sentence.
    pub text: String,
    /// What to do about it.
    pub help: String,
    /// What it was refused on, such as the two base strings. No secrets.
    pub evidence: Vec<Evidence>,
    /// Whether the caller had proven to be the App, by a secret or a
    /// signature. Anybody can cause the others who knows an API Key or a
    /// client ID.
    pub proven: bool,
}

/// One thing that a refusal rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evidence {
    pub name: String,
    /// May be long, and have line breaks in it.
    pub value: String,
}

/// An App's newest refusals, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefusalList {
    pub refusals: Vec<RefusalView>,
    /// How many are kept at most; older ones make room.
    pub kept: u32,
}
