//! The secrets of deployments: drawing them, and keeping them at Cloudflare or on this machine.
//!
//! Commands use this folder. It uses no command.

mod cloudflare;
mod local;
mod master_key;
mod operator;
mod private_file;
mod random;

pub use cloudflare::{MASTER_KEYS, NEEDED, NewSecrets, OPERATOR_PASSWORD, check_is_new};
pub use local::LocalSecrets;
pub use master_key::{new_master_key, retired_entry};
pub use operator::operator_password;
pub use private_file::write_private;
pub use random::random_alphanumerics;
