//! Accounts: names, passwords and sessions.

mod browser;
mod look;
mod name;
mod own;
mod password;
mod session;

pub use browser::{BROWSER_SECONDS, KnownBrowser};
pub use look::look_of;
pub use name::{UniqueName, find_reserved_word, normalize};
pub use own::next_developer_account;
pub use password::{hash_password, hashes_computed, verify_password};
pub use session::{
    OPERATOR_SESSION_SECONDS, OperatorSecret, STORAGE_TOKEN_SECONDS, SessionToken, TokenHash, read_storage_token,
    session_seconds, write_storage_token,
};
