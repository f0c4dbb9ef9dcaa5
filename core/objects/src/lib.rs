//! What each Durable Object keeps and does.

pub mod account;
pub mod account_index;
pub mod app_traffic;
pub mod audit_log;
pub mod developer_account;
mod ledger;
pub mod name_registry;
pub mod project_quota;
mod storage;

pub use ledger::{Publication, TOMBSTONE_SECONDS};
