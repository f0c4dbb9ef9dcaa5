//! Pure data and rules that the portal and the Worker share.
//!
//! Nothing here does I/O, reads a clock or draws randomness: time and random
//! bytes are arguments. That is what lets the same rule run while a developer
//! types and again when the request arrives.

pub mod api;
pub mod credential;
pub mod description;
pub mod model;
#[cfg(feature = "oauth1")]
pub mod oauth1;
pub mod own_paths;
pub mod page;
pub mod problem;
pub mod validate;
