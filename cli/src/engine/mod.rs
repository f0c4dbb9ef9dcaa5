//! The engine: workerd with a configuration of ours, as a child of this process.

pub mod config;
pub mod services;
mod socket;
mod workerd;

pub use socket::Listener;
pub use workerd::{Ended, Workerd, workerd_of_npm};
