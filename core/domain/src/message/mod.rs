//! The messages that objects answer. Whoever sends one knows these types, and
//! nothing of the object behind them.

pub mod account_index;
pub mod app_traffic;
pub mod ledger;
pub mod name_registry;
pub mod project_quota;
