//! The client of the portal API. Each operation is a method with the name from the table of routes. Only this module
//! uses gloo-net.

mod calls;
mod client;
mod failure;

pub use client::{Client, use_client};
pub use failure::Failure;
