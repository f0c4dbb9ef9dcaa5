//! What the API behind the gate is told: who calls, signed with a key that
//! only the two of them have (RFC 9421).

mod identity;
mod key;

pub use identity::Identity;
pub use key::UpstreamKey;
