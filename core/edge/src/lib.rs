//! What one isolate does: it checks requests, from what it remembers or after
//! reading storage, and it answers the portal's and the protocols' endpoints.

mod admission;
mod after_answer;
mod builtin;
pub mod check;
pub mod http;
pub mod isolate;
pub mod state;
