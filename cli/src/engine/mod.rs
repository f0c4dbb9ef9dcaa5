//! The engine: workerd with a configuration of ours, as a child of this process.

mod child;
pub mod config;
pub mod services;
mod socket;
mod workerd;

pub use child::wait_until_it_answers;
pub use socket::Listener;
pub use workerd::{Workerd, workerd_of_npm};
