//! Plain data and plain functions: the rules of accounts, Apps, credentials,
//! grants and limits, the gate's decision, the messages that objects
//! exchange, and the ports through which the other crates reach the platform.
//!
//! Time and randomness are arguments. Nothing here waits.

pub mod account;
pub mod app;
pub mod application;
pub mod audit;
pub mod bounded;
pub mod consent;
pub mod credential;
pub mod date;
pub mod format;
pub mod gate;
pub mod grant;
pub mod invitation;
pub mod limit;
pub mod message;
pub mod metrics;
pub mod oauth1;
pub mod oauth2;
pub mod operator;
pub mod path;
pub mod portal_error;
pub mod ports;
pub mod progress;
pub mod project;
pub mod request;
pub mod secret;
pub mod settings;
mod unicode;
pub mod upstream;
