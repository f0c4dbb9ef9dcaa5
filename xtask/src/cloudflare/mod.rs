//! The account at Cloudflare, over its API: what is there, and what is made or removed beside the uploads, which are
//! wrangler's.

mod api;
mod kv;
mod preview;
mod worker;

pub use api::{Account, ApiError};
pub use kv::Namespace;
pub use preview::Preview;
pub use worker::WorkerState;

/// Has wrangler ask nothing of the network nor of the person.
pub fn wrangler_environment() -> [(&'static str, &'static str); 5] {
    [
        ("CI", "1"),
        ("CLOUDFLARE_CF_FETCH_ENABLED", "false"),
        ("WRANGLER_HIDE_BANNER", "true"),
        ("WRANGLER_SEND_ERROR_REPORTS", "false"),
        ("WRANGLER_SEND_METRICS", "false"),
    ]
}
