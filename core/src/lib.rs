//! The application: accounts, Projects, Apps, credentials and the gate.
//!
//! Decisions are plain functions over plain data, with time and randomness as
//! arguments; what touches the world goes through [`ports`]. Nothing here
//! knows Workers, so all of it runs natively in tests.

pub mod account;
pub mod app;
pub mod app_gate;
pub mod application;
mod bounded;
pub mod builtin;
pub mod consent;
pub mod credential;
mod date;
pub mod deployment;
pub mod directory;
mod format;
pub mod gate;
pub mod grant;
pub mod http;
pub mod ledger;
pub mod limit;
pub mod master_keys;
#[cfg(feature = "memory")]
pub mod memory;
pub mod oauth1;
pub mod oauth2;
pub mod office;
pub mod path;
pub mod ports;
pub mod project;
pub mod project_gate;
pub mod refusal;
mod request_id;
pub mod secret;
pub mod settings;
mod unicode;
