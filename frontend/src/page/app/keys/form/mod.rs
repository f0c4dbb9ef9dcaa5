//! The forms of the dialog for credentials.

mod expiry;
mod expiry_choice;
mod regenerate;
mod revoke;

pub use expiry::ExpiryForm;
pub use regenerate::RegenerateForm;
pub use revoke::{EndOverlapForm, RevokeForm};

use super::credential_dialog::CredentialDialog;
use super::text;
