//! The gate: may this request pass to the API?
//!
//! A request is refused by arithmetic where its credential was never made
//! here, else decided on the App's record: from this isolate's memory, or
//! after one read of KV. A signed request waits for its form body, and its
//! nonce is spent last.

mod answer;
mod decide;
mod flow;
mod head;
mod memory;
mod present;
mod reason;
mod token_endpoint;
mod uses;
mod verify;

pub(crate) use answer::unauthenticated;
pub use answer::{Answer, Identity, Refused, Verdict};
pub use decide::{Pass, decide};
pub use flow::Form;
pub use head::Head;
pub use memory::{AppMemory, Known};
pub use present::{Keys, Presented};
pub use reason::{Reason, Unproven, Unusable};
pub use token_endpoint::{BasicCredentials, read_basic_credentials};
pub use uses::UseLog;
pub use verify::{Nonce, Verified, verify_api_key, verify_bearer, verify_signed};

use crate::settings::Settings;
use gatehouse_shared::description::Version;
use gatehouse_shared::model::{Permission, UnixMillis};
use head::is_ambiguous;
use present::present;

/// What the gate can say without waiting.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// The path lies under no version of the API.
    NotMine,
    Decided(Verdict),
    /// Storage is needed, and the body too where it is a form that may be signed.
    Wait {
        form: bool,
    },
}

/// A decided request that may pass, with the credentials that it rests on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Admitted {
    pub pass: Pass,
    pub caller: Verified,
}

/// What [`check`] comes to.
pub(crate) enum Checked<'a> {
    NotMine,
    Refused(Refused),
    Admitted(Box<Admitted>),
    Wait(&'a Version, Presented<'a>),
}

/// Checks a request with what is in memory. Synchronous, with three borrowed
/// strings in: the whole cost of a request whose App is known.
pub(crate) fn check<'a>(
    settings: &'a Settings,
    memory: &AppMemory,
    head: &Head<'a>,
    now: UnixMillis,
    request_id: &dyn Fn() -> String,
) -> Checked<'a> {
    let path = head.path();
    let Some(version) = settings.api.version_of(path) else { return Checked::NotMine };
    let refuse = |reason, level: Option<Permission>| {
        let origin = settings.origin(head.origin());
        Checked::Refused(answer::refuse(reason, level, version, origin, &request_id()))
    };
    let presented = match present(settings, head.method, head.url, head.authorization) {
        Ok(presented) => presented,
        Err(unproven) => return refuse(unproven.into(), None),
    };
    if is_ambiguous(path) {
        return refuse(Reason::AmbiguousPath, None);
    }
    let Presented::Bearer { public, secret } = presented else { return Checked::Wait(version, presented) };
    let app = match memory.find(public.app_id, now, settings.memory_seconds) {
        Known::Unknown => return Checked::Wait(version, Presented::Bearer { public, secret }),
        Known::Absent => return refuse(Unproven::Token(Unusable::UnknownApp).into(), None),
        Known::Record(app) => app,
    };
    let caller = match verify_bearer(settings, &public, secret, app, now.seconds()) {
        Ok(caller) => caller,
        Err(unproven) => return refuse(unproven.into(), None),
    };
    match decide(version, head.method, path, &caller, app) {
        Ok(pass) => Checked::Admitted(Box::new(Admitted { pass, caller })),
        Err(reason) => refuse(reason, Some(caller.shown_level())),
    }
}
