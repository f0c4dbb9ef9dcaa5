//! Making and checking credentials.
//!
//! Storage keeps a random seed, never a secret: the secret is an HMAC of the
//! seed under a key that is derived from the deployment's master key. Neither
//! a dump of the storage nor the master key alone can act for anybody.

mod derivation_cache;
mod derived;
mod issue;
mod keyring;
mod set;
mod stored;
mod tokens;

pub use derived::Derived;
pub use issue::{draw_client_id, draw_credential, draw_root, show_credential};
pub use keyring::{Keyring, KeyringError, SEAL_CHARS, Sealed, retire};
pub use set::{Which, current_credential, replace_credential, revoke_credential, set_expiry};
pub use stored::hex;
pub use stored::{Moved, Root, Seed, StoredCredential};
pub use tokens::{TokenUse, derive_token};
