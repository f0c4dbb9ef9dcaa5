//! The secrets of deployments: drawing them, and keeping them on this machine.
//!
//! Commands use this folder. It uses no command.

mod local;
mod master_key;
mod operator;
mod private_file;
mod random;

pub use local::LocalSecrets;
pub use master_key::{new_master_key, retired_entry};
pub use operator::operator_password;
pub use private_file::write_private;
pub use random::random_alphanumerics;
