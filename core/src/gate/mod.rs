//! The gate: may this request pass to the API?
//!
//! A request is refused by arithmetic where its credential was never made
//! here, else decided on the App's record: from this isolate's memory, or
//! after one read of KV. A signed request waits for its form body where it
//! may have one, and its nonce is spent last.

mod admit;
mod answer;
mod browser;
mod challenge;
mod decide;
mod flow;
mod forward_auth;
mod head;
mod identity;
mod memory;
mod nonces;
mod noted;
mod present;
mod reason;
mod refusals;
mod standing;
mod token_endpoint;
mod upstream_key;
mod uses;
mod verify;
mod way;
mod why;

pub(crate) use answer::unauthenticated;
pub use answer::{Answer, Refused, UpstreamFailure, Verdict};
pub use browser::{Browsing, Page};
pub use decide::{Pass, decide};
pub use flow::{Form, LARGEST_FORM, LARGEST_UNKNOWN_FORM};
pub use forward_auth::{OF_A_QUESTION, Outer, OuterError, outer_headers, read_outer};
pub use head::Head;
pub use identity::Identity;
pub use memory::{AppMemory, GoneMemory, GrantMemory, Known, Memory, Record};
pub use nonces::{Kept, NonceDigest, NonceMemory};
pub(crate) use noted::Noted;
pub use present::{Keys, Presented, Signed, user_token};
pub(crate) use present::{made, made_name};
pub use reason::{Reason, Unproven, Unusable};
pub use refusals::RefusalLog;
pub use standing::Standing;
pub(crate) use token_endpoint::read_basic;
pub use token_endpoint::{BasicCredentials, read_basic_credentials};
pub use upstream_key::UpstreamKey;
pub use uses::UseLog;
pub use verify::{
    Nonce, SignedByApp, Signing, Used, Verified, verify_api_key, verify_bearer, verify_client_secret, verify_user_token,
};
pub use way::Way;
pub(crate) use why::{Why, explain};

use crate::limit::Admission;
use crate::path::{is_own, leads_elsewhere};
use crate::settings::Settings;
use answer::Stopped;
use challenge::Asked;
use gatehouse_shared::description::Version;
use gatehouse_shared::model::UnixMillis;
use present::present;

/// What the gate can say without waiting.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// The path lies under no version of the API.
    NotMine,
    Decided(Verdict),
    /// It may pass once its nonce is recorded: ask [`crate::deployment::Deployment::spend_and_pass`].
    Spend(Box<Admitted>, Admission),
    /// Storage is needed, and the body too where it is a form that may be
    /// signed: up to so many bytes of it.
    Wait {
        form: Option<usize>,
    },
}

/// A decided request that may pass, with the credentials that it rests on.
#[derive(Debug, PartialEq, Eq)]
pub struct Admitted {
    pub(crate) pass: Pass,
    pub(crate) caller: Verified,
}

/// What [`check`] comes to.
pub(crate) enum Checked<'a> {
    NotMine,
    Refused(Refused),
    Admitted(&'a Version, Box<Admitted>),
    Wait(&'a Version, Presented<'a>),
}

/// What an isolate remembers.
pub(crate) struct Memories<'a> {
    pub apps: &'a AppMemory,
    pub grants: &'a GrantMemory,
}

/// Checks a request with what is in memory. Synchronous, with three borrowed
/// strings in: the whole cost of a request whose App is known.
pub(crate) fn check<'a>(
    settings: &'a Settings,
    memories: &Memories<'_>,
    head: &Head<'a>,
    now: UnixMillis,
    request_id: &dyn Fn() -> String,
) -> Checked<'a> {
    let path = head.path();
    let Some(version) = settings.api.version_of(path) else { return Checked::NotMine };
    if is_own(path) {
        return Checked::NotMine;
    }
    let refuse = |stopped: Stopped| {
        let asked = Asked { version, head, origin: settings.origin(head.origin()), now: now.seconds() };
        Checked::Refused(answer::refuse(stopped, &asked, &request_id()))
    };
    let presented = match present(settings, head) {
        Ok(presented) => presented,
        Err(unproven) => return refuse(unproven.into()),
    };
    if leads_elsewhere(path) {
        return refuse(Reason::AmbiguousPath.into());
    }
    let app_id = match &presented {
        Presented::Bearer { public, .. } => public.app_id,
        Presented::User(token) => token.public.app_id,
        Presented::Signed(signed) => signed.keys.key.app_id,
        Presented::InBody { .. } => return Checked::Wait(version, presented),
    };
    let app = match memories.apps.find(app_id, now, settings.memory_seconds) {
        Known::Unknown => return Checked::Wait(version, presented),
        Known::Absent => {
            let what = if matches!(presented, Presented::Signed(_)) { Unproven::Key } else { Unproven::Token };
            return refuse(Stopped::from(what(Unusable::UnknownApp)).of(app_id));
        }
        Known::Record(app) => app,
    };
    let grant_of = |user| match memories.grants.find((app_id, user), now, settings.memory_seconds) {
        Known::Record(grant) => Some(grant),
        Known::Unknown | Known::Absent => None,
    };
    let verified = match &presented {
        Presented::Bearer { public, secret } => {
            match verify_bearer(settings, public, secret, app, now.seconds()) {
                // It may be too young to be known here.
                Err(Unproven::Token(Unusable::Replaced)) => return Checked::Wait(version, presented),
                verified => verified,
            }
        }
        Presented::User(token) => match verify_user_token(settings, token, grant_of(token.user), now.seconds()) {
            Err(Unproven::Token(Unusable::Replaced)) => return Checked::Wait(version, presented),
            verified => verified,
        },
        Presented::Signed(signed) => {
            let Some((user, token)) = signed.keys.token else {
                return refuse(Stopped::from(Unproven::NoToken).of(app_id));
            };
            let is_owner = memories.apps.owner(app_id) == Some(user);
            let grant = if is_owner { None } else { grant_of(user) };
            let (received, request, key) = (&head.received(None), &signed.request, signed.keys.key);
            let now = now.seconds();
            let signing = Signing { settings, received, request, key, app, arrived_at: now, now };
            match signing.verify_for_user((user, token), is_owner, grant) {
                Err(Unproven::Key(Unusable::Replaced) | Unproven::Token(Unusable::Replaced)) => {
                    return Checked::Wait(version, presented);
                }
                verified => verified,
            }
        }
        Presented::InBody { .. } => return Checked::Wait(version, presented),
    };
    let caller = match verified {
        Ok(caller) => caller,
        Err(unproven) => return refuse(Stopped::from(unproven).of(app_id)),
    };
    match decide(version, head.method, path, &caller, app) {
        Ok(pass) => Checked::Admitted(version, Box::new(Admitted { pass, caller })),
        Err(reason) => refuse(Stopped { reason, app_id: Some(app_id), level: Some(caller.shown_level()) }),
    }
}
