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
