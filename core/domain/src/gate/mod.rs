//! The gate's rules: who calls, and may the request pass to the API?
//!
//! A credential that was never made here is refused by arithmetic
//! ([`present`]). The others are verified against the App's record
//! ([`verify_bearer`] and its siblings), and [`decide`] applies the route's rule.
//! Each refusal is a [`Reason`]; [`refuse`] says it in the form of the version,
//! [`explain`] to the App's owner.

mod answer;
mod challenge;
mod decide;
mod form;
mod notice;
mod present;
mod reason;
mod refusal_text;
mod refuse;
mod verdict;
mod verify;

pub use answer::Answer;
pub use challenge::Asked;
pub use decide::{Pass, decide};
pub use form::codes::unauthenticated;
pub use form::problem::plain_problem;
pub use notice::{UpstreamFailure, page_not_allowed, passes_now, upstream_failure};
pub use present::{Keys, NamedKeys, Presented, Signed, present, user_token, verify_app_tag, verify_tag};
pub use reason::{Reason, Unproven, Unusable};
pub use refusal_text::{RefusalText, explain};
pub use refuse::{Denial, Refused, refuse};
pub use verdict::Verdict;
pub use verify::{
    Nonce, NonceDigest, SignedByApp, Signing, Used, Verified, verify_api_key, verify_bearer, verify_client_secret,
    verify_user_token,
};
