//! The gate: may this request pass to the API?
//!
//! A request is refused by arithmetic where its credential was never made
//! here, else decided on the App's record: from this isolate's memory, or
//! after one read of KV.

mod answer;
mod bearer;
mod decide;
mod head;
mod memory;
mod token_endpoint;

pub use answer::{Answer, Identity, Verdict};
pub use bearer::{Presented, Reason};
pub use decide::decide;
pub use head::Head;
pub use memory::{AppMemory, Known};
pub use token_endpoint::{TokenRefusal, TokenRequest, find_bearer_token, read_token_request};

use crate::settings::Settings;
use bearer::present;
use gatehouse_shared::model::{AppId, UnixMillis};
use head::is_ambiguous;

/// What the gate can say without reading storage.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// The path lies under no version of the API.
    NotMine,
    Decided(Verdict),
    /// The record of this App is needed.
    Read(AppId),
}

/// Decides a request with what is in memory. Synchronous, with three borrowed
/// strings in: the whole cost of a request whose App is known.
pub fn check(
    settings: &Settings,
    memory: &AppMemory,
    head: &Head<'_>,
    now: UnixMillis,
    request_id: &dyn Fn() -> String,
) -> Step {
    let find = |app_id| memory.find(app_id, now, settings.memory_seconds);
    run(settings, head, &find, request_id)
}

/// Decides a request on the newest record met, right after it was read.
pub fn check_after_read(
    settings: &Settings,
    memory: &AppMemory,
    head: &Head<'_>,
    request_id: &dyn Fn() -> String,
) -> Step {
    let find = |app_id| memory.newest(app_id).map_or(Known::Absent, Known::Record);
    run(settings, head, &find, request_id)
}

/// The answer to a request that could not be decided.
pub fn storage_failed(settings: &Settings, head: &Head<'_>, request_id: &str) -> Step {
    match settings.api.version_of(head.path()) {
        None => Step::NotMine,
        Some(version) => Step::Decided(Verdict::Refuse(answer::refuse(
            &Reason::StorageFailed,
            version,
            settings.origin(head.origin()),
            request_id,
        ))),
    }
}

fn run<'m>(
    settings: &Settings,
    head: &Head<'_>,
    find: &dyn Fn(AppId) -> Known<'m>,
    request_id: &dyn Fn() -> String,
) -> Step {
    let path = head.path();
    let Some(version) = settings.api.version_of(path) else { return Step::NotMine };
    let decided = present(settings, head.authorization).and_then(|presented| {
        if is_ambiguous(path) {
            return Err(Reason::AmbiguousPath);
        }
        let app_id = presented.public.app_id;
        match find(app_id) {
            Known::Unknown => Ok(Err(app_id)),
            Known::Absent => Err(Reason::UnknownApp),
            Known::Record(app) => decide(settings, version, head.method, path, &presented, app).map(Ok),
        }
    });
    match decided {
        Ok(Ok(identity)) => Step::Decided(Verdict::Forward(Identity { request_id: request_id(), ..identity })),
        Ok(Err(app_id)) => Step::Read(app_id),
        Err(reason) => Step::Decided(Verdict::Refuse(answer::refuse(
            &reason,
            version,
            settings.origin(head.origin()),
            &request_id(),
        ))),
    }
}
