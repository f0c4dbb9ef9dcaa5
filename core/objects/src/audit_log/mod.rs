//! The audit log: one object for each month, which only ever appends, and one
//! more that knows the months.
//!
//! Each entry bears the hash of the one before, also across months: the log of
//! a month goes on from the end of the one before, which takes no more entries
//! from then on.

mod entry;
mod index;
mod month;
mod stored;

pub use index::AuditIndex;
pub use month::AuditMonth;

use crate::ledger::write;
use gatehouse_domain::ports::{PortError, SqlError, Value};
use serde::Serialize;

fn port_error(error: SqlError) -> PortError {
    PortError(format!("audit log: {error}"))
}

fn answer(value: &impl Serialize) -> Result<String, PortError> {
    match write(value).map_err(port_error)? {
        Value::Text(text) => Ok(text),
        _ => Err(PortError("audit log: no answer".into())),
    }
}
