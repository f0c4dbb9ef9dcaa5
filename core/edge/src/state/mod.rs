//! What one isolate remembers: plain data, each bounded, none of it shared
//! with other isolates.

mod failed_sign_ins;
mod leases;
mod nonces;
mod probe;
mod records;
mod refusals;
mod request_id;
mod uses;

pub use failed_sign_ins::FailedSignIns;
pub use leases::{Admission, LeaseDecision, Leases, Terms};
pub use nonces::{LocalNonceOutcome, NonceMemory};
pub use probe::{Probe, ProbeStep};
pub use records::{AppMemory, GoneMemory, GrantMemory, Lookup, Memory, Record};
pub use refusals::RefusalLog;
pub use request_id::RequestIds;
pub use uses::UseLog;
