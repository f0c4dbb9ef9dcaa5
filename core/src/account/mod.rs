//! Accounts: names, passwords and sessions.

mod name;
mod password;
mod session;

pub use name::{UniqueName, find_reserved_word, normalize};
pub use password::{hash_password, verify_password, waste_time};
pub use session::{SESSION_SECONDS, SessionToken, TokenHash};
