//! What each Durable Object keeps and does: its tables, and its answers to
//! the messages of [`gatehouse_domain::message`].
//!
//! Objects know each other's messages only.

pub mod account_index;
pub mod app_traffic;
pub mod ledger;
pub mod name_registry;
pub mod project_quota;
