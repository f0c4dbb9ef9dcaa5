//! Making and checking credentials.
//!
//! Storage keeps a random seed, never a secret: the secret is an HMAC of the
//! seed under a key that is derived from the deployment's master key. Neither
//! a dump of the storage nor the master key alone can act for anybody.

mod issue;
mod keyring;
mod stored;

pub use issue::{hint, issue_api_key, issue_bearer_token, write_bearer_token};
pub use keyring::{Derived, Keyring, KeyringError};
pub(crate) use stored::hex;
pub use stored::{Seed, StoredCredential};
