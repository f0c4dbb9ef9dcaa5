//! The messages that objects answer. Whoever sends one knows these types, and
//! nothing of the object behind them.

pub mod app_traffic;
pub mod directory;
pub mod ledger;
pub mod office;
pub mod project_quota;
