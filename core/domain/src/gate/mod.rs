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
mod present;
mod reason;
mod refusal_text;
mod verify;

pub use answer::{
    Answer, Denial, Refused, UpstreamFailure, Verdict, page_not_allowed, passes_now, plain_problem, refuse,
    unauthenticated, upstream_failure,
};
pub use challenge::Asked;
pub use decide::{Pass, decide};
pub use present::{Keys, NamedKeys, Presented, Signed, present, user_token, verify_app_tag, verify_tag};
pub use reason::{Reason, Unproven, Unusable};
pub use refusal_text::{RefusalText, explain};
pub use verify::{
    Nonce, NonceDigest, SignedByApp, Signing, Used, Verified, verify_api_key, verify_bearer, verify_client_secret,
    verify_user_token,
};
