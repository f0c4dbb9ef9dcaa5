//! The messages that objects are sent, and their answers.

pub mod account;
pub mod account_index;
pub mod activity;
pub mod app_traffic;
pub mod audit_log;
pub mod credential;
pub mod developer_account;
pub mod name_registry;
pub mod outcome;
pub mod project_quota;
pub mod storage;
