//! Accounts: names, passwords and sessions.

mod browser;
mod name;
mod password;
mod session;

pub use browser::{BROWSER_SECONDS, KnownBrowser};
pub use name::{UniqueName, find_reserved_word, normalize};
pub use password::{hash_password, hashes_computed, verify_password};
pub use session::{OperatorSecret, SessionToken, TokenHash, session_seconds};
