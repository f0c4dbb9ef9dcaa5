//! The client of the portal API: one method an operation, named as in the table of routes.

mod calls;
mod client;
mod failure;

pub use client::{Client, use_client};
pub use failure::Failure;
